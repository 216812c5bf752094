import { Size } from 'cdk8s';
import { k8s, PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { CacheObjectProps } from './cache-object-props';
import { mainObject } from './private/api-object';
import { KEEP, namespacedMetadata } from './private/metadata';
import { quantity } from './private/quantity';
import { requireDnsSubdomain } from './private/validation';

/**
 * Properties of the claim of the cache's volume.
 */
export interface CacheVolumeClaimProps extends CacheObjectProps {
  /**
   * How much the claim asks for.
   *
   * For a local volume a constant: Kubernetes lets nobody change it later, while the volume's own capacity may grow.
   *
   * @default Size.gibibytes(1)
   */
  readonly claimRequest?: Size;

  /**
   * The StorageClass.
   *
   * @default - the cluster's default class
   */
  readonly storageClassName?: string;

  /**
   * The name of the PersistentVolume to bind.
   *
   * @default - any that fits, or one that a provisioner makes
   */
  readonly volumeName?: string;

  /**
   * How the volume may be mounted.
   *
   * @default PersistentVolumeAccessMode.READ_WRITE_ONCE
   */
  readonly accessMode?: PersistentVolumeAccessMode;
}

/**
 * The PersistentVolumeClaim through which the daemon's pod mounts its data.
 *
 * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#persistentvolumeclaims
 */
export class CacheVolumeClaim extends Construct {
  /**
   * The name of the PersistentVolumeClaim.
   */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: CacheVolumeClaimProps = {}) {
    super(scope, id);
    requireDnsSubdomain('storageClassName', props.storageClassName);
    requireDnsSubdomain('volumeName', props.volumeName);
    const metadata = namespacedMetadata(this, id, props);
    this.name = metadata.name;
    mainObject(this, k8s.KubePersistentVolumeClaim.manifest({
      metadata: { ...metadata, annotations: { ...KEEP, ...metadata.annotations } },
      spec: {
        accessModes: [props.accessMode ?? PersistentVolumeAccessMode.READ_WRITE_ONCE],
        resources: { requests: { storage: quantity('claimRequest', props.claimRequest ?? Size.gibibytes(1)) } },
        storageClassName: props.storageClassName,
        volumeMode: 'Filesystem',
        volumeName: props.volumeName,
      },
    }));
  }
}
