import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { CacheObjectProps } from './cache-object-props';
import { mainObject } from './private/api-object';
import { clusterScopedMetadata, withoutNamespace } from './private/metadata';

/**
 * Properties of a StorageClass for local volumes.
 */
export interface LocalStorageClassProps extends CacheObjectProps {}

/**
 * A StorageClass without provisioner that binds a claim only when its pod is scheduled.
 *
 * @see https://kubernetes.io/docs/concepts/storage/storage-classes/#local
 */
export class LocalStorageClass extends Construct {
  /**
   * The name of the StorageClass.
   */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: LocalStorageClassProps = {}) {
    super(scope, id);
    const metadata = clusterScopedMetadata(this, id, props);
    this.name = metadata.name;
    withoutNamespace(mainObject(this, k8s.KubeStorageClass.manifest({
      metadata,
      provisioner: 'kubernetes.io/no-provisioner',
      // Delete, the default, would mislead: no provisioner is there to delete anything
      reclaimPolicy: 'Retain',
      volumeBindingMode: 'WaitForFirstConsumer',
    })));
  }
}
