import { ClusterState } from './cluster-state';
import { Container, EnvVar, KeyReference } from './pod-spec';

/** What a pod is called and where it is. */
export interface PodIdentity {
  readonly name: string;
  readonly namespace: string;
  readonly ip: string;
}

/** The variables of a container, with what Secrets, ConfigMaps and the pod's own fields say. */
export function resolveEnvironment(container: Container, pod: PodIdentity, cluster: ClusterState): Map<string, string> {
  const variables = new Map<string, string>();
  for (const { prefix = '', secretRef, configMapRef } of container.envFrom ?? []) {
    const reference = secretRef ?? configMapRef ?? { name: '' };
    const data = cluster.read(secretRef ? 'Secret' : 'ConfigMap', pod.namespace, reference.name);
    if (!data && !reference.optional) throw new Error(`'envFrom' must name what is there, got '${reference.name}'`);
    for (const [key, value] of Object.entries(data ?? {})) variables.set(prefix + key, value.toString());
  }
  for (const variable of container.env ?? []) {
    const value = valueOf(variable, pod, cluster);
    if (value !== undefined) variables.set(variable.name, expandReferences(value, variables));
  }
  return variables;
}

/** Replaces `$(NAME)` by the variable's value as Kubernetes does: unknown names stay, `$$(NAME)` is the text `$(NAME)`. */
export function expandReferences(text: string, variables: ReadonlyMap<string, string>): string {
  return text.replace(/\$\$|\$\(([^()]+)\)/g, (match, name: string | undefined) => {
    if (name === undefined) return '$';
    return variables.get(name) ?? match;
  });
}

function valueOf({ value = '', valueFrom }: EnvVar, pod: PodIdentity, cluster: ClusterState): string | undefined {
  if (!valueFrom) return value;
  if (valueFrom.fieldRef) return field(valueFrom.fieldRef.fieldPath, pod);
  if (valueFrom.secretKeyRef) return keyOf('Secret', valueFrom.secretKeyRef, pod, cluster);
  if (valueFrom.configMapKeyRef) return keyOf('ConfigMap', valueFrom.configMapKeyRef, pod, cluster);
  throw new Error(`the manifest player does not play 'valueFrom' of ${Object.keys(valueFrom).join(', ')}`);
}

function field(path: string, pod: PodIdentity): string {
  const fields: Record<string, string> = {
    'metadata.name': pod.name, 'metadata.namespace': pod.namespace, 'status.podIP': pod.ip, 'spec.nodeName': 'node1',
  };
  if (!(path in fields)) throw new Error(`the manifest player does not play the field ${path}`);
  return fields[path];
}

function keyOf(kind: 'Secret' | 'ConfigMap', { name, key, optional }: KeyReference, pod: PodIdentity, cluster: ClusterState): string | undefined {
  const value = cluster.read(kind, pod.namespace, name)?.[key];
  if (value === undefined && !optional) throw new Error(`couldn't find key ${key} in ${kind} ${pod.namespace}/${name}`);
  return value?.toString();
}
