import { BuilderNode, DindConfig, DindService, DockerImages, GcPolicy, PruneCronJob, PruneCronJobProps, PrunePolicy } from '../src';
import { containerOf, manifestOf, mutualTls, newChart, podSpecOf, pruneProps } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

function job(props: Partial<PruneCronJobProps> = {}, id = 'prune'): PruneCronJob {
  const chart = newChart();
  return new PruneCronJob(chart, id, { ...pruneProps(chart), ...props });
}

describe('the CronJob that prunes', () => {
  test('never runs beside itself, is not lost when its controller is late, and ends', () => {
    expect(manifestOf(job()).spec).toMatchObject({
      concurrencyPolicy: 'Forbid',
      startingDeadlineSeconds: 3600,
      successfulJobsHistoryLimit: 1,
      failedJobsHistoryLimit: 3,
      jobTemplate: { spec: { activeDeadlineSeconds: 1800, backoffLimit: 1 } },
    });
  });

  test('meets the PodSecurity level restricted', () => {
    expect(podSpecOf(job()).securityContext).toEqual({ runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: { type: 'RuntimeDefault' } });
    expect(containerOf(job()).securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
    expect(podSpecOf(job())).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false, restartPolicy: 'Never' });
  });

  test("has a pod that the daemon's Service does not select", () => {
    const { labels } = manifestOf(job({ instance: 'docker' })).spec.jobTemplate.spec.template.metadata;
    const { selector } = manifestOf(new DindService(newChart(), 'docker', { tls: mutualTls() })).spec;

    expect(labels).toEqual({ ...selector, 'app.kubernetes.io/component': 'prune' });
  });

  test('connects as clients do, with a folder of its own that it may write to', () => {
    const { endpoint } = pruneProps(newChart());
    const { env, volumeMounts } = containerOf(job());

    expect(env).toEqual(expect.arrayContaining(Object.entries({ ...endpoint.environment, DOCKER_CONFIG: '/tmp/docker' }).map(([name, value]) => ({ name, value }))));
    expect(volumeMounts).toEqual([
      { name: 'config', mountPath: '/etc/dind-cache', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'client-tls', mountPath: '/certs/client', readOnly: true },
    ]);
  });

  test("mounts its script and the client's certificate, and nothing else", () => {
    expect(podSpecOf(job()).volumes).toEqual([
      { name: 'config', configMap: { name: 'config', items: [{ key: 'prune.sh', path: 'prune.sh' }] } },
      { name: 'tmp', emptyDir: {} },
      {
        name: 'client-tls',
        secret: {
          secretName: 'client-tls',
          defaultMode: 0o444,
          items: [{ key: 'ca.pem', path: 'ca.pem' }, { key: 'cert.pem', path: 'cert.pem' }, { key: 'key.pem', path: 'key.pem' }],
        },
      },
    ]);
  });

  test('reads the volume itself, read-only and beside the daemon, where it is told which', () => {
    const spec = podSpecOf(job({ claimName: 'docker-data', instance: 'docker' }));
    const daemon = { 'app.kubernetes.io/component': 'daemon', 'app.kubernetes.io/instance': 'docker', 'app.kubernetes.io/name': 'dind-cache' };

    expect(spec.volumes).toContainEqual({ name: 'data', persistentVolumeClaim: { claimName: 'docker-data', readOnly: true } });
    expect(spec.containers[0].volumeMounts).toContainEqual({ name: 'data', mountPath: '/data', readOnly: true });
    expect(spec.containers[0].env).toContainEqual({ name: 'DATA_DIR', value: '/data' });
    expect(spec.affinity).toEqual({
      podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector: { matchLabels: daemon }, topologyKey: 'kubernetes.io/hostname' }] },
    });
  });

  test('asks for little and cannot take much', () => {
    expect(containerOf(job()).resources).toEqual({ requests: { cpu: '50m', memory: '64Mi' }, limits: { memory: '256Mi' } });
  });

  test('runs where and with what it is told to', () => {
    const spec = podSpecOf(job({
      builderNode: BuilderNode.hostname('node1', { tolerations: [{ key: 'ci' }] }),
      images: DockerImages.official({ version: '27.5.1', pullSecrets: ['credentials'] }),
    }));

    expect(spec).toMatchObject({
      nodeSelector: { 'kubernetes.io/hostname': 'node1' },
      tolerations: [{ key: 'ci', operator: 'Exists' }],
      imagePullSecrets: [{ name: 'credentials' }],
      containers: [{ name: 'prune', image: 'docker:27.5.1-cli', imagePullPolicy: 'IfNotPresent' }],
    });
  });

  test('takes an endpoint of other making', () => {
    const endpoint = {
      host: 'elsewhere', port: 2376, dockerHost: 'tcp://elsewhere:2376', environment: {}, clientScript: '', clientSecretName: 'tls', certificateMountPath: '/tls',
    };
    const spec = podSpecOf(job({ endpoint, config: new DindConfig(newChart(), 'config') }));

    expect(spec.volumes.find(({ name }) => name === 'client-tls')!.secret).toMatchObject({ secretName: 'tls', items: [] });
    expect(spec.containers[0].volumeMounts).toContainEqual({ name: 'client-tls', mountPath: '/tls', readOnly: true });
  });

  test('leaves room in its name for what the controller adds', () => {
    const long = 'p'.repeat(53);

    expect(job({}, 'p'.repeat(52)).name).toHaveLength(52);
    expect(() => job({}, long)).toThrow(new Error(`'name' must have at most 52 characters, got '${long}'`));
    expect(() => job({}, 'a.b')).toThrow(new Error(
      "'name' must consist of lower-case letters, digits and '-', and begin and end with a letter or digit, got 'a.b'",
    ));
  });
});

describeDefaults('PruneCronJobProps', [
  ['policy', 'PrunePolicy.underPressure()', () => expect(manifestOf(job())).toEqual(manifestOf(job({ policy: PrunePolicy.underPressure() })))],
  ['capacity', '- unknown', () => {
    expect(() => job({ capacity: undefined })).toThrow("'capacity' must be given");
    expect(() => job({ capacity: undefined, policy: PrunePolicy.systemPruneAll() })).not.toThrow();
  }],
  ['gcPolicy', 'GcPolicy.shares()', () => expect(manifestOf(job())).toEqual(manifestOf(job({ gcPolicy: GcPolicy.shares() })))],
  ['claimName', '- the job asks the daemon, which does not count everything that is on the volume', () => {
    expect(containerOf(job()).env.map(({ name }) => name as string)).not.toContain('DATA_DIR');
  }],
  ['images', 'DockerImages.official()', () => expect(containerOf(job()).image).toBe(DockerImages.official().client)],
  ['builderNode', '- any', () => ['nodeSelector', 'tolerations', 'affinity'].forEach(field => expect(podSpecOf(job())).not.toHaveProperty(field))],
]);
