import { KubeObject } from '../../apiserver/support/kube-object';
import { isConfigKey, isDns1035Label, isDnsLabel, isDnsSubdomain, isLabelValue, isPathSegment, isQualifiedName, Syntax } from '../syntax';
import { podTemplate } from './pod-template';
import { Json, Rule, unless } from './rule';

/** What the API server knows of a kind of objects, beside its fields. */
export interface Kind {
  readonly scope: 'cluster' | 'namespace';
  readonly name: Syntax;
  /** The longest name, where something is added to it later. */
  readonly maxNameLength?: number;
}

/** The kinds that the rules know. */
export const KINDS: { readonly [kind: string]: Kind } = {
  Certificate: { scope: 'namespace', name: isDnsSubdomain },
  ConfigMap: { scope: 'namespace', name: isDnsSubdomain },
  // the controller adds eleven characters for the names of Jobs, which are labels
  CronJob: { scope: 'namespace', name: isDnsSubdomain, maxNameLength: 52 },
  // a ReplicaSet's name is longer by a hyphen and a hash of at most ten characters
  Deployment: { scope: 'namespace', name: isDnsSubdomain, maxNameLength: 242 },
  Issuer: { scope: 'namespace', name: isDnsSubdomain },
  // it becomes a label of the pods
  Job: { scope: 'namespace', name: isDnsSubdomain, maxNameLength: 63 },
  Namespace: { scope: 'cluster', name: isDnsLabel },
  NetworkPolicy: { scope: 'namespace', name: isDnsSubdomain },
  PersistentVolume: { scope: 'cluster', name: isDnsSubdomain },
  PersistentVolumeClaim: { scope: 'namespace', name: isDnsSubdomain },
  Pod: { scope: 'namespace', name: isDnsSubdomain },
  Role: { scope: 'namespace', name: isPathSegment },
  RoleBinding: { scope: 'namespace', name: isPathSegment },
  Secret: { scope: 'namespace', name: isDnsSubdomain },
  Service: { scope: 'namespace', name: isDns1035Label },
  ServiceAccount: { scope: 'namespace', name: isDnsSubdomain },
  StorageClass: { scope: 'cluster', name: isDnsSubdomain },
};

/** All annotations of one object together. */
const MAX_ANNOTATIONS = 256 * 1024;

/** Rules about names, labels and annotations. */
export const METADATA_RULES: Rule[] = [
  {
    name: 'the name has the syntax and length of its kind',
    check: ({ kind, metadata: { name } }) => {
      const known = KINDS[kind];
      return known
        ? [
            ...unless(known.name(name), `the name '${name}' is none for a ${kind}`),
            ...unless(name.length <= (known.maxNameLength ?? Infinity), `the name '${name}' has over ${known.maxNameLength} characters`),
          ]
        : [`the rules know no ${kind}: add it to KINDS`];
    },
  },
  {
    name: 'labels are well formed',
    check: object => metadataOf(object).flatMap(({ labels }) => labelFindings(labels)),
  },
  {
    name: 'annotations are well formed',
    check: object => metadataOf(object).flatMap(({ annotations }) => annotationFindings(annotations)),
  },
  {
    name: 'only the objects of a namespace name one',
    check: ({ kind, metadata: { namespace } }) => (KINDS[kind]?.scope === 'cluster'
      ? unless(namespace === undefined, `a ${kind} lies in no namespace`)
      : unless(namespace === undefined || isDnsLabel(namespace), `the namespace '${namespace}' is none`)),
  },
  {
    name: 'ConfigMaps and Secrets have well-formed keys and fit into etcd',
    check: ({ kind, data, stringData, type }) => (['ConfigMap', 'Secret'].includes(kind) ? dataFindings(kind, { ...data as Json, ...stringData as Json }, type) : []),
  },
];

/** What is wrong with labels, or with a selector that must match some. */
export function labelFindings(labels: Json = {}): string[] {
  return Object.entries(labels).flatMap(([key, value]) => [
    ...unless(isQualifiedName(key), `'${key}' is no key of a label`),
    ...unless(isLabelValue(value), `'${value}' is no value of a label`),
  ]);
}

/** The metadata of an object and of what it is a template for. */
function metadataOf(object: KubeObject): Json[] {
  const { jobTemplate } = (object.spec ?? {}) as Json;
  return [object.metadata, jobTemplate?.metadata, podTemplate(object)?.metadata].filter(metadata => metadata !== undefined);
}

function annotationFindings(annotations: Json = {}): string[] {
  const entries = Object.entries(annotations);
  return [
    ...entries.flatMap(([key]) => unless(isQualifiedName(key.toLowerCase()), `'${key}' is no key of an annotation`)),
    ...unless(bytes(entries) <= MAX_ANNOTATIONS, `the annotations have ${bytes(entries)} bytes, over ${MAX_ANNOTATIONS}`),
  ];
}

function dataFindings(kind: string, data: Json, type: unknown): string[] {
  const size = bytes(Object.entries(data));
  const wanted = type === 'kubernetes.io/tls' ? ['tls.crt', 'tls.key'] : [];
  return [
    ...Object.keys(data).flatMap(key => unless(isConfigKey(key), `'${key}' is no key of a ${kind}`)),
    ...wanted.flatMap(key => unless(key in data, `a Secret of type ${String(type)} needs the key ${key}`)),
    ...unless(size < 1024 * 1024, `the data have ${size} bytes, 1 MiB or more`),
  ];
}

function bytes(entries: [string, string][]): number {
  return entries.reduce((sum, [key, value]) => sum + Buffer.byteLength(key) + Buffer.byteLength(value), 0);
}
