import { Size } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import { BuilderNode, CacheVolume, DindCache } from '../src';
import { cacheProps, localVolume, manifestOf, newChart, podSpecOf } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

const node = BuilderNode.hostname('node1');
const capacity = Size.gibibytes(200);

function cacheOn(volume: CacheVolume): DindCache {
  return new DindCache(newChart(), 'docker', cacheProps({ volume }));
}

/** Whether the prune job mounts what the daemon writes to. */
function mounts(volume: CacheVolume): boolean {
  return podSpecOf(cacheOn(volume).pruneJob).volumes.some(({ name }) => name === 'data');
}

describe('a volume', () => {
  test.each([
    ['local', CacheVolume.local(localVolume({ capacity, node }))],
    ['dynamic', CacheVolume.dynamic({ capacity, node })],
    ['existing', CacheVolume.existingClaim({ claimName: 'data', capacity, node })],
  ])('that is %s can be asked for its capacity and its node', (_, volume) => {
    expect(volume.capacity).toBe(capacity);
    expect(volume.node).toBe(node);
  });

  test.each([
    ['local', CacheVolume.local(localVolume({ node }))],
    ['dynamic', CacheVolume.dynamic({ capacity, node })],
    ['existing', CacheVolume.existingClaim({ claimName: 'data', capacity, node })],
  ])('that is %s brings the daemon and the prune job to its node', (_, volume) => {
    const { deployment, pruneJob } = cacheOn(volume);

    expect(podSpecOf(deployment).nodeSelector).toEqual(node.labels);
    expect(podSpecOf(pruneJob).nodeSelector).toEqual(node.labels);
  });

  test.each([
    ['local', CacheVolume.local(localVolume()), 'docker-data'],
    ['dynamic', CacheVolume.dynamic({ capacity }), 'docker-data'],
    ['existing', CacheVolume.existingClaim({ claimName: 'somebodys', capacity }), 'somebodys'],
  ])('that is %s is what the daemon keeps its data on', (_, volume, claimName) => {
    expect(podSpecOf(cacheOn(volume).deployment).volumes).toContainEqual({ name: 'data', persistentVolumeClaim: { claimName } });
  });

  test.each<[string, CacheVolume, boolean]>([
    ['local', CacheVolume.local(localVolume()), true],
    ['dynamic', CacheVolume.dynamic({ capacity }), true],
    ['dynamic, for one pod', CacheVolume.dynamic({ capacity, accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE_POD }), false],
    ['existing', CacheVolume.existingClaim({ claimName: 'data', capacity }), true],
    ['existing, for one pod', CacheVolume.existingClaim({ claimName: 'data', capacity, accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE_POD }), false],
  ])('that is %s is mounted by the prune job where a second pod can', (_, volume, expected) => {
    expect(mounts(volume)).toBe(expected);
  });

  const none = Size.gibibytes(0);
  const wrongName = "must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit";
  test.each<[string, () => CacheVolume, string]>([
    ['a local volume on a relative path', () => CacheVolume.local(localVolume({ path: 'mnt/docker' })),
      "'path' must be absolute, got 'mnt/docker'; did you mean '/mnt/docker'?"],
    ['a local volume of a class that cannot exist', () => CacheVolume.local(localVolume({ storageClassName: 'A' })), `'storageClassName' ${wrongName}, got 'A'`],
    ['a dynamic volume of a class that cannot exist', () => CacheVolume.dynamic({ capacity, storageClassName: 'A' }), `'storageClassName' ${wrongName}, got 'A'`],
    ['a claim that cannot exist', () => CacheVolume.existingClaim({ capacity, claimName: 'A' }), `'claimName' ${wrongName}, got 'A'`],
    ['a local volume of no size', () => CacheVolume.local(localVolume({ capacity: none })), "'capacity' must be a positive whole number of KiB, got 0 MiB"],
    ['a dynamic volume of no size', () => CacheVolume.dynamic({ capacity: none }), "'capacity' must be a positive whole number of KiB, got 0 MiB"],
    ['an existing claim of no size', () => CacheVolume.existingClaim({ claimName: 'data', capacity: none }),
      "'capacity' must be a positive whole number of KiB, got 0 MiB"],
    ['a claim that several nodes mount', () => CacheVolume.existingClaim({ claimName: 'data', capacity, accessMode: PersistentVolumeAccessMode.READ_ONLY_MANY }),
      "'accessMode' must be READ_WRITE_ONCE or READ_WRITE_ONCE_POD, got 'ReadOnlyMany'; two daemons never share a data directory"],
    ['a volume that several nodes mount', () => CacheVolume.dynamic({ capacity, accessMode: PersistentVolumeAccessMode.READ_WRITE_MANY }),
      "'accessMode' must be READ_WRITE_ONCE or READ_WRITE_ONCE_POD, got 'ReadWriteMany'; two daemons never share a data directory"],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});

describeDefaults('LocalVolumeOptions', [
  ['storageClassName', '- a StorageClass is emitted', () => {
    expect(cacheOn(CacheVolume.local(localVolume())).storage.storageClass!.name).toBe('ci-docker');
  }],
  ['requireMountPoint', 'false', () => {
    const { storage, deployment } = cacheOn(CacheVolume.local(localVolume()));

    expect(storage.directoryJob).toBeDefined();
    expect(JSON.stringify(manifestOf(deployment))).not.toContain('REQUIRE_MOUNT_POINT');
  }],
]);

describeDefaults('DynamicVolumeOptions', [
  ['storageClassName', "- the cluster's default class", () => {
    expect(manifestOf(cacheOn(CacheVolume.dynamic({ capacity })).storage).spec).not.toHaveProperty('storageClassName');
  }],
  ['accessMode', 'PersistentVolumeAccessMode.READ_WRITE_ONCE', () => {
    expect(manifestOf(cacheOn(CacheVolume.dynamic({ capacity })).storage).spec.accessModes).toEqual(['ReadWriteOnce']);
  }],
  ['node', '- any node that the volume can be attached to', () => {
    expect(CacheVolume.dynamic({ capacity }).node).toBeUndefined();
    expect(podSpecOf(cacheOn(CacheVolume.dynamic({ capacity })).deployment)).not.toHaveProperty('nodeSelector');
  }],
]);

describeDefaults('ExistingClaimOptions', [
  ['accessMode', 'PersistentVolumeAccessMode.READ_WRITE_ONCE', () => expect(mounts(CacheVolume.existingClaim({ claimName: 'data', capacity }))).toBe(true)],
  ['node', '- any node that the volume can be attached to', () => {
    const volume = CacheVolume.existingClaim({ claimName: 'data', capacity });

    expect(volume.node).toBeUndefined();
    expect(podSpecOf(cacheOn(volume).deployment)).not.toHaveProperty('nodeSelector');
  }],
]);
