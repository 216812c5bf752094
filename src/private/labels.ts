/**
 * What a pod is for; part of the selectors, so that a Service of the daemon never selects a pod of a job.
 */
export enum Component {
  /** The Docker daemon. */
  DAEMON = 'daemon',
  /** Makes the directory of a local volume. */
  DIRECTORY = 'directory',
  /** Removes what no job needs any more. */
  PRUNE = 'prune',
  /** Issues certificates. */
  TLS = 'tls',
}

const NAME = { 'app.kubernetes.io/name': 'dind-cache' };

/**
 * The labels by which pods of one component of one cache are selected; they never depend on a construct's path.
 */
export function selectorLabels(instance: string, component: Component): { [key: string]: string } {
  return { ...NAME, 'app.kubernetes.io/instance': instance, 'app.kubernetes.io/component': component };
}

/**
 * The labels of every object of one cache.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/common-labels/
 */
export function objectLabels(instance: string): { [key: string]: string } {
  return { ...NAME, 'app.kubernetes.io/instance': instance, 'app.kubernetes.io/managed-by': 'cdk8s' };
}
