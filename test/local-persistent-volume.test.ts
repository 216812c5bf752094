import { Size } from 'cdk8s';
import { LocalPersistentVolume, LocalPersistentVolumeProps } from '../src';
import { localVolume, Manifest, manifestOf, newChart } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

function volume(props: Partial<LocalPersistentVolumeProps> = {}): LocalPersistentVolume {
  const { node, path, capacity } = localVolume();
  return new LocalPersistentVolume(newChart(), 'volume', { node, path, capacity, storageClassName: 'local', claimName: 'data', ...props });
}

function spec(props: Partial<LocalPersistentVolumeProps> = {}): Manifest {
  return manifestOf(volume(props)).spec;
}

describe('a local PersistentVolume', () => {
  test('is a directory of one node that outlives its claim and is reserved for it', () => {
    expect(spec()).toEqual({
      accessModes: ['ReadWriteOnce'],
      capacity: { storage: '100Gi' },
      claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', namespace: 'ci', name: 'data' },
      local: { path: '/mnt/docker' },
      nodeAffinity: { required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node1'] }] }] } },
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: 'local',
      volumeMode: 'Filesystem',
    });
  });

  test('can be named by its claim', () => {
    expect(volume().name).toBe('ci-volume');
    expect(volume({ name: 'given' }).name).toBe('given');
  });

  test('can be made in a chart without namespace when name and claim are said whole', () => {
    const { node, path, capacity } = localVolume();
    const made = new LocalPersistentVolume(newChart({ namespace: undefined }), 'volume', {
      node, path, capacity, storageClassName: 'local', name: 'given', claimName: 'data', claimNamespace: 'builds',
    });

    expect(manifestOf(made).spec.claimRef).toMatchObject({ namespace: 'builds', name: 'data' });
  });

  const subdomain = "must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit";
  test.each<[string, Partial<LocalPersistentVolumeProps>, string]>([
    ['a path of the node itself', { path: '/etc/docker' },
      "'path' must not be, hold or lie in one of the node's own directories, got '/etc/docker'; give a directory of its own, such as '/mnt/k8s/docker'"],
    ['a class that cannot exist', { storageClassName: 'A' }, `'storageClassName' ${subdomain}, got 'A'`],
    ['a claim that cannot exist', { claimName: 'A' }, `'claimName' ${subdomain}, got 'A'`],
    ['a namespace that cannot exist', { claimNamespace: 'a.b' },
      "'claimNamespace' must consist of lower-case letters, digits and '-', and begin and end with a letter or digit, got 'a.b'"],
    ['no capacity', { capacity: Size.gibibytes(0) }, "'capacity' must be a positive whole number of KiB, got 0 MiB"],
  ])('refuses %s', (_, props, message) => {
    expect(() => volume(props)).toThrow(new Error(message));
  });
});

describeDefaults('LocalPersistentVolumeProps', [
  ['claimNamespace', "- the chart's namespace", () => expect(spec().claimRef.namespace).toBe('ci')],
]);
