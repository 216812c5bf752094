import { Chart, ChartProps } from 'cdk8s';
import { Construct } from 'constructs';
import { CacheNamespace } from './cache-namespace';
import { DindCache, DindCacheProps } from './dind-cache';
import { namespaceOf } from './private/metadata';
import { requireCacheName } from './private/validation';

/**
 * Properties of a chart with one cache.
 */
export interface DindCacheChartProps extends DindCacheProps, ChartProps {
  /**
   * Whether the namespace is emitted, with the labels that admit the daemon's privileged pod.
   *
   * `kubectl delete` of the manifests then deletes the namespace with everything in it.
   *
   * @default - true for the default namespace, false for one that is given
   */
  readonly createNamespace?: boolean;

  /**
   * Whether StorageClass, PersistentVolume and Namespace are written to a file of their own, for the people who may apply them.
   *
   * @default false
   */
  readonly separateClusterScoped?: boolean;
}

/** The namespace where none is given. */
const DEFAULT_NAMESPACE = 'dind-cache';

/**
 * A chart with one cache and, unless told otherwise, its namespace `dind-cache`.
 */
export class DindCacheChart extends Chart {
  /**
   * The cache.
   */
  public readonly cache: DindCache;

  /**
   * The namespace's object.
   *
   * @default - none: the namespace is not emitted
   */
  public readonly cacheNamespace?: CacheNamespace;

  constructor(scope: Construct, id: string, props: DindCacheChartProps) {
    super(scope, id, { ...props, namespace: props.namespace ?? DEFAULT_NAMESPACE });
    const name = props.name ?? id;
    requireCacheName(name);
    const clusterScope = props.separateClusterScoped ? new Chart(this, 'cluster') : props.clusterScope;
    if (props.createNamespace ?? props.namespace === undefined) {
      // not of this instance: each cache of a namespace emits it, and they must not differ
      this.cacheNamespace = new CacheNamespace(clusterScope ?? this, 'Namespace', { name: namespaceOf(this), labels: props.labels, annotations: props.annotations });
    }
    this.cache = new DindCache(this, 'Cache', { ...props, name, clusterScope });
    this.node.defaultChild = this.cache;
  }
}
