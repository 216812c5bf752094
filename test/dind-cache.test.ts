import { Chart, Size, Testing } from 'cdk8s';
import { Cpu, Deployment } from 'cdk8s-plus-27';
import { parse } from 'yaml';
import { CacheVolume, DaemonConfig, DaemonTls, DindCache, DindCacheProps, DockerImages, PrunePolicy } from '../src';
import { cacheProps, containerOf, identities, localVolume, Manifest, manifestOf, manifestsBelow, newChart, podSpecOf } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

function cache(props: Partial<DindCacheProps> = {}, id = 'docker'): DindCache {
  return new DindCache(newChart(), id, cacheProps(props));
}

describe('a cache', () => {
  test('is these objects, with names that can be predicted', () => {
    const chart = newChart();
    new DindCache(chart, 'docker', cacheProps());

    expect(identities(Testing.synth(chart))).toEqual([
      'StorageClass ci-docker', 'PersistentVolume ci-docker', 'PersistentVolumeClaim docker-data', expect.stringMatching(/^Job docker-directory-[0-9a-f]{10}$/),
      'ConfigMap docker-config', 'Deployment docker', 'Service docker', 'NetworkPolicy docker-clients', 'CronJob docker-prune',
    ]);
  });

  test('wires its parts to each other', () => {
    const { storage, config, deployment, service, accessPolicy, pruneJob } = cache();
    const daemon = podSpecOf(deployment);
    const { template } = manifestOf(deployment).spec;

    expect(daemon.volumes).toContainEqual({ name: 'data', persistentVolumeClaim: { claimName: storage.claimName } });
    expect(template.metadata.annotations['dind-cache/config-digest']).toBe(config.digest);
    expect(template.metadata.labels).toMatchObject(manifestOf(service).spec.selector);
    expect(template.metadata.labels).toMatchObject(manifestOf(accessPolicy).spec.podSelector.matchLabels);
    expect(daemon.containers[0].ports[0].containerPort).toBe(manifestOf(accessPolicy).spec.ingress[0].ports[0].port);
    expect(containerOf(pruneJob).env).toContainEqual({ name: 'DOCKER_HOST', value: service.endpoint.dockerHost });
  });

  test('passes every choice on to the parts that it concerns', () => {
    const { deployment, pruneJob, config, storage } = cache({
      images: DockerImages.official({ version: '27.5.1', registryPrefix: 'example.com' }),
      daemonConfig: DaemonConfig.of({ mtu: 1400 }),
      prune: PrunePolicy.leftovers({ timeZone: 'Europe/Berlin' }),
      resources: { cpu: { request: Cpu.units(8) } },
      priorityClassName: 'high',
      podLabels: { team: 'web' },
      podAnnotations: { note: 'x' },
    });

    expect([deployment, pruneJob, storage.directoryJob!].map(part => containerOf(part).image))
      .toEqual(['example.com/docker:27.5.1-dind', 'example.com/docker:27.5.1-cli', 'example.com/busybox:1.37.0']);
    expect(JSON.parse(manifestOf(config).data['daemon.json']).mtu).toBe(1400);
    expect(manifestOf(pruneJob).spec.timeZone).toBe('Europe/Berlin');
    expect(containerOf(deployment).resources).toEqual({ requests: { cpu: '8' } });
    expect(podSpecOf(deployment).priorityClassName).toBe('high');
    expect(manifestOf(deployment).spec.template.metadata).toMatchObject({ labels: { team: 'web' }, annotations: { note: 'x' } });
  });

  test('puts its labels and annotations on every object, and on no pod', () => {
    const made = manifestsBelow(cache({ labels: { team: 'web' }, annotations: { note: 'x' } }));

    made.forEach(({ metadata }) => expect(metadata).toMatchObject({ labels: { team: 'web' }, annotations: { note: 'x' } }));
    expect(JSON.stringify(made.map(({ spec }) => spec))).not.toMatch(/"team"|"note"/);
  });

  test('makes the daemon wait for its disk where a mount point is required', () => {
    const { deployment, storage } = cache({ volume: CacheVolume.local(localVolume({ requireMountPoint: true })) });

    expect(containerOf(deployment).env).toContainEqual({ name: 'REQUIRE_MOUNT_POINT', value: '/var/lib/docker' });
    expect(storage.directoryJob).toBeUndefined();
  });

  test('has parts that stand where other constructs can find them', () => {
    const { node, storage } = cache();

    expect(node.children.map(child => child.node.id)).toEqual(['Storage', 'Config', 'Deployment', 'Service', 'AccessPolicy', 'Prune']);
    expect(storage.node.children.map(child => child.node.id)).toEqual(['StorageClass', 'PersistentVolume', 'Claim', 'Directory']);
  });

  test('has the endpoint of its Service and gives a job for it', () => {
    const made = cache();

    expect(made.endpoint).toBe(made.service.endpoint);
    expect(parse(made.gitlabCi({ jobName: 'build' }).toYaml()).build).toMatchObject({ image: made.images.client, variables: made.endpoint.environment });
  });

  const label = "must consist of lower-case letters, digits and '-', and begin and end with a letter or digit";
  test.each([
    ['Docker', `'name' ${label}, got 'Docker'`],
    ['docker.dind', `'name' ${label}, got 'docker.dind'`],
    ['d'.repeat(41), `'name' must have at most 40 characters, got '${'d'.repeat(41)}'`],
    ['1docker', "'name' must begin with a letter, as the names of Services do, got '1docker'"],
  ])('cannot be named %s', (name, message) => {
    expect(() => cache({ name })).toThrow(new Error(message));
  });

  test('of the longest name gives names that are short enough', () => {
    const longest = cache({}, 'd'.repeat(40));

    expect(longest.pruneJob.name.length).toBeLessThanOrEqual(52);
    expect(longest.storage.directoryJob!.name.length).toBeLessThanOrEqual(63);
  });

  test('needs somebody to serve', () => {
    expect(() => cache({ clients: [] })).toThrow("'clients' must not be empty");
  });
});

