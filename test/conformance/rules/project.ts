import { KubeObject } from '../../apiserver/support/kube-object';
import { KINDS } from './metadata';
import { restrictedFindings } from './pod-security';
import { podRule, podTemplate } from './pod-template';
import { Json, list, Rule, unless } from './rule';

const NAME = 'app.kubernetes.io/name';
const COMPONENT = 'app.kubernetes.io/component';

/** `kubectl apply` copies the object into an annotation, and all annotations together have at most 256 KiB. */
const MAX_APPLIED = 256 * 1024;

/** What every object of the library keeps to, beyond what the API server asks for. */
export const PROJECT_RULES: Rule[] = [
  {
    name: 'the namespace is written out',
    check: ({ kind, metadata: { namespace } }) => unless(namespace !== undefined || KINDS[kind]?.scope === 'cluster', `a ${kind} lies in a namespace`),
  },
  {
    name: 'objects and pods carry the common labels',
    check: object => [
      ...['name', 'instance', 'managed-by'].flatMap(label => labelled(object.metadata, label)),
      ...(podTemplate(object) ? ['name', 'instance', 'component'].flatMap(label => labelled(podTemplate(object)!.metadata, label)) : []),
    ],
  },
  {
    name: 'kubectl apply can note what it applied',
    check: object => unless(Buffer.byteLength(JSON.stringify(object)) < MAX_APPLIED, 'it has over 256 KiB'),
  },
  {
    name: 'a Secret is emitted without keys',
    check: ({ kind, type, data, stringData }) => (kind === 'Secret'
      ? unless(type === 'Opaque' && data === undefined && stringData === undefined, 'what is applied again would replace the keys that somebody has written')
      : []),
  },
  {
    name: 'a Role grants access to named objects alone',
    check: ({ kind, rules }) => (kind === 'Role'
      ? list<Json>(rules).flatMap(({ resourceNames }) => unless(list(resourceNames).length > 0, 'it grants access to every object of a kind'))
      : []),
  },
  podRule('only the pod that uses a token gets one', ({ automountServiceAccountToken, serviceAccountName }) =>
    unless(automountServiceAccountToken === false || serviceAccountName !== undefined, 'a token is mounted that nothing uses')),
  podRule('every pod but the daemon is restricted', (spec, template) => {
    const component = componentOf(template);
    return component === 'daemon' ? [] : restrictedFindings(component === 'directory' ? withoutHostPaths(spec) : spec);
  }),
];

/** Whether the library made an object. */
export function isOurs({ metadata }: KubeObject): boolean {
  return metadata.labels?.[NAME] === 'dind-cache';
}

function labelled(metadata: Json | undefined, label: string): string[] {
  return unless(metadata?.labels?.[`app.kubernetes.io/${label}`] !== undefined, `the label app.kubernetes.io/${label} is missing`);
}

function componentOf({ metadata }: Json): unknown {
  return metadata?.labels?.[COMPONENT];
}

/** The Job that makes a volume's directory mounts the directory's path, which is its purpose. */
function withoutHostPaths(spec: Json): Json {
  return { ...spec, volumes: list(spec.volumes).filter(({ hostPath }) => hostPath === undefined) };
}
