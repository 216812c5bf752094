import { Size } from 'cdk8s';
import { PersistentVolumeAccessMode } from 'cdk8s-plus-27';
import { CacheVolumeClaim, CacheVolumeClaimProps } from '../src';
import { manifestOf, newChart } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

function claim(props?: CacheVolumeClaimProps): CacheVolumeClaim {
  return new CacheVolumeClaim(newChart(), 'data', props);
}

describe('a claim', () => {
  test('asks for what it is told to', () => {
    const { spec } = manifestOf(claim({
      claimRequest: Size.tebibytes(2),
      storageClassName: 'fast',
      volumeName: 'ci-docker',
      accessMode: PersistentVolumeAccessMode.READ_WRITE_ONCE_POD,
    }));

    expect(spec).toEqual({
      accessModes: ['ReadWriteOncePod'],
      resources: { requests: { storage: '2Ti' } },
      storageClassName: 'fast',
      volumeMode: 'Filesystem',
      volumeName: 'ci-docker',
    });
  });

  test('can be named by whoever mounts it', () => {
    expect(claim().name).toBe('data');
    expect(claim({ name: 'docker-data' }).name).toBe('docker-data');
  });

  test.each<[string, CacheVolumeClaimProps, string]>([
    ['a class that cannot exist', { storageClassName: 'Fast' },
      "'storageClassName' must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit, got 'Fast'"],
    ['a volume that cannot exist', { volumeName: 'a_b' },
      "'volumeName' must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit, got 'a_b'"],
    ['a request of nothing', { claimRequest: Size.gibibytes(0) }, "'claimRequest' must be a positive whole number of KiB, got 0 MiB"],
    ['a request of half a KiB', { claimRequest: Size.kibibytes(0.5) }, "'claimRequest' must be a positive whole number of KiB, got 0.00048828125 MiB"],
  ])('refuses %s', (_, props, message) => {
    expect(() => claim(props)).toThrow(new Error(message));
  });
});

describeDefaults('CacheVolumeClaimProps', [
  ['claimRequest', 'Size.gibibytes(1)', () => expect(manifestOf(claim()).spec.resources).toEqual({ requests: { storage: '1Gi' } })],
  ['storageClassName', "- the cluster's default class", () => expect(manifestOf(claim()).spec).not.toHaveProperty('storageClassName')],
  ['volumeName', '- any that fits, or one that a provisioner makes', () => expect(manifestOf(claim()).spec).not.toHaveProperty('volumeName')],
  ['accessMode', 'PersistentVolumeAccessMode.READ_WRITE_ONCE', () => expect(manifestOf(claim()).spec.accessModes).toEqual(['ReadWriteOnce'])],
]);
