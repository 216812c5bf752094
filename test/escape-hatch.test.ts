import { ApiObject, Chart, JsonPatch, Testing } from 'cdk8s';
import { DindCache, DindService, LocalPersistentVolume } from '../src';
import { cacheProps, localVolume, manifestOf, mutualTls, newChart } from './fixtures';
import { exportedConstructs, MAKERS } from './support/constructs';

describe('the escape hatch', () => {
  test('has a row below for every construct that the library exports', () => {
    expect(Object.keys(MAKERS).sort()).toEqual(exportedConstructs().sort());
  });

  test.each(Object.keys(MAKERS))('patches the main object of a %s', name => {
    const construct = MAKERS[name](newChart(), 'made');

    ApiObject.of(construct).addJsonPatch(JsonPatch.add('/metadata/finalizers', ['example.com/patched']));

    const patched = Testing.synth(Chart.of(construct)).filter(({ metadata }) => metadata.finalizers);
    expect(patched).toHaveLength(1);
    expect(patched[0].metadata.finalizers).toEqual(['example.com/patched']);
  });

  test.each([
    ['CacheStorage', 'PersistentVolumeClaim'],
    ['DindCache', 'Deployment'],
    ['DindCacheChart', 'Deployment'],
    ['TlsIssuer', 'Job'],
  ])('finds in a %s the %s', (name, kind) => {
    expect(ApiObject.of(MAKERS[name](newChart(), 'made')).kind).toBe(kind);
  });

  test('keeps a field that is newer than the bindings', () => {
    const service = new DindService(newChart(), 'docker', { tls: mutualTls() });

    ApiObject.of(service).addJsonPatch(JsonPatch.add('/spec/trafficDistribution', 'PreferClose'));

    expect(manifestOf(service).spec.trafficDistribution).toBe('PreferClose');
  });

  test('keeps a port and a quantity that are given as plain values', () => {
    const chart = newChart();
    const service = new DindService(chart, 'docker', { tls: mutualTls() });
    const volume = new LocalPersistentVolume(chart, 'volume', { ...localVolume(), storageClassName: 'local', claimName: 'data' });

    ApiObject.of(service).addJsonPatch(JsonPatch.replace('/spec/ports/0/targetPort', 2376));
    ApiObject.of(volume).addJsonPatch(JsonPatch.replace('/spec/capacity/storage', '2T'));

    expect(manifestOf(service).spec.ports[0].targetPort).toBe(2376);
    expect(manifestOf(volume).spec.capacity.storage).toBe('2T');
  });

  test('reaches each part of a cache', () => {
    const cache = new DindCache(newChart(), 'docker-dind', cacheProps());
    const { storageClass, persistentVolume, claim, directoryJob } = cache.storage;

    expect([storageClass!, persistentVolume!, claim!, directoryJob!].map(part => ApiObject.of(part).kind))
      .toEqual(['StorageClass', 'PersistentVolume', 'PersistentVolumeClaim', 'Job']);
    expect([cache.config, cache.deployment, cache.service, cache.accessPolicy, cache.pruneJob].map(part => ApiObject.of(part).kind))
      .toEqual(['ConfigMap', 'Deployment', 'Service', 'NetworkPolicy', 'CronJob']);
  });
});
