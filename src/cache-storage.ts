import { Size } from 'cdk8s';
import { Construct } from 'constructs';
import { CacheObjectProps } from './cache-object-props';
import { CacheVolume, DynamicVolumeOptions, LocalVolumeOptions } from './cache-volume';
import { CacheVolumeClaim } from './cache-volume-claim';
import { DockerImages } from './docker-images';
import { LocalPersistentVolume } from './local-persistent-volume';
import { LocalStorageClass } from './local-storage-class';
import { namespacedMetadata, namespaceOf } from './private/metadata';
import { bytes } from './private/quantity';
import { ensure } from './private/validation';
import { isOnRootDisk } from './private/volume-path';
import { VolumeDirectoryJob } from './volume-directory-job';
import { Warnings } from './warnings';

/** What the claim of a local volume asks for; it can never change, so the volume alone carries the capacity. */
const LOCAL_CLAIM_REQUEST = Size.gibibytes(1);

/**
 * Properties of the storage of a cache.
 */
export interface CacheStorageProps extends CacheObjectProps {
  /**
   * Where the daemon's data lives.
   */
  readonly volume: CacheVolume;

  /**
   * The container images.
   *
   * @default DockerImages.official()
   */
  readonly images?: DockerImages;

  /**
   * The construct below which the cluster-scoped objects are made, such as another chart.
   *
   * @default - this construct
   */
  readonly clusterScope?: Construct;
}

/**
 * The objects that a cache's volume consists of, and the claim by which it is mounted.
 *
 * Its name, by default the construct's id, is what the names of its objects begin with.
 */
export class CacheStorage extends Construct {
  /**
   * The name of the PersistentVolumeClaim.
   */
  public readonly claimName: string;

  /**
   * The StorageClass.
   *
   * @default - none: the volume is not local or uses an existing class
   */
  public readonly storageClass?: LocalStorageClass;

  /**
   * The PersistentVolume.
   *
   * @default - none: the volume is not local
   */
  public readonly persistentVolume?: LocalPersistentVolume;

  /**
   * The PersistentVolumeClaim.
   *
   * @default - none: the claim exists already
   */
  public readonly claim?: CacheVolumeClaim;

  /**
   * The Job that makes the volume's directory.
   *
   * @default - none: the volume is not local or its path must be a mount point
   */
  public readonly directoryJob?: VolumeDirectoryJob;

  private readonly common: CacheObjectProps & { readonly name: string };
  private readonly clusterScope: Construct;
  private readonly clusterScopedName: string;

  constructor(scope: Construct, id: string, props: CacheStorageProps) {
    super(scope, id);
    const { name, namespace } = namespacedMetadata(this, id, props);
    const { instance = name, labels, annotations, volume } = props;
    this.common = { name, instance, labels, annotations };
    this.clusterScopedName = `${namespace}-${name}`;
    this.clusterScope = props.clusterScope ? new Construct(props.clusterScope, this.clusterScopedName) : this;
    this.claimName = volume._existingClaim?.claimName ?? `${name}-data`;
    if (volume._local) {
      this.storageClass = volume._local.storageClassName === undefined ? this.makeStorageClass() : undefined;
      this.persistentVolume = this.makeLocalVolume(volume._local);
      this.claim = this.makeLocalClaim(volume._local);
      this.directoryJob = volume._local.requireMountPoint ? undefined : this.makeDirectoryJob(volume._local, props.images);
    } else if (volume._dynamic) {
      this.claim = this.makeDynamicClaim(volume._dynamic);
    }
    this.node.defaultChild = this.claim;
  }

  private storageClassName(local: LocalVolumeOptions): string {
    return local.storageClassName ?? this.clusterScopedName;
  }

  private makeStorageClass(): LocalStorageClass {
    return new LocalStorageClass(this.clusterScope, 'StorageClass', { ...this.common, name: this.clusterScopedName });
  }

  private makeLocalVolume(local: LocalVolumeOptions): LocalPersistentVolume {
    ensure(bytes(local.capacity) >= bytes(LOCAL_CLAIM_REQUEST), 'capacity', 'must be at least 1 GiB, which the claim asks for', local.capacity);
    const volume = new LocalPersistentVolume(this.clusterScope, 'PersistentVolume', {
      ...this.common,
      name: this.clusterScopedName,
      node: local.node,
      path: local.path,
      capacity: local.capacity,
      storageClassName: this.storageClassName(local),
      claimName: this.claimName,
      claimNamespace: namespaceOf(this),
    });
    if (isOnRootDisk(local.path) && !local.requireMountPoint) {
      Warnings.of(volume)._add('volume-path', `'path' ${local.path} usually lies on the node's root disk, which builds can fill; mount a disk there and set 'requireMountPoint'`);
    }
    return volume;
  }

  private makeLocalClaim(local: LocalVolumeOptions): CacheVolumeClaim {
    return new CacheVolumeClaim(this, 'Claim', {
      ...this.common,
      name: this.claimName,
      claimRequest: LOCAL_CLAIM_REQUEST,
      storageClassName: this.storageClassName(local),
      volumeName: this.clusterScopedName,
    });
  }

  private makeDynamicClaim({ capacity, storageClassName, accessMode }: DynamicVolumeOptions): CacheVolumeClaim {
    return new CacheVolumeClaim(this, 'Claim', { ...this.common, name: this.claimName, claimRequest: capacity, storageClassName, accessMode });
  }

  private makeDirectoryJob({ node, path }: LocalVolumeOptions, images?: DockerImages): VolumeDirectoryJob {
    return new VolumeDirectoryJob(this, 'Directory', { ...this.common, name: `${this.common.name}-directory`, node, path, images });
  }
}
