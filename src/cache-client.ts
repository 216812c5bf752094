import { k8s } from 'cdk8s-plus-27';
import { ensure, requireDnsLabel, requireLabels } from './private/validation';

/**
 * Options of the clients in a namespace.
 */
export interface NamespaceClientOptions {
  /**
   * The labels that a pod of the namespace must have to be let in.
   *
   * @default - every pod of the namespace is let in
   */
  readonly podLabels?: { [key: string]: string };
}

/**
 * Pods that may connect to the daemon.
 *
 * Whoever can talk to a Docker daemon is root on its node: name the namespaces of CI jobs and nothing else.
 */
export class CacheClient {
  /**
   * The pods of a namespace, by its name.
   *
   * The namespace must exist when the manifests are applied: its client Secret stands in it.
   */
  public static inNamespace(name: string, options: NamespaceClientOptions = {}): CacheClient {
    requireDnsLabel('namespace', name);
    return new CacheClient(name, options.podLabels);
  }

  /**
   * The pods with these labels in the cache's own namespace.
   */
  public static withLabels(labels: { [key: string]: string }): CacheClient {
    ensure(Object.keys(labels).length > 0, 'labels', 'must not be empty', labels, 'an empty selector would let every pod of the namespace in');
    return new CacheClient(undefined, labels);
  }

  /**
   * The namespace of the pods.
   *
   * @default - the cache's own
   */
  public readonly namespaceName?: string;

  /**
   * The labels of the pods.
   *
   * @default - every pod of the namespace
   */
  public readonly podLabels?: { [key: string]: string };

  private constructor(namespaceName?: string, podLabels?: { [key: string]: string }) {
    requireLabels('podLabels', podLabels ?? {});
    this.namespaceName = namespaceName;
    this.podLabels = podLabels && { ...podLabels };
  }

  /**
   * @internal
   */
  public _toPeer(): k8s.NetworkPolicyPeer {
    return {
      namespaceSelector: this.namespaceName === undefined ? undefined : { matchLabels: { 'kubernetes.io/metadata.name': this.namespaceName } },
      podSelector: this.podLabels && { matchLabels: this.podLabels },
    };
  }
}
