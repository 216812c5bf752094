import { ApiObject, Chart, Size, Testing } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import { BuilderNode, CacheStorage, CacheStorageProps, CacheVolume, DockerImages, LocalVolumeOptions, Warnings } from '../src';
import { containerOf, identities, localVolume, manifestOf, manifestsBelow, newChart, podSpecOf } from './fixtures';
import { standardErrorOf } from './support/captured';
import { describeDefaults } from './support/describe-defaults';

const capacity = Size.gibibytes(100);

function storage(volume: CacheVolume, props: Omit<CacheStorageProps, 'volume'> = {}): CacheStorage {
  return new CacheStorage(newChart(), 'docker', { volume, ...props });
}

function local(options: Partial<LocalVolumeOptions> = {}, props: Omit<CacheStorageProps, 'volume'> = {}): CacheStorage {
  return storage(CacheVolume.local(localVolume(options)), props);
}

describe('the storage on a local volume', () => {
  test('is a class, a volume, a claim and the Job that makes the directory', () => {
    expect(identities(manifestsBelow(local()))).toEqual([
      'StorageClass ci-docker', 'PersistentVolume ci-docker', 'PersistentVolumeClaim docker-data', expect.stringMatching(/^Job docker-directory-[0-9a-f]{10}$/),
    ]);
  });

  test('binds volume and claim to each other and to one class', () => {
    const { storageClass, persistentVolume, claim, claimName } = local();
    const volume = manifestOf(persistentVolume!);

    expect(volume.spec.claimRef).toEqual({ apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'ci', name: claimName });
    expect(manifestOf(claim!).metadata.name).toBe(claimName);
    expect(manifestOf(claim!).spec.volumeName).toBe(volume.metadata.name);
    expect([manifestOf(claim!), volume].map(({ spec }) => spec.storageClassName)).toEqual([storageClass!.name, storageClass!.name]);
  });

  test('can grow: the volume carries the capacity, the claim a constant', () => {
    const { persistentVolume, claim } = local({ capacity: Size.gibibytes(250) });

    expect(manifestOf(persistentVolume!).spec.capacity).toEqual({ storage: '250Gi' });
    expect(manifestOf(claim!).spec.resources.requests).toEqual({ storage: '1Gi' });
  });

  test('makes no class where an existing one is named', () => {
    const { storageClass, persistentVolume, claim } = local({ storageClassName: 'local-disks' });

    expect(storageClass).toBeUndefined();
    expect([manifestOf(claim!), manifestOf(persistentVolume!)].map(({ spec }) => spec.storageClassName)).toEqual(['local-disks', 'local-disks']);
  });

  test('makes no directory where a mount point is required', () => {
    expect(local({ requireMountPoint: true }).directoryJob).toBeUndefined();
  });

  test('makes the directory on the node, at the path', () => {
    const { directoryJob } = local({ node: BuilderNode.hostname('node7'), path: '/mnt/disks/docker' });

    expect(podSpecOf(directoryJob!).nodeSelector).toEqual({ 'kubernetes.io/hostname': 'node7' });
    expect(podSpecOf(directoryJob!).volumes).toEqual([{ name: 'data', hostPath: { path: '/mnt/disks/docker', type: 'DirectoryOrCreate' } }]);
  });

  test('decorates every object and passes the images on', () => {
    const made = local({}, { instance: 'cache', labels: { team: 'web' }, annotations: { note: 'x' }, images: DockerImages.official({ registryPrefix: 'example.com' }) });

    manifestsBelow(made).forEach(({ metadata }) => {
      expect(metadata.labels).toMatchObject({ 'app.kubernetes.io/instance': 'cache', 'team': 'web' });
      expect(metadata.annotations).toMatchObject({ note: 'x' });
    });
    expect(containerOf(made.directoryJob!).image).toBe('example.com/busybox:1.37.0');
  });

  test('is refused where it is smaller than its claim', () => {
    expect(() => local({ capacity: Size.mebibytes(512) })).toThrow(new Error("'capacity' must be at least 1 GiB, which the claim asks for, got 512 MiB"));
  });

  test.each(['/var/lib/dind', '/home/ci', '/root/docker', '/opt/docker', '/tmp/docker'])('warns of %s, which usually lies on the root disk', path => {
    const made = local({ path });
    const message = `[Warning at chart/docker/PersistentVolume] 'path' ${path} usually lies on the node's root disk, which builds can fill; `
      + "mount a disk there and set 'requireMountPoint' (volume-path)";

    expect(Warnings.of(made).messages).toEqual([message]);
    expect(standardErrorOf(() => Testing.synth(Chart.of(made)))).toBe(`${message}\n`);
  });

  test.each<Partial<LocalVolumeOptions>>([{ path: '/mnt/docker' }, { path: '/data' }, { path: '/var/lib/dind', requireMountPoint: true }])('does not warn of %j', options => {
    expect(Warnings.of(local(options)).messages).toEqual([]);
  });
});

describe('the storage on other volumes', () => {
  test('that a provisioner makes is a claim for all of it', () => {
    const made = storage(CacheVolume.dynamic({ capacity, storageClassName: 'fast', accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE_POD }));

    expect(identities(manifestsBelow(made))).toEqual(['PersistentVolumeClaim docker-data']);
    expect(made.claim!.node.path).toBe('chart/docker/Claim');
    expect(manifestOf(made).spec).toEqual({
      accessModes: ['ReadWriteOncePod'], resources: { requests: { storage: '100Gi' } }, storageClassName: 'fast', volumeMode: 'Filesystem',
    });
  });

  test('that exist already is nothing, and no patch can reach it', () => {
    const made = storage(CacheVolume.existingClaim({ claimName: 'somebodys', capacity }));

    expect(made.claimName).toBe('somebodys');
    expect(manifestsBelow(made)).toEqual([]);
    expect(() => ApiObject.of(made)).toThrow('cannot find a (direct or indirect) child of type ApiObject for construct chart/docker');
  });
});

describeDefaults('CacheStorageProps', [
  ['images', 'DockerImages.official()', () => expect(containerOf(local().directoryJob!).image).toBe(DockerImages.official().busybox)],
  ['clusterScope', '- this construct', () => {
    const made = local();

    expect(made.storageClass!.node.scope).toBe(made);
    expect(made.persistentVolume!.node.scope).toBe(made);
  }],
]);

const dynamic = (): CacheStorage => storage(CacheVolume.dynamic({ capacity }));
const existing = (): CacheStorage => storage(CacheVolume.existingClaim({ claimName: 'data', capacity }));

describeDefaults('CacheStorage', [
  ['storageClass', '- none: the volume is not local or uses an existing class', () => {
    expect([dynamic(), existing(), local({ storageClassName: 'local' })].map(({ storageClass }) => storageClass)).toEqual([undefined, undefined, undefined]);
  }],
  ['persistentVolume', '- none: the volume is not local', () => {
    expect([dynamic(), existing()].map(({ persistentVolume }) => persistentVolume)).toEqual([undefined, undefined]);
  }],
  ['claim', '- none: the claim exists already', () => expect(existing().claim).toBeUndefined()],
  ['directoryJob', '- none: the volume is not local or its path must be a mount point', () => {
    expect([dynamic(), existing(), local({ requireMountPoint: true })].map(({ directoryJob }) => directoryJob)).toEqual([undefined, undefined, undefined]);
  }],
]);
