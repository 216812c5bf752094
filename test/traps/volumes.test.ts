// T7 to T15: what a privileged daemon written with the defaults of cdk8s-plus-27 falls into, and the library's output does not.
import { Size } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-27';
import { BuilderNode, CacheClient, CacheVolume, CacheVolumeClaim, DindCache } from '../../src';
import { cacheProps, containerOf, localVolume, Manifest, manifestOf, newChart, podSpecOf } from '../fixtures';
import { cacheChart, objects, objectsOf } from './cache-chart';

const { cache } = cacheChart();
const daemon = containerOf(cache.deployment);
const jobs = [cache.pruneJob, cache.storage.directoryJob!];

function mountPathsOf({ volumeMounts }: Manifest): string[] {
  return (volumeMounts as Manifest[]).map(({ mountPath }) => mountPath);
}

describe('volumes', () => {
  test('T7: there is a StorageClass, and a volume with a source and the node that it lies on', () => {
    expect(manifestOf(cache.storage.storageClass!).provisioner).toBe('kubernetes.io/no-provisioner');
    const { local, nodeAffinity } = manifestOf(cache.storage.persistentVolume!).spec;
    expect(local).toEqual({ path: '/mnt/docker' });
    expect(nodeAffinity.required.nodeSelectorTerms[0].matchExpressions).toEqual([{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node1'] }]);
  });

  test('T8: the volume is reserved with the namespace of its claim, or the claim stays pending', () => {
    expect(manifestOf(cache.storage.persistentVolume!).spec.claimRef).toMatchObject({ namespace: 'dind-cache', name: cache.storage.claimName });
  });

  test('T9: the claim has access modes and a request, and no class only where the default class is meant', () => {
    const [reserved] = objectsOf('PersistentVolumeClaim');
    const [dynamic] = objectsOf('PersistentVolumeClaim', { volume: CacheVolume.dynamic({ capacity: Size.gibibytes(50) }) });

    [reserved, dynamic].forEach(({ spec }) => expect(spec).toMatchObject({ accessModes: ['ReadWriteOnce'], resources: { requests: { storage: expect.anything() } } }));
    expect(reserved.spec).toMatchObject({ storageClassName: 'dind-cache-docker', volumeName: 'dind-cache-docker' });
    expect(dynamic.spec).not.toHaveProperty('storageClassName');
  });

  test('T10: objects of the cluster carry no namespace', () => {
    const clusterScoped = objects({ namespace: 'ci', createNamespace: true }).filter(({ kind }) => ['Namespace', 'StorageClass', 'PersistentVolume'].includes(kind));

    expect(clusterScoped).toHaveLength(3);
    clusterScoped.forEach(({ metadata }) => expect(metadata).not.toHaveProperty('namespace'));
  });

  test('T11: a size need not be a whole number of GiB, and is printed in the largest unit that holds it', () => {
    const claims = [1500, 2048].map(size => new CacheVolumeClaim(newChart(), 'data', { claimRequest: Size.mebibytes(size) }));

    expect(claims.map(claim => manifestOf(claim).spec.resources.requests.storage)).toEqual(['1500Mi', '2Gi']);
  });

  test('T12: no quantity is swallowed', () => {
    expect(JSON.stringify(objects())).not.toMatch(/:null\b/);
    expect(manifestOf(cache.storage.persistentVolume!).spec.capacity).toEqual({ storage: '100Gi' });
  });

  test('T13: the name of a volume does not come from its claim, which may have dots', () => {
    const [deployment] = objectsOf('Deployment', { volume: CacheVolume.existingClaim({ claimName: 'docker.data', capacity: Size.gibibytes(50) }) });

    expect(deployment.spec.template.spec.volumes[0]).toEqual({ name: 'data', persistentVolumeClaim: { claimName: 'docker.data' } });
  });

  test('T14: no list is shared, no path mounted twice, and a path of the node is made if it is missing', () => {
    const clients = [CacheClient.inNamespace('gitlab-runner')];
    const chart = newChart();
    const workload = new Deployment(chart, 'web', { containers: [{ name: 'one', image: 'web' }, { name: 'two', image: 'web' }] });
    new DindCache(chart, 'docker', cacheProps({ clients })).connect(workload);

    expect(clients).toHaveLength(1);
    expect((podSpecOf(workload).containers as Manifest[]).map(mountPathsOf)).toEqual([['/certs/client'], ['/certs/client']]);
    [daemon, ...jobs.map(containerOf)].map(mountPathsOf).forEach(paths => expect(new Set(paths).size).toBe(paths.length));
    expect(podSpecOf(cache.storage.directoryJob!).volumes).toEqual([{ name: 'data', hostPath: { path: '/mnt/docker', type: 'DirectoryOrCreate' } }]);
  });

  test('T15: no pod skips the scheduler, and tolerations say how they match', () => {
    const node = BuilderNode.hostname('node1', { tolerations: [{ key: 'ci', value: 'dind' }] });
    const pods = objects({ volume: CacheVolume.local(localVolume({ node })) })
      .flatMap(({ spec }) => spec?.template?.spec ?? spec?.jobTemplate?.spec.template.spec ?? []);

    pods.forEach(pod => expect(pod).not.toHaveProperty('nodeName'));
    // the issuer's pods keep away from the builder node
    const onTheNode = pods.filter(pod => pod.nodeSelector);
    expect(onTheNode).toHaveLength(3);
    onTheNode.forEach(pod => {
      expect(pod).toMatchObject({ nodeSelector: { 'kubernetes.io/hostname': 'node1' }, tolerations: [{ key: 'ci', operator: 'Equal', value: 'dind' }] });
    });
  });
});
