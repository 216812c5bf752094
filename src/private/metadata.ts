import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { Construct } from 'constructs';
import { CacheObjectProps } from '../cache-object-props';
import { objectLabels } from './labels';
import { invalid, requireAnnotations, requireDnsLabel, requireDnsSubdomain, requireLabels, requireLabelValue } from './validation';

/**
 * The metadata of an object of this library, every part of it known at construction.
 */
export interface ObjectMetadata {
  readonly name: string;
  readonly namespace?: string;
  readonly labels: { [key: string]: string };
  readonly annotations?: { [key: string]: string };
}

/**
 * An object with these annotations outlives `helm uninstall` and an Argo CD prune: it holds, or leads to, what cannot be made again.
 *
 * @see https://helm.sh/docs/howto/charts_tips_and_tricks/#tell-helm-not-to-uninstall-a-resource
 * @see https://argo-cd.readthedocs.io/en/stable/user-guide/sync-options/#no-prune-resources
 */
export const KEEP = {
  'helm.sh/resource-policy': 'keep',
  'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false',
};

/**
 * The metadata of a namespaced object: named by its props or else by its construct's id.
 */
export function namespacedMetadata(scope: Construct, id: string, props: CacheObjectProps): ObjectMetadata & { namespace: string } {
  const name = props.name ?? id;
  requireDnsSubdomain('name', name);
  return { name, namespace: namespaceOf(scope), ...decorations(name, props) };
}

/**
 * The metadata of a cluster-scoped object: its default name begins with the namespace, so that equal caches in two namespaces never meet.
 */
export function clusterScopedMetadata(scope: Construct, id: string, props: CacheObjectProps): ObjectMetadata {
  const name = props.name ?? `${namespaceOf(scope)}-${id}`;
  requireDnsSubdomain('name', name);
  return { name, ...decorations(props.name ?? id, props) };
}

/**
 * Keeps the chart's namespace off a cluster-scoped object, where cdk8s puts it.
 *
 * @see https://github.com/cdk8s-team/cdk8s-core/issues/731
 */
export function withoutNamespace<T extends ApiObject>(object: T): T {
  object.addJsonPatch(JsonPatch.remove('/metadata/namespace'));
  return object;
}

/**
 * The namespace of the chart; a claimRef or a Service's DNS name cannot be written without.
 */
export function namespaceOf(scope: Construct): string {
  const { namespace } = Chart.of(scope);
  if (namespace === undefined) {
    throw invalid('namespace', 'must be set on the chart', namespace, "pass '{ namespace: … }' to the chart, or use DindCacheChart");
  }
  requireDnsLabel('namespace', namespace);
  return namespace;
}

function decorations(name: string, props: CacheObjectProps): Pick<ObjectMetadata, 'labels' | 'annotations'> {
  const { instance = name, labels = {}, annotations = {} } = props;
  requireLabelValue('instance', instance);
  requireLabels('labels', labels);
  requireAnnotations('annotations', annotations);
  return { labels: { ...objectLabels(instance), ...labels }, annotations: Object.keys(annotations).length > 0 ? { ...annotations } : undefined };
}
