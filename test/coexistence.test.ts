import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { DaemonTls, DindCache, DindCacheChart } from '../src';
import { addresses, cacheProps, identities, Manifest, manifestOf, manifestsBelow, newChart } from './fixtures';
import { CLUSTER_SCOPED, MAKERS } from './support/constructs';

/** Labels of the pods of each workload, by the workload. */
function podLabels(manifests: Manifest[]): Map<string, Manifest> {
  const templates = manifests.map(({ kind, metadata, spec }) => [`${kind} ${metadata.name}`, (spec?.jobTemplate?.spec ?? spec)?.template?.metadata.labels]);
  return new Map(templates.filter(([, labels]) => labels) as [string, Manifest][]);
}

/** The workloads whose pods a selector selects. */
function selected(manifests: Manifest[], selector: Manifest): string[] {
  const matching = [...podLabels(manifests)].filter(([, labels]) => Object.entries(selector).every(([key, value]) => labels[key] === value));
  return matching.map(([workload]) => workload);
}

describe('two caches', () => {
  test.each([['a', 'b'], ['docker', 'docker-data'], ['docker', 'docker-prune']])('in one chart, named %s and %s, share no object and no pod', (...names) => {
    const chart = newChart();
    const caches = names.map(name => new DindCache(chart, name, cacheProps()));
    const manifests = manifestsBelow(chart);

    expect(new Set(addresses(manifests)).size).toBe(manifests.length);
    caches.forEach(({ name, deployment, service, accessPolicy }) => {
      const selectors = [
        manifestOf(deployment).spec.selector.matchLabels, manifestOf(service).spec.selector, manifestOf(accessPolicy).spec.podSelector.matchLabels,
      ];
      selectors.forEach(selector => expect(selected(manifests, selector)).toEqual([`Deployment ${name}`]));
      const prune = manifestOf(accessPolicy).spec.ingress[0].from[1].podSelector.matchLabels;
      expect(selected(manifests, prune)).toEqual([`CronJob ${name}-prune`]);
    });
  });

  test('in two charts of one namespace share no object', () => {
    const app = new App({ outdir: '/nonexistent' });
    ['a', 'b'].forEach(id => new DindCacheChart(app, id, { ...cacheProps(), namespace: 'ci' }));

    const objects = addresses(manifestsBelow(app));
    expect(new Set(objects).size).toBe(objects.length);
  });

  test('of one name in two namespaces differ in the names of their cluster-scoped objects, and of the Job whose template names the namespace', () => {
    const caches = ['one', 'two'].map(namespace => new DindCache(newChart({ namespace }), 'docker', cacheProps()));
    const inOwnNamespace = ({ metadata }: Manifest): boolean => metadata.namespace !== 'gitlab-runner';
    const [one, two] = caches.map(cache => identities(manifestsBelow(cache).filter(inOwnNamespace)));

    const job: unknown = expect.stringMatching(/^Job docker-tls-[0-9a-f]{10}$/);
    expect(one.filter(name => !two.includes(name))).toEqual(['StorageClass one-docker', 'PersistentVolume one-docker', job]);
    expect(two.filter(name => !one.includes(name))).toEqual(['StorageClass two-docker', 'PersistentVolume two-docker', job]);
  });
});

describe('two caches of one name that serve one client namespace', () => {
  /** The objects that a cache in the namespace has among its clients. */
  function amongClients(namespace: string, clientSecretName?: string): string[] {
    const cache = new DindCache(newChart({ namespace }), 'docker', cacheProps({ tls: DaemonTls.selfIssued({ clientSecretName }) }));
    return identities(manifestsBelow(cache).filter(({ metadata }) => metadata.namespace === 'gitlab-runner'));
  }

  test('differ there in all but the Secret, whose name their jobs know', () => {
    expect(amongClients('one')).toEqual(['Secret docker-client-tls', 'Role one-docker-tls', 'RoleBinding one-docker-tls']);
    expect(amongClients('two')).toEqual(['Secret docker-client-tls', 'Role two-docker-tls', 'RoleBinding two-docker-tls']);
  });

  test('share nothing there when one of them names its Secret', () => {
    const one = amongClients('one');

    expect(amongClients('two', 'docker-two').filter(name => one.includes(name))).toEqual([]);
  });
});

describe('moving a construct in the tree changes nothing of its object', () => {
  test.each(Object.keys(MAKERS))('%s', name => {
    const here = newChart();
    const there = new Chart(new App({ outdir: '/nonexistent' }), 'quite-another-chart', { namespace: 'ci' });
    const deeper = new Construct(new Construct(there, 'group'), 'subgroup');

    expect(manifestsBelow(MAKERS[name](deeper, 'made'))).toEqual(manifestsBelow(MAKERS[name](here, 'made')));
  });
});

describe('no cluster-scoped object carries a namespace, and every other one does', () => {
  test.each(Object.keys(MAKERS))('below a %s', name => {
    const kinds = ['Namespace', 'PersistentVolume', 'StorageClass'];
    const manifests = manifestsBelow(MAKERS[name](newChart(), 'made'));

    const namespaces = (kind: string): unknown[] => (kinds.includes(kind) ? [undefined] : ['ci', 'gitlab-runner']);
    manifests.forEach(({ kind, metadata }) => expect(namespaces(kind)).toContain(metadata.namespace));
    expect(manifests.some(({ kind }) => kinds.includes(kind))).toBe([...CLUSTER_SCOPED, 'CacheStorage', 'DindCache', 'DindCacheChart'].includes(name));
  });
});
