import { Duration, Size, Testing } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-27';
import { parse } from 'yaml';
import { CacheVolume, DaemonConfig, DaemonTls, DindCache, DindCacheProps, DockerImages, GcPolicy, PrunePolicy } from '../src';
import { cacheProps, containerOf, identities, localVolume, manifestOf, manifestsBelow, mutualTls, newChart, podSpecOf } from './fixtures';
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
      'ConfigMap docker-config', 'Deployment docker', 'Service docker',
      'Secret docker-tls-state', 'Secret docker-server-tls', 'Secret docker-client-tls', 'Secret docker-client-tls', 'ServiceAccount docker-tls',
      'Role docker-tls', 'RoleBinding docker-tls', 'Role ci-docker-tls', 'RoleBinding ci-docker-tls',
      expect.stringMatching(/^Job docker-tls-[0-9a-f]{10}$/), 'CronJob docker-tls',
      'NetworkPolicy docker-clients', 'CronJob docker-prune',
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
    const { deployment, pruneJob, config, storage, endpoint, tlsIssuer } = cache({
      images: DockerImages.official({ version: '27.5.1', registryPrefix: 'example.com', kubectl: 'example.com/kubectl:v1.34.2' }),
      daemonConfig: DaemonConfig.of({ mtu: 1400 }),
      prune: PrunePolicy.underPressure({ timeZone: 'Europe/Berlin' }),
      gcPolicy: GcPolicy.shares({ cache: 50 }),
      drainTimeout: Duration.minutes(5),
      reuseContext: false,
      resources: { cpu: { request: Cpu.units(8) } },
      priorityClassName: 'high',
      podLabels: { team: 'web' },
      podAnnotations: { note: 'x' },
    });

    expect([deployment, pruneJob, storage.directoryJob!].map(part => containerOf(part).image))
      .toEqual(['example.com/docker:27.5.1-dind', 'example.com/docker:27.5.1-cli', 'example.com/busybox:1.37.0']);
    expect(JSON.parse(manifestOf(config).data['daemon.json'])).toMatchObject({ mtu: 1400, builder: { gc: { policy: [{}, {}, { keepStorage: '51200MiB' }, {}] } } });
    expect(manifestOf(pruneJob).spec.timeZone).toBe('Europe/Berlin');
    expect(containerOf(pruneJob).env).toContainEqual({ name: 'GC_MAX', value: String(51200 * 1024 * 1024) });
    expect(containerOf(deployment).env).toContainEqual({ name: 'DRAIN_SECONDS', value: '300' });
    expect(endpoint.environment).toMatchObject({ DIND_CACHE_WAIT_SECONDS: '360', DIND_CACHE_REUSE_CONTEXT: '0' });
    expect(podSpecOf(tlsIssuer!).containers[0].image).toBe('example.com/kubectl:v1.34.2');
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

    expect(node.children.map(child => child.node.id)).toEqual(['Storage', 'Config', 'Deployment', 'Service', 'TlsIssuer', 'AccessPolicy', 'Prune']);
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

describeDefaults('DindCacheProps', [
  ['tls', 'DaemonTls.selfIssued()', () => expect(manifestsBelow(cache())).toEqual(manifestsBelow(cache({ tls: DaemonTls.selfIssued() })))],
  ['name', "- the construct's id", () => expect(cache({}, 'builds').name).toBe('builds')],
  ['images', 'DockerImages.official()', () => expect(cache().images).toEqual(DockerImages.official())],
  ['daemonConfig', 'DaemonConfig.of()', () => {
    expect(manifestOf(cache().config)).toEqual(manifestOf(cache({ daemonConfig: DaemonConfig.of() }).config));
  }],
  ['gcPolicy', 'GcPolicy.shares()', () => {
    const said = cache({ gcPolicy: GcPolicy.shares() });

    expect([manifestOf(cache().config), manifestOf(cache().pruneJob)]).toEqual([manifestOf(said.config), manifestOf(said.pruneJob)]);
  }],
  ['prune', 'PrunePolicy.underPressure()', () => {
    expect(manifestOf(cache().pruneJob)).toEqual(manifestOf(cache({ prune: PrunePolicy.underPressure() }).pruneJob));
  }],
  ['resources', '- requests of 1 CPU and 2 GiB of memory, no limits', () => {
    const resources = { cpu: { request: Cpu.units(1) }, memory: { request: Size.gibibytes(2) } };

    expect(manifestOf(cache())).toEqual(manifestOf(cache({ resources })));
    expect(containerOf(cache().deployment).resources).not.toHaveProperty('limits');
  }],
  ['drainTimeout', 'Duration.minutes(10)', () => {
    const said = cache({ drainTimeout: Duration.minutes(10) });

    expect(manifestOf(cache())).toEqual(manifestOf(said));
    expect(cache().endpoint).toEqual(said.endpoint);
  }],
  ['reuseContext', 'true', () => expect(cache().endpoint).toEqual(cache({ reuseContext: true }).endpoint)],
  ['priorityClassName', "- the cluster's default priority", () => expect(podSpecOf(cache().deployment)).not.toHaveProperty('priorityClassName')],
  ['labels', '- none but the `app.kubernetes.io` ones', () => {
    manifestsBelow(cache()).forEach(({ metadata }) => expect(metadata.labels).toEqual({
      'app.kubernetes.io/instance': 'docker', 'app.kubernetes.io/managed-by': 'cdk8s', 'app.kubernetes.io/name': 'dind-cache',
    }));
  }],
  ['annotations', '- none but those that keep volumes, claims and Secrets from being pruned', () => {
    const annotated = manifestsBelow(cache()).filter(({ metadata }) => metadata.annotations);

    expect(annotated.map(({ kind }) => kind)).toEqual(['PersistentVolume', 'PersistentVolumeClaim', ...Array<string>(4).fill('Secret')]);
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

describeDefaults('DindCache', [
  ['tlsIssuer', '- none: the Secrets exist already, or there is no TLS', () => {
    expect([mutualTls(), DaemonTls.plaintext()].map(tls => cache({ tls }).tlsIssuer)).toEqual([undefined, undefined]);
    expect(cache().tlsIssuer).toBeDefined();
  }],
]);
