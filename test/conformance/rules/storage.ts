import { isDnsLabel, isDnsSubdomain, isQualifiedName } from '../syntax';
import { amountOf } from './quantity';
import { choice, Json, list, Rule, ruleFor, unless } from './rule';
import { nodeSelectorFindings } from './scheduling';
import { leadsUp } from './volumes';

const ACCESS_MODES = ['ReadWriteOnce', 'ReadOnlyMany', 'ReadWriteMany', 'ReadWriteOncePod'];

/** The fields of a PersistentVolume that name no source. */
const VOLUME_FIELDS = ['accessModes', 'capacity', 'claimRef', 'mountOptions', 'nodeAffinity', 'persistentVolumeReclaimPolicy', 'storageClassName', 'volumeMode'];

/** Rules about what holds data. */
export const STORAGE_RULES: Rule[] = [
  {
    name: 'the StorageClass is well formed',
    check: ({ kind, provisioner, reclaimPolicy, volumeBindingMode }) => (kind === 'StorageClass'
      ? [
          ...unless(isQualifiedName(provisioner), `'${String(provisioner)}' is no provisioner`),
          ...choice('reclaimPolicy', reclaimPolicy, 'Delete', 'Retain'),
          ...choice('volumeBindingMode', volumeBindingMode, 'Immediate', 'WaitForFirstConsumer'),
        ]
      : []),
  },
  ruleFor('PersistentVolume', 'the volume is well formed', spec => [
    ...accessModeFindings(spec.accessModes),
    ...unless(amountOf(spec.capacity?.storage) > 0, 'a volume has a capacity'),
    ...choice('persistentVolumeReclaimPolicy', spec.persistentVolumeReclaimPolicy, 'Retain', 'Delete'),
    ...choice('volumeMode', spec.volumeMode, 'Filesystem', 'Block'),
    ...classFindings(spec.storageClassName),
    ...unless(Object.keys(spec).filter(field => !VOLUME_FIELDS.includes(field)).length === 1, 'a volume has exactly one source'),
  ]),
  ruleFor('PersistentVolume', 'a local volume says on which node it lies', ({ local, nodeAffinity }) => (local
    ? [
        ...unless(nodeAffinity !== undefined, 'Local volume requires node affinity'),
        ...unless(/^\/./.test(local.path) && !leadsUp(local.path), `'${local.path}' is no path of a node`),
        ...(nodeAffinity ? nodeSelectorFindings(nodeAffinity.required ?? {}) : []),
      ]
    : [])),
  ruleFor('PersistentVolume', 'a reserved volume names its claim with the namespace', ({ claimRef }) => (claimRef
    ? [
        ...unless(isDnsSubdomain(claimRef.name), `'${claimRef.name}' is no name of a claim`),
        ...unless(isDnsLabel(claimRef.namespace), `'${claimRef.namespace}' is no namespace`),
      ]
    : [])),
  ruleFor('PersistentVolumeClaim', 'the claim asks for something', spec => [
    ...accessModeFindings(spec.accessModes),
    ...unless(amountOf(spec.resources?.requests?.storage) > 0, 'a claim requests storage'),
    ...choice('volumeMode', spec.volumeMode, 'Filesystem', 'Block'),
    ...classFindings(spec.storageClassName),
    ...unless(spec.volumeName === undefined || isDnsSubdomain(spec.volumeName), `'${spec.volumeName}' is no name of a volume`),
  ]),
];

function accessModeFindings(accessModes: unknown): string[] {
  const modes = list<string>(accessModes);
  return [
    ...unless(modes.length > 0, 'at least 1 access mode is required'),
    ...modes.flatMap(mode => choice('accessModes', mode, ...ACCESS_MODES)),
    ...unless(modes.length === 1 || !modes.includes('ReadWriteOncePod'), 'ReadWriteOncePod stands alone'),
  ];
}

function classFindings(name: Json['name']): string[] {
  return unless(name === undefined || name === '' || isDnsSubdomain(name), `'${name}' is no name of a StorageClass`);
}
