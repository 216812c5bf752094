import { Size } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import { BuilderNode } from './builder-node';
import { quantity } from './private/quantity';
import { ensure, requireDnsSubdomain } from './private/validation';
import { requireVolumePath } from './private/volume-path';

/**
 * Options of a local volume.
 */
export interface LocalVolumeOptions {
  /**
   * The node that holds the disk; every build runs on it.
   */
  readonly node: BuilderNode;

  /**
   * The directory on the node, absolute; best the mount point of a disk of its own.
   *
   * @see https://kubernetes.io/docs/concepts/storage/volumes/#local
   */
  readonly path: string;

  /**
   * How much of the disk the cache may use.
   *
   * Nothing but the cache's own collection enforces it: Kubernetes does not limit a local volume.
   */
  readonly capacity: Size;

  /**
   * An existing StorageClass without provisioner, with `volumeBindingMode: WaitForFirstConsumer`.
   *
   * @default - a StorageClass is emitted
   */
  readonly storageClassName?: string;

  /**
   * Whether the daemon refuses to start while `path` is not the root of a mounted file system.
   *
   * Without it a daemon that starts before its disk is mounted fills the node's root file system. With it no Job makes the directory.
   *
   * @default false
   */
  readonly requireMountPoint?: boolean;
}

/**
 * Options of a volume that a provisioner makes.
 */
export interface DynamicVolumeOptions {
  /**
   * The size of the volume.
   */
  readonly capacity: Size;

  /**
   * The StorageClass of the provisioner.
   *
   * @default - the cluster's default class
   */
  readonly storageClassName?: string;

  /**
   * How the volume may be mounted: READ_WRITE_ONCE, or with a CSI driver on Kubernetes 1.29 or later READ_WRITE_ONCE_POD.
   *
   * @default PersistentVolumeAccessMode.READ_WRITE_ONCE
   * @see https://kubernetes.io/docs/concepts/storage/persistent-volumes/#access-modes
   */
  readonly accessMode?: PersistentVolumeAccessMode;

  /**
   * The node that the daemon runs on.
   *
   * @default - any node that the volume can be attached to
   */
  readonly node?: BuilderNode;
}

/**
 * Options of a claim that exists.
 */
export interface ExistingClaimOptions {
  /**
   * The name of the PersistentVolumeClaim, in the cache's namespace.
   */
  readonly claimName: string;

  /**
   * The size of its volume.
   */
  readonly capacity: Size;

  /**
   * How the claim may be mounted: READ_WRITE_ONCE or READ_WRITE_ONCE_POD.
   *
   * @default PersistentVolumeAccessMode.READ_WRITE_ONCE
   */
  readonly accessMode?: PersistentVolumeAccessMode;

  /**
   * The node that the daemon runs on.
   *
   * @default - any node that the volume can be attached to
   */
  readonly node?: BuilderNode;
}

/** One of the three is set. */
interface VolumeChoice {
  readonly local?: LocalVolumeOptions;
  readonly dynamic?: DynamicVolumeOptions;
  readonly existingClaim?: ExistingClaimOptions;
}

/**
 * Where the daemon's data lives: images, build cache, containers and volumes.
 */
export class CacheVolume {
  /**
   * A directory or a disk of one node, as a local PersistentVolume.
   */
  public static local(options: LocalVolumeOptions): CacheVolume {
    requireVolumePath(options.path);
    requireDnsSubdomain('storageClassName', options.storageClassName);
    return new CacheVolume({ local: options }, options.capacity, options.node);
  }

  /**
   * A volume that a provisioner makes for the claim.
   *
   * It must be a block device with a file system; Docker's overlay2 does not work on NFS and its like.
   */
  public static dynamic(options: DynamicVolumeOptions): CacheVolume {
    requireAccessMode(options.accessMode);
    requireDnsSubdomain('storageClassName', options.storageClassName);
    return new CacheVolume({ dynamic: options }, options.capacity, options.node);
  }

  /**
   * A PersistentVolumeClaim that something else makes.
   */
  public static existingClaim(options: ExistingClaimOptions): CacheVolume {
    requireDnsSubdomain('claimName', options.claimName);
    requireAccessMode(options.accessMode);
    return new CacheVolume({ existingClaim: options }, options.capacity, options.node);
  }

  private constructor(private readonly choice: VolumeChoice, public readonly capacity: Size, public readonly node?: BuilderNode) {
    quantity('capacity', capacity);
  }

  /**
   * Whether a second pod of the daemon's node may mount the volume.
   *
   * @internal
   */
  public get _mountableTwice(): boolean {
    return (this.choice.dynamic ?? this.choice.existingClaim)?.accessMode !== PersistentVolumeAccessMode.READ_WRITE_ONCE_POD;
  }

  /**
   * @internal
   */
  public get _local(): LocalVolumeOptions | undefined {
    return this.choice.local;
  }

  /**
   * @internal
   */
  public get _dynamic(): DynamicVolumeOptions | undefined {
    return this.choice.dynamic;
  }

  /**
   * @internal
   */
  public get _existingClaim(): ExistingClaimOptions | undefined {
    return this.choice.existingClaim;
  }
}

function requireAccessMode(accessMode?: PersistentVolumeAccessMode): void {
  const modes = [PersistentVolumeAccessMode.READ_WRITE_ONCE, PersistentVolumeAccessMode.READ_WRITE_ONCE_POD];
  ensure(accessMode === undefined || modes.includes(accessMode), 'accessMode', 'must be READ_WRITE_ONCE or READ_WRITE_ONCE_POD',
    accessMode, 'two daemons never share a data directory');
}
