import { Duration, Size } from 'cdk8s';
import { Cpu } from 'cdk8s-plus-27';
import { BuilderNode, DaemonConfig, DindConfig, DindDeployment, DindDeploymentProps, DockerImages } from '../src';
import { containerOf, daemonProps, Manifest, manifestOf, newChart, podSpecOf } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

function daemon(props: Partial<DindDeploymentProps> = {}): DindDeployment {
  const chart = newChart();
  return new DindDeployment(chart, 'docker', { ...daemonProps(chart), ...props });
}

function podMetadata(props: Partial<DindDeploymentProps> = {}): Manifest {
  return manifestOf(daemon(props)).spec.template.metadata;
}

const SELECTOR = { 'app.kubernetes.io/component': 'daemon', 'app.kubernetes.io/instance': 'docker', 'app.kubernetes.io/name': 'dind-cache' };

describe('the Deployment of the daemon', () => {
  test('is one pod that is stopped before its successor starts', () => {
    expect(manifestOf(daemon()).spec).toMatchObject({ replicas: 1, revisionHistoryLimit: 3, strategy: { type: 'Recreate' } });
    expect(manifestOf(daemon()).spec.strategy).toEqual({ type: 'Recreate' });
  });

  test('is privileged with the four fields that must not contradict it', () => {
    expect(containerOf(daemon()).securityContext).toEqual({
      privileged: true, allowPrivilegeEscalation: true, readOnlyRootFilesystem: false, runAsNonRoot: false, runAsUser: 0,
    });
    expect(podSpecOf(daemon())).not.toHaveProperty('securityContext');
  });

  test("gets neither a token nor the variables of other Services, nor anything of the node's", () => {
    const spec = podSpecOf(daemon());

    expect(spec).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    ['hostNetwork', 'hostPID', 'hostIPC', 'shareProcessNamespace'].forEach(field => expect(spec).not.toHaveProperty(field));
  });

  test('starts by the script of its ConfigMap, with flags as arguments', () => {
    expect(containerOf(daemon())).toMatchObject({
      name: 'daemon', command: ['sh', '/etc/dind-cache/start.sh'], args: ['--config-file=/etc/dind-cache/daemon.json'], imagePullPolicy: 'IfNotPresent',
    });
  });

  test('mounts its data, the files that it reads and no others', () => {
    const spec = podSpecOf(daemon({ claimName: 'docker-data' }));
    const files = ['daemon.json', 'start.sh', 'alive.sh', 'drain.sh', 'activity.sh'];

    expect(spec.volumes.slice(0, 2)).toEqual([
      { name: 'data', persistentVolumeClaim: { claimName: 'docker-data' } },
      { name: 'config', configMap: { name: 'config', items: files.map(file => ({ key: file, path: file })) } },
    ]);
    expect(containerOf(daemon()).volumeMounts.slice(0, 2)).toEqual([
      { name: 'data', mountPath: '/var/lib/docker' }, { name: 'config', mountPath: '/etc/dind-cache', readOnly: true },
    ]);
  });

  test.each([
    ['startup', 'startup', { periodSeconds: 5, failureThreshold: 24 }],
    ['readiness', 'ready', { periodSeconds: 5, failureThreshold: 2 }],
    ['liveness', 'alive', { periodSeconds: 30, failureThreshold: 5, terminationGracePeriodSeconds: 30 }],
  ])('asks the daemon itself as its %s probe', (name, question, budget) => {
    expect(containerOf(daemon())[`${name}Probe`]).toEqual({
      exec: { command: ['sh', '/etc/dind-cache/alive.sh', question] }, timeoutSeconds: 12, ...budget,
    });
  });

  test("waits in its preStop hook for what runs, and outlives both that and the daemon's own wait for its containers", () => {
    const shutdown: number = DaemonConfig.of().toJson()['shutdown-timeout'];
    const made = daemon({ drainTimeout: Duration.minutes(5) });

    expect(containerOf(made).lifecycle).toEqual({ preStop: { exec: { command: ['sh', '/etc/dind-cache/drain.sh'] } } });
    expect(containerOf(made).env).toContainEqual({ name: 'DRAIN_SECONDS', value: '300' });
    expect(podSpecOf(made).terminationGracePeriodSeconds).toBe(300 + shutdown + 15);
  });

  test('need not wait', () => {
    expect(podSpecOf(daemon({ drainTimeout: Duration.seconds(0) })).terminationGracePeriodSeconds).toBe(30);
  });

  test('is selected by labels that come from its instance', () => {
    const { spec } = manifestOf(daemon({ name: 'builds', instance: 'docker' }));

    expect(spec.selector.matchLabels).toEqual(SELECTOR);
    expect(spec.template.metadata.labels).toEqual(SELECTOR);
  });

  test('keeps the labels that select it and the digest that rolls it, whatever is given', () => {
    const { labels, annotations } = podMetadata({
      podLabels: { 'team': 'web', 'app.kubernetes.io/component': 'other' }, podAnnotations: { 'note': 'x', 'dind-cache/config-digest': 'y' },
    });

    expect(labels).toEqual({ ...SELECTOR, team: 'web' });
    expect(annotations).toEqual({ 'note': 'x', 'dind-cache/config-digest': expect.stringMatching(/^[0-9a-f]{10}$/) });
  });

  test('is rolled when what the daemon reads changes', () => {
    const chart = newChart();
    const config = new DindConfig(chart, 'changed', { daemonConfig: DaemonConfig.of({ mtu: 1400 }) });

    expect(podMetadata({ config }).annotations['dind-cache/config-digest']).toBe(config.digest);
    expect(config.digest).not.toBe(podMetadata().annotations['dind-cache/config-digest']);
  });

  test('refuses to start on an unmounted volume when told to', () => {
    expect(containerOf(daemon({ requireMountPoint: true })).env).toContainEqual({ name: 'REQUIRE_MOUNT_POINT', value: '/var/lib/docker' });
  });

  test('runs where, with what and as important as it is told to', () => {
    const spec = podSpecOf(daemon({
      builderNode: BuilderNode.hostname('node1', { tolerations: [{ key: 'ci' }] }),
      images: DockerImages.official({ version: '27.5.1', pullSecrets: ['credentials'] }),
      priorityClassName: 'high',
      resources: {
        cpu: { request: Cpu.millis(500), limit: Cpu.units(4) }, memory: { limit: Size.gibibytes(8) }, ephemeralStorage: { request: Size.mebibytes(512) },
      },
    }));

    expect(spec).toMatchObject({
      nodeSelector: { 'kubernetes.io/hostname': 'node1' },
      tolerations: [{ key: 'ci', operator: 'Exists' }],
      imagePullSecrets: [{ name: 'credentials' }],
      priorityClassName: 'high',
      containers: [{ image: 'docker:27.5.1-dind', resources: { requests: { 'cpu': '500m', 'ephemeral-storage': '512Mi' }, limits: { cpu: '4', memory: '8Gi' } } }],
    });
    expect(spec.containers[0].resources.requests).not.toHaveProperty('memory');
  });

  test('may ask for all that it may use', () => {
    const resources = { cpu: { request: Cpu.millis(1500), limit: Cpu.units(1.5) }, memory: { request: Size.gibibytes(1), limit: Size.mebibytes(1024) } };

    expect(() => daemon({ resources })).not.toThrow();
  });

  test('asks for nothing when told so', () => {
    expect(containerOf(daemon({ resources: {} })).resources).toEqual({});
  });

  test.each<[string, Partial<DindDeploymentProps>, string]>([
    ['half a second of waiting', { drainTimeout: Duration.millis(500) }, "'drainTimeout' must be a whole number of seconds, got 500 millis"],
    ['a claim that cannot exist', { claimName: 'A' },
      "'claimName' must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit, got 'A'"],
    ['a priority class that cannot exist', { priorityClassName: 'A' },
      "'priorityClassName' must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit, got 'A'"],
    ['a pod label that is none', { podLabels: { team: 'a b' } },
      "'podLabels.team' must have at most 63 letters, digits, '-', '_' and '.', and begin and end with a letter or digit, got 'a b'"],
    ['a pod annotation whose key is none', { podAnnotations: { 'a/b/c': '' } }, "'podAnnotations' must have keys with at most one '/', got 'a/b/c'"],
    ['more CPUs than there may be', { resources: { cpu: { request: Cpu.units(2), limit: Cpu.millis(1500) } } },
      "'resources.cpu.request' must be at most the limit, got '2'"],
    ['CPUs that are none', { resources: { cpu: { request: Cpu.millis(-5) } } }, "'resources.cpu.request' must be a number of CPUs, got '-5m'"],
    ['a limit of CPUs that is none', { resources: { cpu: { limit: Cpu.units(-1) } } }, "'resources.cpu.limit' must be a number of CPUs, got '-1'"],
    ['more memory than there may be', { resources: { memory: { request: Size.gibibytes(2), limit: Size.gibibytes(1) } } },
      "'resources.memory.request' must be at most the limit, got 2048 MiB"],
    ['more ephemeral storage than there may be', { resources: { ephemeralStorage: { request: Size.mebibytes(2), limit: Size.mebibytes(1) } } },
      "'resources.ephemeralStorage.request' must be at most the limit, got 2 MiB"],
    ['memory of half a KiB', { resources: { memory: { request: Size.kibibytes(0.5) } } },
      "'resources.memory.request' must be a positive whole number of KiB, got 0.00048828125 MiB"],
    ['no ephemeral storage', { resources: { ephemeralStorage: { limit: Size.gibibytes(0) } } },
      "'resources.ephemeralStorage.limit' must be a positive whole number of KiB, got 0 MiB"],
  ])('refuses %s', (_, props, message) => {
    expect(() => daemon(props)).toThrow(new Error(message));
  });
});

