import { Chart } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-27';
import { CacheClient, DaemonTls, DindCache, DindCacheProps, DindEndpoint } from '../../src';
import { connectContainers } from '../../src/private/connection';
import { cacheProps, Manifest, manifestOf, mutualTls, newChart, podSpecOf } from '../fixtures';

interface Connection {
  readonly workload: Deployment;
  readonly cache: DindCache;
}

function twoContainers(chart: Chart): Deployment {
  return new Deployment(chart, 'builder', { containers: [{ image: 'a' }, { image: 'b', name: 'second' }] });
}

/** A Deployment of a chart in the namespace, connected to a cache in the namespace ci. */
function connected(namespace: string | undefined, props: Partial<DindCacheProps> = {}): Connection {
  const cache = new DindCache(newChart(), 'docker', cacheProps(props));
  const workload = twoContainers(new Chart(cache.node.root, 'other', { namespace }));
  cache.connect(workload);
  return { workload, cache };
}

describe('a workload that is connected', () => {
  test("gets the environment and the client's certificate in each of its containers", () => {
    const { workload, cache: { endpoint } } = connected('ci');
    const { containers, volumes } = podSpecOf(workload);

    expect(containers).toHaveLength(2);
    containers.forEach(({ env, volumeMounts }) => {
      expect(env).toEqual(Object.entries(endpoint.environment).map(([name, value]) => ({ name, value })));
      expect(volumeMounts).toEqual([{ name: 'docker-client-tls', mountPath: '/certs/client', readOnly: true }]);
    });
    expect(volumes).toEqual([{
      name: 'docker-client-tls',
      secret: {
        secretName: endpoint.clientSecretName, defaultMode: 0o444, items: ['ca.pem', 'cert.pem', 'key.pem'].map(file => ({ key: file, path: file })),
      },
    }]);
  });

  test('mounts nothing where the daemon listens without TLS', () => {
    const { workload, cache: { endpoint } } = connected('ci', { tls: DaemonTls.plaintext() });
    const { containers, volumes } = podSpecOf(workload);

    expect(volumes).toBeUndefined();
    containers.forEach(({ env, volumeMounts }) => {
      expect(env.map(({ name }) => name as string)).toEqual(Object.keys(endpoint.environment));
      expect(volumeMounts).toBeUndefined();
    });
  });

  test('mounts every key of a Secret whose keys are not told', () => {
    const workload = twoContainers(newChart());
    const endpoint: DindEndpoint = {
      host: 'docker', port: 2376, dockerHost: 'tcp://docker:2376', environment: {}, clientScript: '', clientSecretName: 'tls', certificateMountPath: '/tls',
    };

    connectContainers(workload, 'docker', endpoint);

    expect(podSpecOf(workload).volumes[0].secret).toEqual({ secretName: 'tls', defaultMode: 0o444, items: [] });
  });

  test.each([['gitlab-runner', 'gitlab-runner'], ['ci', 'ci'], [undefined, 'ci']])("of a chart with the namespace %s is let in from %s, by its pods' labels", (namespace, expected) => {
    const { workload, cache: { accessPolicy } } = connected(namespace);

    const peer: Manifest = manifestOf(accessPolicy).spec.ingress[0].from[1];
    expect(peer.namespaceSelector.matchLabels).toEqual({ 'kubernetes.io/metadata.name': expected });
    expect(Object.keys(peer.podSelector.matchLabels)).toHaveLength(1);
    expect(manifestOf(workload).spec.template.metadata.labels).toMatchObject(peer.podSelector.matchLabels);
  });

  test('must be where a certificate is, if certificates are issued', () => {
    expect(() => connected('previews')).toThrow(new Error(
      "'workload' must be in the namespace of the cache or of a client, got 'previews'; "
      + "add CacheClient.inNamespace('previews') to 'clients', so that it gets a certificate",
    ));
    expect(() => connected('previews', { clients: [CacheClient.inNamespace('previews')] })).not.toThrow();
    expect(() => connected('previews', { tls: mutualTls() })).not.toThrow();
  });
});
