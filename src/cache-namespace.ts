import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { CacheObjectProps } from './cache-object-props';
import { mainObject } from './private/api-object';
import { clusterScopedMetadata, namespaceOf, withoutNamespace } from './private/metadata';

/**
 * Properties of the cache's namespace.
 */
export interface CacheNamespaceProps extends CacheObjectProps {}

/**
 * A namespace that admits the privileged pod of the daemon.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-admission/
 */
export class CacheNamespace extends Construct {
  /**
   * The name of the Namespace.
   */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: CacheNamespaceProps = {}) {
    super(scope, id);
    const metadata = clusterScopedMetadata(this, id, { ...props, name: props.name ?? namespaceOf(this) });
    this.name = metadata.name;
    const levels = Object.fromEntries(['enforce', 'audit', 'warn'].map(mode => [`pod-security.kubernetes.io/${mode}`, 'privileged']));
    withoutNamespace(mainObject(this, k8s.KubeNamespace.manifest({ metadata: { ...metadata, labels: { ...metadata.labels, ...levels } } })));
  }
}
