import { Cron } from 'cdk8s';
import { BuilderNode, DindConfig, DindService, DockerImages } from '../src';
import { SecretPublisher, SecretPublisherProps } from '../src/secret-publisher';
import { Container, Manifest, manifestOf, manifestsBelow, mutualTls, newChart, podSpecOf } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

function publisher(props: Partial<SecretPublisherProps> = {}): SecretPublisher {
  const chart = newChart();
  return new SecretPublisher(chart, 'docker-tls', {
    config: new DindConfig(chart, 'config'),
    images: DockerImages.official(),
    schedule: Cron.daily(),
    script: 'issue.sh',
    secrets: [
      { folder: 'server', namespaceName: 'ci', name: 'server-tls' },
      { folder: 'client', namespaceName: 'ci', name: 'client-tls' },
      { folder: 'client', namespaceName: 'gitlab-runner', name: 'client-tls' },
    ],
    sources: [],
    ...props,
  });
}

function ofKind(kind: string, props?: Partial<SecretPublisherProps>): Manifest[] {
  return manifestsBelow(publisher(props)).filter(manifest => manifest.kind === kind);
}

/** The one that makes the patches and those that send them. */
function containers(props?: Partial<SecretPublisherProps>): readonly [Container, ...Container[]] {
  const { initContainers, containers: writers } = podSpecOf(publisher(props));
  return [initContainers[0], ...writers];
}

