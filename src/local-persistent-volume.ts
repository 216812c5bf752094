import { Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { BuilderNode } from './builder-node';
import { CacheObjectProps } from './cache-object-props';
import { mainObject } from './private/api-object';
import { clusterScopedMetadata, KEEP, namespaceOf, withoutNamespace } from './private/metadata';
import { quantity } from './private/quantity';
import { requireDnsLabel, requireDnsSubdomain } from './private/validation';
import { requireVolumePath } from './private/volume-path';

/**
 * Properties of a local PersistentVolume.
 */
export interface LocalPersistentVolumeProps extends CacheObjectProps {
  /**
   * The node that holds the directory.
   */
  readonly node: BuilderNode;

  /**
   * The directory on the node, absolute; it must exist before a pod mounts it.
   */
  readonly path: string;

  /**
   * What the volume counts for; it may grow later.
   *
   * Kubernetes does not limit what is written to a local volume.
   */
  readonly capacity: Size;

  /**
   * The StorageClass; the claim names the same.
   */
  readonly storageClassName: string;

  /**
   * The name of the only claim that may bind the volume.
   */
  readonly claimName: string;

  /**
   * The namespace of that claim.
   *
   * @default - the chart's namespace
   */
  readonly claimNamespace?: string;
}

/**
 * A directory of one node, as a PersistentVolume that is reserved for one claim and outlives it.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/#local
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#reserving-a-persistentvolume
 */
export class LocalPersistentVolume extends Construct {
  /**
   * The name of the PersistentVolume.
   */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: LocalPersistentVolumeProps) {
    super(scope, id);
    requireVolumePath(props.path);
    requireDnsSubdomain('storageClassName', props.storageClassName);
    requireDnsSubdomain('claimName', props.claimName);
    const { claimNamespace = namespaceOf(this) } = props;
    requireDnsLabel('claimNamespace', claimNamespace);
    const metadata = clusterScopedMetadata(this, id, props);
    this.name = metadata.name;
    withoutNamespace(mainObject(this, k8s.KubePersistentVolume.manifest({
      metadata: { ...metadata, annotations: { ...KEEP, ...metadata.annotations } },
      spec: {
        capacity: { storage: quantity('capacity', props.capacity) },
        accessModes: ['ReadWriteOnce'],
        persistentVolumeReclaimPolicy: 'Retain',
        storageClassName: props.storageClassName,
        volumeMode: 'Filesystem',
        // without its namespace, or with a uid, the claim would stay Pending
        claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: claimNamespace, name: props.claimName },
        local: { path: props.path },
        nodeAffinity: props.node._nodeAffinity(),
      },
    })));
  }
}