describeDefaults('DindDeploymentProps', [
  ['images', 'DockerImages.official()', () => expect(containerOf(daemon()).image).toBe(DockerImages.official().daemon)],
  ['builderNode', '- any that the volume allows', () => {
    ['nodeSelector', 'tolerations', 'affinity', 'nodeName'].forEach(field => expect(podSpecOf(daemon())).not.toHaveProperty(field));
  }],
  ['requireMountPoint', 'false', () => expect(containerOf(daemon()).env.map(({ name }) => name as string)).not.toContain('REQUIRE_MOUNT_POINT')],
  ['resources', '- requests of 1 CPU and 2 GiB of memory, no limits', () => {
    expect(containerOf(daemon()).resources).toEqual({ requests: { cpu: '1', memory: '2Gi' } });
  }],
  ['priorityClassName', "- the cluster's default priority", () => expect(podSpecOf(daemon())).not.toHaveProperty('priorityClassName')],
  ['drainTimeout', 'Duration.minutes(10)', () => {
    expect(containerOf(daemon()).env).toContainEqual({ name: 'DRAIN_SECONDS', value: '600' });
    expect(podSpecOf(daemon()).terminationGracePeriodSeconds).toBe(630);
  }],
  ['podLabels', '- none', () => expect(podMetadata().labels).toEqual(SELECTOR)],
  ['podAnnotations', "- the configuration's digest alone", () => expect(Object.keys(podMetadata().annotations)).toEqual(['dind-cache/config-digest'])],
]);