describe('the publisher of Secrets', () => {
  test('emits them without a data key, which an apply would put back, and outlives uninstalling', () => {
    expect(ofKind('Secret')).toHaveLength(3);
    ofKind('Secret').forEach(({ metadata, ...secret }) => {
      expect(secret).toEqual({ apiVersion: 'v1', kind: 'Secret', type: 'Opaque' });
      expect(metadata.annotations).toEqual({ 'helm.sh/resource-policy': 'keep', 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' });
    });
  });

  test('may read and patch exactly these, in each namespace', () => {
    expect(ofKind('Role').map(({ metadata, rules }) => [metadata.namespace, metadata.name, rules])).toEqual([
      ['ci', 'docker-tls', [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['server-tls', 'client-tls'], verbs: ['get', 'patch'] }]],
      ['gitlab-runner', 'ci-docker-tls', [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['client-tls'], verbs: ['get', 'patch'] }]],
    ]);
    expect(manifestsBelow(publisher()).map(({ kind }) => kind)).not.toContain('ClusterRole');
  });

  test('binds each Role to its one ServiceAccount, which mounts no token by itself', () => {
    expect(ofKind('RoleBinding').map(({ metadata, roleRef, subjects }) => [metadata.namespace, roleRef, subjects])).toEqual([
      ['ci', 'docker-tls'], ['gitlab-runner', 'ci-docker-tls'],
    ].map(([namespace, name]) => [
      namespace,
      { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name },
      [{ kind: 'ServiceAccount', name: 'docker-tls', namespace: 'ci' }],
    ]));
    expect(ofKind('ServiceAccount')).toMatchObject([{ metadata: { name: 'docker-tls', namespace: 'ci' }, automountServiceAccountToken: false }]);
    expect(podSpecOf(publisher())).toMatchObject({ serviceAccountName: 'docker-tls', automountServiceAccountToken: false });
  });

  test('runs at once, under a name that follows its template, and again by schedule', () => {
    const [job] = ofKind('Job');
    const [cronJob] = ofKind('CronJob', { schedule: Cron.schedule({ minute: '17', hour: '3' }) });

    expect(job.metadata.name).toMatch(/^docker-tls-[0-9a-f]{10}$/);
    expect(job.spec.backoffLimit).toBe(20);
    expect(ofKind('Job', { environment: { DAYS: '30' } })[0].metadata.name).not.toBe(job.metadata.name);
    expect(ofKind('Job', { schedule: Cron.hourly(), labels: { team: 'web' } })[0].metadata.name).toBe(job.metadata.name);
    expect(cronJob.metadata.name).toBe('docker-tls');
    expect(cronJob.spec).toMatchObject({
      schedule: '17 3 * * *', concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 3600, successfulJobsHistoryLimit: 1, failedJobsHistoryLimit: 3,
      jobTemplate: { spec: { activeDeadlineSeconds: 1800, backoffLimit: 6, template: job.spec.template } },
    });
  });

  test('gives the token to the containers that write, and the keys to the one that does not', () => {
    const state = { volume: { name: 'state', secret: { secretName: 'state' } }, mountPath: '/state' };
    const [script, ...writers] = containers({ sources: [state] });
    const mounted = ({ volumeMounts }: Container): unknown[] => volumeMounts.map(({ name }) => name as unknown);

    expect(mounted(script)).toEqual(['config', 'issued', 'documents', 'state']);
    expect(script.volumeMounts).toContainEqual({ name: 'config', mountPath: '/etc/dind-cache', readOnly: true });
    expect(script.volumeMounts).toContainEqual({ name: 'state', mountPath: '/state', readOnly: true });
    writers.forEach(({ volumeMounts }) => expect(volumeMounts).toEqual([
      { name: 'documents', mountPath: '/documents', readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
    ]));
  });

  test('writes no key to the disk of a node', () => {
    const { volumes } = podSpecOf(publisher());

    ['issued', 'documents'].forEach(name => expect(volumes).toContainEqual({ name, emptyDir: { medium: 'Memory', sizeLimit: '8Mi' } }));
    expect(volumes).toContainEqual({
      name: 'token',
      projected: {
        sources: [
          { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
          { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
          { downwardAPI: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
        ],
      },
    });
  });

  test('runs its script, then sends each patch that this wrote as its own field manager', () => {
    const [script, ...writers] = containers();
    const patched = (name: string, namespace: string): string[] => [
      'patch', 'secret', name, `--namespace=${namespace}`, '--type=json', `--patch-file=/documents/${namespace}.${name}.json`, '--field-manager=dind-cache-tls', '--cache-dir=/tmp/cache',
    ];

    expect(script).toMatchObject({ name: 'issue', image: DockerImages.official().daemon, imagePullPolicy: 'IfNotPresent', command: ['sh', '/etc/dind-cache/issue.sh'] });
    expect(script.env).toEqual([
      { name: 'COPIES', value: '/issued/server ci server-tls\n/issued/client ci client-tls\n/issued/client gitlab-runner client-tls' },
      { name: 'DOCUMENTS', value: '/documents' },
    ]);
    expect(writers.map(({ name, args }) => [name, args] as unknown)).toEqual([
      ['write-0', patched('server-tls', 'ci')], ['write-1', patched('client-tls', 'ci')], ['write-2', patched('client-tls', 'gitlab-runner')],
    ]);
    writers.forEach(writer => {
      expect(writer).toMatchObject({ image: DockerImages.official().kubectl, imagePullPolicy: 'IfNotPresent' });
      expect(writer).not.toHaveProperty('command');
    });
  });

  test.each([['issue.sh', ['issue.sh', 'publish.sh']], ['publish.sh', ['publish.sh']]])('mounts with %s what that needs', (script, files) => {
    expect(podSpecOf(publisher({ script })).volumes).toContainEqual({
      name: 'config', configMap: { name: 'config', items: files.map(file => ({ key: file, path: file })) },
    });
  });

  test('meets the PodSecurity level restricted, and asks for little', () => {
    const spec = podSpecOf(publisher());

    expect(spec.securityContext).toEqual({ runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: { type: 'RuntimeDefault' } });
    expect(spec).toMatchObject({ restartPolicy: 'OnFailure', enableServiceLinks: false });
    containers().forEach(({ securityContext }) =>
      expect(securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } }));
    const [script, ...writers] = containers();
    expect(script.resources).toEqual({ requests: { cpu: '50m', memory: '32Mi' }, limits: { memory: '128Mi' } });
    writers.forEach(({ resources }) => expect(resources).toEqual({ requests: { cpu: '10m', memory: '32Mi' }, limits: { memory: '256Mi' } }));
  });

  test("has a pod that the daemon's Service does not select", () => {
    const { labels } = manifestOf(publisher({ instance: 'docker' })).spec.template.metadata;
    const { selector } = manifestOf(new DindService(newChart(), 'docker', { tls: mutualTls() })).spec;

    expect(labels).toEqual({ ...selector, 'app.kubernetes.io/component': 'tls' });
  });

  test('keeps away from the builder node if there is another', () => {
    const { affinity, nodeSelector, tolerations } = podSpecOf(publisher({ builderNode: BuilderNode.labeled({ role: 'builder', disk: 'nvme' }, { tolerations: [{ key: 'ci' }] }) }));
    const lacking = (key: string, value: string): Manifest => ({ weight: 100, preference: { matchExpressions: [{ key, operator: 'NotIn', values: [value] }] } });

    expect(affinity).toEqual({ nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [lacking('disk', 'nvme'), lacking('role', 'builder')] } });
    expect([nodeSelector, tolerations]).toEqual([undefined, undefined]);
  });
});

describeDefaults('SecretPublisherProps', [
  ['builderNode', '- they run anywhere', () => expect(podSpecOf(publisher())).not.toHaveProperty('affinity')],
  ['environment', '- none', () => {
    expect(containers()[0].env.map(({ name }) => name as string)).toEqual(['COPIES', 'DOCUMENTS']);
    expect(containers({ environment: { DAYS: '30' } })[0].env[0]).toEqual({ name: 'DAYS', value: '30' });
  }],
]);
