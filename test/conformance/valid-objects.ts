import { KubeObject } from '../apiserver/support/kube-object';
import * as valid from '../apiserver/support/valid-objects';
import { Json } from './rules';

const LABELS = {
  'app.kubernetes.io/name': 'dind-cache',
  'app.kubernetes.io/instance': 'cache',
  'app.kubernetes.io/managed-by': 'cdk8s',
};

const FILE = { key: 'daemon.json', path: 'daemon.json' };

/** A container that uses everything that the rules look at. */
const CONTAINER = {
  ...valid.RESTRICTED_CONTAINER,
  env: [{ name: 'DOCKER_HOST', value: 'tcp://docker:2376' }],
  ports: [{ name: 'docker', containerPort: 2376 }, { name: 'metrics', containerPort: 9323 }],
  resources: { requests: { cpu: '500m', memory: '1Gi' }, limits: { memory: '2048Mi' } },
  readinessProbe: { exec: { command: ['true'] }, timeoutSeconds: 6 },
  livenessProbe: { exec: { command: ['true'] }, periodSeconds: 30 },
  volumeMounts: [{ name: 'config', mountPath: '/etc/config' }, { name: 'tmp', mountPath: '/tmp' }],
};

const POD: Json = {
  automountServiceAccountToken: false,
  terminationGracePeriodSeconds: 30,
  nodeSelector: { 'kubernetes.io/hostname': 'node1' },
  affinity: { nodeAffinity: { preferredDuringSchedulingIgnoredDuringExecution: [{ weight: 1, preference: { matchExpressions: [{ key: 'zone', operator: 'Exists' }] } }] } },
  tolerations: [{ key: 'ci', operator: 'Equal', value: 'dind', effect: 'NoSchedule' }],
  containers: [CONTAINER],
  volumes: [{ name: 'config', configMap: { name: 'cache-config', items: [FILE] } }, { name: 'tmp', emptyDir: {} }],
};

/** Objects that keep to every rule, to be spoilt. */
export const VALID = {
  configMap: namespaced({ apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'cache-config' }, data: { 'daemon.json': '{}' } }),
  cronJob: namespaced(withPod(valid.cronJob('cache-prune'), 'spec.jobTemplate.spec.template', { ...POD, restartPolicy: 'Never' })),
  deployment: namespaced(withPod(valid.deployment('cache', 'cache'), 'spec.template', POD)),
  job: namespaced(withPod(valid.job('cache-directory', ['true']), 'spec.template', { ...POD, restartPolicy: 'Never' })),
  namespace: ours({ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'builds' } }),
  networkPolicy: namespaced({
    apiVersion: 'networking.k8s.io/v1',
    kind: 'NetworkPolicy',
    metadata: { name: 'cache-clients' },
    spec: {
      podSelector: { matchLabels: { app: 'cache' } },
      policyTypes: ['Ingress'],
      ingress: [{ from: [{ namespaceSelector: { matchLabels: { team: 'ci' } } }], ports: [{ port: 2376, protocol: 'TCP' }] }],
    },
  }),
  certificate: namespaced({
    apiVersion: 'cert-manager.io/v1',
    kind: 'Certificate',
    metadata: { name: 'cache' },
    spec: { secretName: 'cache-tls', dnsNames: ['cache'], issuerRef: { name: 'ca' } },
  }),
  role: namespaced({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'Role',
    metadata: { name: 'cache-tls' },
    rules: [{ apiGroups: [''], resources: ['secrets'], resourceNames: ['cache-tls'], verbs: ['get', 'patch'] }],
  }),
  roleBinding: namespaced({
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'RoleBinding',
    metadata: { name: 'cache-tls' },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: 'cache-tls' },
    subjects: [{ kind: 'ServiceAccount', name: 'cache-tls', namespace: 'builds' }],
  }),
  secret: namespaced({ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'cache-tls' }, type: 'Opaque' }),
  service: namespaced(valid.service('cache', { selector: { app: 'cache' }, ports: [{ name: 'docker', port: 2376, targetPort: 'docker' }, { name: 'metrics', port: 9323 }] })),
  storageClass: ours({ apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: 'cache' }, provisioner: 'kubernetes.io/no-provisioner' }),
  volume: ours(valid.localVolume('cache', { claimRef: { kind: 'PersistentVolumeClaim', namespace: 'builds', name: 'cache-data' } })),
  volumeClaim: namespaced(valid.volumeClaim('cache-data', { volumeName: 'cache' })),
} satisfies Readonly<Record<string, KubeObject>>;

/** A copy of an object with one value replaced, or with `undefined` removed, at a path such as `spec.ports.0.name`. */
export function changed(object: KubeObject, path: string, value: unknown): KubeObject {
  const keys = path.split('.').map(key => key.replaceAll('~', '.'));
  const last = keys.pop()!;
  const copy = structuredClone(object);
  const parent = keys.reduce<{ [key: string]: any }>((node, key) => node[key] ??= {}, copy);
  if (value === undefined) {
    delete parent[last];
  } else {
    parent[last] = value;
  }
  return copy;
}

function ours(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, labels: LABELS } };
}

function namespaced(object: KubeObject): KubeObject {
  return changed(ours(object), 'metadata.namespace', 'builds');
}

function withPod(object: KubeObject, path: string, spec: Json): KubeObject {
  return changed(object, path, { metadata: { labels: { ...LABELS, 'app': 'cache', 'app.kubernetes.io/component': 'prune' } }, spec });
}