describe('a workload that is connected', () => {
  interface Connection {
    readonly workload: Deployment;
    readonly cache: DindCache;
  }

  /** A Deployment of a chart in the namespace, connected to a cache in the namespace ci. */
  function connected(namespace: string | undefined, props: Partial<DindCacheProps> = {}): Connection {
    const made = cache(props);
    const workload = new Deployment(new Chart(made.node.root, 'other', { namespace }), 'builder', { containers: [{ image: 'a' }, { image: 'b', name: 'second' }] });
    made.connect(workload);
    return { workload, cache: made };
  }

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
        secretName: 'client-tls', defaultMode: 0o444, items: ['ca.pem', 'cert.pem', 'key.pem'].map(file => ({ key: file, path: file })),
      },
    }]);
  });

  test('mounts nothing where the daemon listens without TLS', () => {
    const { workload } = connected('ci', { tls: DaemonTls.plaintext() });
    const { containers, volumes } = podSpecOf(workload);

    expect(volumes).toBeUndefined();
    containers.forEach(({ env, volumeMounts }) => {
      expect(env.map(({ name }) => name)).toEqual(['DOCKER_HOST', 'DOCKER_BUILDKIT']);
      expect(volumeMounts).toBeUndefined();
    });
  });

  test.each([['previews', 'previews'], ['ci', 'ci'], [undefined, 'ci']])("of a chart with the namespace %s is let in from %s, by its pods' labels", (namespace, expected) => {
    const { workload, cache: { accessPolicy } } = connected(namespace);

    const peer: Manifest = manifestOf(accessPolicy).spec.ingress[0].from[1];
    expect(peer.namespaceSelector.matchLabels).toEqual({ 'kubernetes.io/metadata.name': expected });
    expect(Object.keys(peer.podSelector.matchLabels)).toHaveLength(1);
    expect(manifestOf(workload).spec.template.metadata.labels).toMatchObject(peer.podSelector.matchLabels);
  });
});

describeDefaults('DindCacheProps', [
  ['name', "- the construct's id", () => expect(cache({}, 'builds').name).toBe('builds')],
  ['images', 'DockerImages.official()', () => expect(cache().images).toEqual(DockerImages.official())],
  ['daemonConfig', 'DaemonConfig.of()', () => {
    expect(manifestOf(cache().config)).toEqual(manifestOf(cache({ daemonConfig: DaemonConfig.of() }).config));
  }],
  ['prune', 'PrunePolicy.leftovers()', () => expect(manifestOf(cache().pruneJob)).toEqual(manifestOf(cache({ prune: PrunePolicy.leftovers() }).pruneJob))],
  ['resources', '- requests of 1 CPU and 2 GiB of memory, no limits', () => {
    const resources = { cpu: { request: Cpu.units(1) }, memory: { request: Size.gibibytes(2) } };

    expect(manifestOf(cache())).toEqual(manifestOf(cache({ resources })));
    expect(containerOf(cache().deployment).resources).not.toHaveProperty('limits');
  }],
  ['priorityClassName', "- the cluster's default priority", () => expect(podSpecOf(cache().deployment)).not.toHaveProperty('priorityClassName')],
  ['labels', '- none but the `app.kubernetes.io` ones', () => {
    manifestsBelow(cache()).forEach(({ metadata }) => expect(metadata.labels).toEqual({
      'app.kubernetes.io/instance': 'docker', 'app.kubernetes.io/managed-by': 'cdk8s', 'app.kubernetes.io/name': 'dind-cache',
    }));
  }],
  ['annotations', '- none but those that keep volumes and claims from being pruned', () => {
    const annotated = manifestsBelow(cache()).filter(({ metadata }) => metadata.annotations);

    expect(annotated.map(({ kind }) => kind)).toEqual(['PersistentVolume', 'PersistentVolumeClaim']);
    annotated.forEach(({ metadata }) => expect(Object.keys(metadata.annotations).sort()).toEqual(['argocd.argoproj.io/sync-options', 'helm.sh/resource-policy']));
  }],
  ['podLabels', '- none but those that select it', () => {
    const { spec } = manifestOf(cache());

    expect(spec.template.metadata.labels).toEqual(spec.selector.matchLabels);
  }],
  ['podAnnotations', "- the configuration's digest alone", () => {
    expect(Object.keys(manifestOf(cache()).spec.template.metadata.annotations)).toEqual(['dind-cache/config-digest']);
  }],
  ['clusterScope', '- the cache itself', () => {
    const made = cache();

    expect(made.storage.persistentVolume!.node.scopes).toContain(made);
  }],
]);
