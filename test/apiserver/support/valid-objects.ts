import { KubeObject } from './kube-object';

type Fields = Record<string, unknown>;

/** The node that `localVolume` lies on. */
export const NODE = 'apiserver-suite-node';

/** A container without privileges, with what a namespace that enforces `restricted` asks for. */
export const RESTRICTED_CONTAINER: Fields = {
  name: 'main',
  image: 'example.invalid/main:1',
  securityContext: {
    allowPrivilegeEscalation: false,
    runAsNonRoot: true,
    capabilities: { drop: ['ALL'] },
    seccompProfile: { type: 'RuntimeDefault' },
  },
};

/** A container with every privilege, written without contradiction. */
export const PRIVILEGED_CONTAINER: Fields = {
  name: 'main',
  image: 'example.invalid/main:1',
  securityContext: { privileged: true, allowPrivilegeEscalation: true },
};

/** A PersistentVolume on a node's directory; `spec` replaces fields. */
export function localVolume(name: string, spec: Fields = {}): KubeObject {
  return object('v1', 'PersistentVolume', name, {
    capacity: { storage: '100Gi' },
    accessModes: ['ReadWriteOnce'],
    persistentVolumeReclaimPolicy: 'Retain',
    storageClassName: 'apiserver-suite',
    local: { path: '/mnt/data' },
    nodeAffinity: {
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: [NODE] }] }] },
    },
    ...spec,
  });
}

/** A PersistentVolumeClaim of 1 GiB; `spec` replaces fields. */
export function volumeClaim(name: string, spec: Fields = {}): KubeObject {
  return object('v1', 'PersistentVolumeClaim', name, {
    accessModes: ['ReadWriteOnce'],
    resources: { requests: { storage: '1Gi' } },
    storageClassName: 'apiserver-suite',
    ...spec,
  });
}

/** A Service with one port; `spec` replaces fields. */
export function service(name: string, spec: Fields = {}): KubeObject {
  return object('v1', 'Service', name, { selector: { app: name }, ports: [{ port: 2376 }], ...spec });
}

/** A pod of one container; `spec` replaces fields. */
export function pod(name: string, container: Fields = RESTRICTED_CONTAINER, spec: Fields = {}): KubeObject {
  return object('v1', 'Pod', name, { containers: [container], ...spec });
}

/** A Deployment whose pods carry `label`, and which selects them by it. */
export function deployment(name: string, label: string, container: Fields = RESTRICTED_CONTAINER): KubeObject {
  return object('apps/v1', 'Deployment', name, {
    replicas: 0,
    selector: { matchLabels: { app: label } },
    template: { metadata: { labels: { app: label } }, spec: { containers: [container] } },
  });
}

/** A Job that runs a command. */
export function job(name: string, command: string[]): KubeObject {
  return object('batch/v1', 'Job', name, { template: jobTemplate(command) });
}

/** A CronJob; `spec` replaces fields. */
export function cronJob(name: string, spec: Fields = {}): KubeObject {
  return object('batch/v1', 'CronJob', name, { schedule: '0 3 * * 0', jobTemplate: { spec: { template: jobTemplate(['true']) } }, ...spec });
}

/** A Secret of the type that wants a certificate and its key. */
export function tlsSecret(name: string, stringData?: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name }, type: 'kubernetes.io/tls', ...(stringData ? { stringData } : {}) };
}

function object(apiVersion: string, kind: string, name: string, spec: Fields): KubeObject {
  return { apiVersion, kind, metadata: { name }, spec };
}

function jobTemplate(command: string[]): Fields {
  return { spec: { restartPolicy: 'Never', containers: [{ ...RESTRICTED_CONTAINER, command }] } };
}
