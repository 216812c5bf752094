import { k8s, TaintEffect } from 'cdk8s-plus-27';
import { sorted } from './private/digest';
import { ensure, requireLabels } from './private/validation';

/**
 * A taint of the builder node that the pods of the cache tolerate.
 *
 * @see https://kubernetes.io/docs/concepts/scheduling-eviction/taint-and-toleration/
 */
export interface BuilderToleration {
  /**
   * The key of the taint.
   */
  readonly key: string;

  /**
   * The value of the taint.
   *
   * @default - any value
   */
  readonly value?: string;

  /**
   * The effect of the taint.
   *
   * @default - all effects
   */
  readonly effect?: TaintEffect;
}

/**
 * Options of a builder node.
 */
export interface BuilderNodeOptions {
  /**
   * The taints of the node that the daemon and the jobs beside it tolerate.
   *
   * @default - none
   */
  readonly tolerations?: BuilderToleration[];
}

/**
 * The node that builds run on and that holds the disk of the cache.
 *
 * The volume's node affinity, the pods' node selector and their tolerations all come from this one object, so that they cannot disagree.
 */
export class BuilderNode {
  /**
   * The node with this value of the label `kubernetes.io/hostname`, which is usually but not always the name of the Node.
   *
   * `kubectl get node NAME -o jsonpath='{.metadata.labels.kubernetes\.io/hostname}'` prints it.
   *
   * @see https://kubernetes.io/docs/reference/labels-annotations-taints/#kubernetesiohostname
   */
  public static hostname(name: string, options: BuilderNodeOptions = {}): BuilderNode {
    ensure(name !== '', 'hostname', 'must not be empty', name);
    return new BuilderNode({ 'kubernetes.io/hostname': name }, options);
  }

  /**
   * The node that has all of these labels.
   *
   * With a local volume exactly one node may have them: the data does not follow a pod to another one.
   */
  public static labeled(labels: { [key: string]: string }, options: BuilderNodeOptions = {}): BuilderNode {
    ensure(Object.keys(labels).length > 0, 'labels', 'must not be empty', labels, 'name at least one label of the node');
    return new BuilderNode(labels, options);
  }

  /**
   * The labels that the node has.
   */
  public readonly labels: { [key: string]: string };

  /**
   * The taints of the node that are tolerated.
   */
  public readonly tolerations: BuilderToleration[];

  private constructor(labels: { [key: string]: string }, options: BuilderNodeOptions) {
    requireLabels('labels', labels);
    // in order, or writing the same labels in another order would change lists that the API server keeps for ever
    this.labels = sorted(labels);
    this.tolerations = [...(options.tolerations ?? [])];
    this.tolerations.forEach(({ key, value }) => requireLabels('tolerations', { [key]: value ?? '' }));
  }

  /**
   * @internal
   */
  public _nodeAffinity(): k8s.VolumeNodeAffinity {
    const matchExpressions = Object.entries(this.labels).map(([key, value]) => ({ key, operator: 'In', values: [value] }));
    return { required: { nodeSelectorTerms: [{ matchExpressions }] } };
  }

  /**
   * Prefers every node that lacks one of the labels.
   *
   * @internal
   */
  public _antiAffinity(): k8s.NodeAffinity {
    return {
      preferredDuringSchedulingIgnoredDuringExecution: Object.entries(this.labels).map(([key, value]) =>
        ({ weight: 100, preference: { matchExpressions: [{ key, operator: 'NotIn', values: [value] }] } })),
    };
  }

  /**
   * @internal
   */
  public _tolerations(): k8s.Toleration[] | undefined {
    if (this.tolerations.length === 0) {
      return undefined;
    }
    return this.tolerations.map(({ key, value, effect }) => ({ key, operator: value === undefined ? 'Exists' : 'Equal', value, effect }));
  }
}
