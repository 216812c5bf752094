import { LocalStorageClass } from '../src';
import { manifestOf, newChart } from './fixtures';

describe('the StorageClass of local volumes', () => {
  test('provisions nothing, deletes nothing and waits for the pod', () => {
    const { metadata, ...spec } = manifestOf(new LocalStorageClass(newChart(), 'local'));

    expect(metadata.name).toBe('ci-local');
    expect(spec).toEqual({
      apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass',
      provisioner: 'kubernetes.io/no-provisioner', reclaimPolicy: 'Retain', volumeBindingMode: 'WaitForFirstConsumer',
    });
  });

  test('can be named by its volumes', () => {
    const chart = newChart();

    expect(new LocalStorageClass(chart, 'a').name).toBe('ci-a');
    expect(new LocalStorageClass(chart, 'b', { name: 'local-disks' }).name).toBe('local-disks');
  });
});
