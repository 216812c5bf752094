import { VALID } from '../valid-objects';
import { Changes } from './mistake';

const { configMap, cronJob, deployment, job, namespace, networkPolicy, role, roleBinding, secret, service, storageClass, volume, volumeClaim } = VALID;

/** What breaks the rules about everything but pods. */
export const OBJECT_MISTAKES: Changes = {
  'the name has the syntax and length of its kind': [
    ['a Service that begins with a digit', service, 'metadata.name', '2cache', 'none for a Service'],
    ['a Namespace with a dot', namespace, 'metadata.name', 'ci.builds', 'none for a Namespace'],
    ['a PersistentVolume in capitals', volume, 'metadata.name', 'Cache', 'none for a PersistentVolume'],
    ['a ConfigMap that ends in a hyphen', configMap, 'metadata.name', 'cache-', 'none for a ConfigMap'],
    ['a ConfigMap of 254 characters', configMap, 'metadata.name', 'c'.repeat(254), 'none for a ConfigMap'],
    ['a CronJob of 53 characters', cronJob, 'metadata.name', 'c'.repeat(53), 'over 52 characters'],
    ['a Job of 64 characters', job, 'metadata.name', 'j'.repeat(64), 'over 63 characters'],
    ['a Deployment of 243 characters', deployment, 'metadata.name', 'd'.repeat(243), 'over 242 characters'],
    ['a kind that nobody has looked at', configMap, 'kind', 'Ingress', 'the rules know no Ingress'],
  ],
  'labels are well formed': [
    ['a label with a space', configMap, 'metadata.labels.team', 'web shop', "'web shop' is no value of a label"],
    ['a label of 64 characters', deployment, 'spec.template.metadata.labels.team', 'w'.repeat(64), 'no value of a label'],
    ['a label with two slashes', cronJob, 'spec.jobTemplate.spec.template.metadata.labels.a/b/c', 'd', "'a/b/c' is no key of a label"],
    ['a label of a Job to come', cronJob, 'spec.jobTemplate.metadata.labels.team', '-', "'-' is no value of a label"],
  ],
  'annotations are well formed': [
    ['an annotation without a name', configMap, 'metadata.annotations', { 'example.com/': 'x' }, "'example.com/' is no key of an annotation"],
    ['annotations of more than 256 KiB', deployment, 'spec.template.metadata.annotations', { note: 'x'.repeat(256 * 1024) }, 'over 262144'],
  ],
  'only the objects of a namespace name one': [
    ['a PersistentVolume in a namespace', volume, 'metadata.namespace', 'builds', 'a PersistentVolume lies in no namespace'],
    ['a StorageClass in a namespace', storageClass, 'metadata.namespace', 'builds', 'a StorageClass lies in no namespace'],
    ['a namespace with a dot', service, 'metadata.namespace', 'ci.builds', "the namespace 'ci.builds' is none"],
  ],
  'ConfigMaps and Secrets have well-formed keys and fit into etcd': [
    ['a key with a slash', configMap, 'data', { 'a/b': '' }, "'a/b' is no key of a ConfigMap"],
    ['a key that leads up', secret, 'stringData', { '..': '' }, "'..' is no key of a Secret"],
    ['a MiB of data', configMap, 'data', { file: 'é'.repeat(512 * 1024) }, '1 MiB or more'],
    ['a TLS Secret without its keys', secret, 'type', 'kubernetes.io/tls', 'needs the key tls.key'],
  ],
  'the selector matches the labels of the pods': [
    ['a selector of other pods', deployment, 'spec.selector.matchLabels', { app: 'other' }, 'the pods have no label app=other'],
    ['a selector of all pods', deployment, 'spec.selector.matchLabels', {}, 'matches every pod'],
  ],
  'the strategy is one': [
    ['a strategy that does not exist', deployment, 'spec.strategy', { type: 'OnDelete' }, 'strategy.type must be one of'],
    ['a Recreate that rolls', deployment, 'spec.strategy', { type: 'Recreate', rollingUpdate: {} }, 'contradicts'],
  ],
  'counts are in range': [
    ['less than no replica', deployment, 'spec.replicas', -1, 'replicas must be an integer from 0'],
    ['half a revision', deployment, 'spec.revisionHistoryLimit', 0.5, 'revisionHistoryLimit must be'],
  ],
  'pods that end are started again': [
    ['a Deployment that ends', deployment, 'spec.template.spec.restartPolicy', 'Never', 'restartPolicy must be one of Always'],
  ],
  'the Job is well formed': [
    ['a Job without a restart policy', job, 'spec.template.spec.restartPolicy', undefined, 'restartPolicy of a Job'],
    ['a Job that is always restarted', job, 'spec.template.spec.restartPolicy', 'Always', 'restartPolicy of a Job'],
    ['a deadline of no time', job, 'spec.activeDeadlineSeconds', 0, 'activeDeadlineSeconds must be'],
    ['less than no retry', job, 'spec.backoffLimit', -1, 'backoffLimit must be'],
  ],
  'the CronJob is well formed': [
    ['a schedule of six fields', cronJob, 'spec.schedule', '0 0 * * * *', 'is no schedule'],
    ['an hour that no day has', cronJob, 'spec.schedule', '0 24 * * *', 'is no schedule'],
    ['a range from late to early', cronJob, 'spec.schedule', '0 5-3 * * *', 'is no schedule'],
    ['a step of nothing', cronJob, 'spec.schedule', '*/0 * * * *', 'is no schedule'],
    ['Sunday as the seventh day', cronJob, 'spec.schedule', '0 0 * * 7', 'is no schedule'],
    ['a day as a month', cronJob, 'spec.schedule', '0 0 * mon *', 'is no schedule'],
    ['a time zone that is none', cronJob, 'spec.timeZone', 'Not/AZone', 'is no time zone'],
    ['a time zone in small letters', cronJob, 'spec.timeZone', 'europe/berlin', 'is no time zone'],
    ['a time zone that JavaScript alone knows', cronJob, 'spec.timeZone', 'PST', 'is no time zone'],
    ['a policy that does not exist', cronJob, 'spec.concurrencyPolicy', 'Never', 'concurrencyPolicy must be one of'],
    ['a deadline in the past', cronJob, 'spec.startingDeadlineSeconds', -1, 'startingDeadlineSeconds must be'],
    ['a job that is always restarted', cronJob, 'spec.jobTemplate.spec.template.spec.restartPolicy', 'Always', 'restartPolicy of a Job'],
  ],
  'the ports of a Service are well formed': [
    ['two unnamed ports of a Service', service, 'spec.ports', [{ port: 1 }, { port: 2 }], 'each of several ports has a name'],
    ['two ports of a Service of one name', service, 'spec.ports.0.name', 'metrics', "the port name 'metrics' occurs more than once"],
    ['one port of a Service twice', service, 'spec.ports.0.port', 9323, "the port '9323/TCP' occurs more than once"],
    ['a port 0 of a Service', service, 'spec.ports.0.port', 0, 'port must be'],
    ['a target port of 16 characters', service, 'spec.ports.0.targetPort', 'p'.repeat(16), 'no name of a port'],
    ['a Service without ports', service, 'spec.ports', [], 'at least one port'],
    ['a protocol that does not exist', service, 'spec.ports.0.protocol', 'tcp', 'protocol must be one of'],
  ],
  'the StorageClass is well formed': [
    ['a provisioner with a space', storageClass, 'provisioner', 'no provisioner', 'is no provisioner'],
    ['a binding that does not exist', storageClass, 'volumeBindingMode', 'Later', 'volumeBindingMode must be one of'],
    ['a class that recycles', storageClass, 'reclaimPolicy', 'Recycle', 'reclaimPolicy must be one of'],
  ],
  'the volume is well formed': [
    ['a volume of no size', volume, 'spec.capacity.storage', '0', 'a volume has a capacity'],
    ['a volume without a source', volume, 'spec.local', undefined, 'a volume has exactly one source'],
    ['a volume without access modes', volume, 'spec.accessModes', undefined, 'at least 1 access mode'],
    ['a class in capitals', volume, 'spec.storageClassName', 'Local', 'no name of a StorageClass'],
  ],
  'a local volume says on which node it lies': [
    ['a local volume without node affinity', volume, 'spec.nodeAffinity', undefined, 'Local volume requires node affinity'],
    ['a node affinity to nothing', volume, 'spec.nodeAffinity', { required: { nodeSelectorTerms: [{}] } }, 'at least one expression'],
    ['a node affinity without values', volume, 'spec.nodeAffinity.required.nodeSelectorTerms.0.matchExpressions.0.values', [], 'In needs values'],
    ['a path that leads up', volume, 'spec.local.path', '/mnt/../etc', 'no path of a node'],
  ],
  'a reserved volume names its claim with the namespace': [
    ['a reservation without namespace', volume, 'spec.claimRef.namespace', undefined, 'no namespace'],
    ['a reservation without name', volume, 'spec.claimRef.name', undefined, 'no name of a claim'],
  ],
  'the claim asks for something': [
    ['a claim without access modes', volumeClaim, 'spec.accessModes', undefined, 'at least 1 access mode'],
    ['a claim without a request', volumeClaim, 'spec.resources', undefined, 'a claim requests storage'],
    ['a request of null', volumeClaim, 'spec.resources.requests.storage', null, 'a claim requests storage'],
    ['a pod alone, and others', volumeClaim, 'spec.accessModes', ['ReadWriteOncePod', 'ReadWriteOnce'], 'stands alone'],
    ['an access mode that does not exist', volumeClaim, 'spec.accessModes', ['RWO'], 'accessModes must be one of'],
  ],
  'the selector is made of labels': [
    ['a selector with a space', service, 'spec.selector', { app: 'the cache' }, 'no value of a label'],
  ],
  'the type is one': [
    ['a type that does not exist', service, 'spec.type', 'Internal', 'type must be one of'],
  ],
  'the policy is well formed': [
    ['a peer that is nobody', networkPolicy, 'spec.ingress.0.from', [{}], 'a peer that names nothing'],
    ['a peer with a space', networkPolicy, 'spec.ingress.0.from.0.namespaceSelector.matchLabels.team', 'the web', 'no value of a label'],
    ['a direction that does not exist', networkPolicy, 'spec.policyTypes', ['Both'], 'policyTypes must be one of'],
    ['a port beyond the last', networkPolicy, 'spec.ingress.0.ports.0.port', 65536, 'port must be'],
  ],
  'a Role grants something': [
    ['a Role that allows nothing', role, 'rules.0.verbs', [], 'a rule has verbs'],
    ['a Role of no API group', role, 'rules.0.apiGroups', undefined, 'a rule has API groups'],
    ['a Role of nothing', role, 'rules.0.resources', undefined, 'a rule has resources'],
    ['a creation by name', role, 'rules.0.verbs', ['create'], 'cannot be limited by name'],
  ],
  'a RoleBinding names a Role and who has it': [
    ['a binding of no API group', roleBinding, 'roleRef.apiGroup', undefined, 'roleRef.apiGroup must be'],
    ['a binding of a user', roleBinding, 'roleRef.kind', 'User', 'roleRef.kind must be one of'],
    ['an account of no namespace', roleBinding, 'subjects.0.namespace', undefined, 'the account cache-tls has no namespace'],
  ],
  'a Secret is emitted without keys': [
    ['a Secret with a key', secret, 'data', { 'key.pem': '' }, 'would replace the keys'],
  ],
  'a Role grants access to named objects alone': [
    ['a Role for all Secrets', role, 'rules.0.resourceNames', undefined, 'every object of a kind'],
  ],
  'the namespace is written out': [
    ['a Service of no namespace', service, 'metadata.namespace', undefined, 'a Service lies in a namespace'],
  ],
  'objects and pods carry the common labels': [
    ['an object without labels', configMap, 'metadata.labels', undefined, 'app.kubernetes.io/name is missing'],
    ['a pod without its component', deployment, 'spec.template.metadata.labels.app~kubernetes~io/component', undefined, 'app.kubernetes.io/component is missing'],
  ],
  'kubectl apply can note what it applied': [
    ['256 KiB of data', configMap, 'data', { file: 'x'.repeat(256 * 1024) }, 'over 256 KiB'],
  ],
};
