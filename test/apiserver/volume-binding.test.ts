import { App, Chart, Size } from 'cdk8s';
import { BuilderNode, LocalPersistentVolume } from '../../src';
import { eventually } from '../harness/kubernetes/eventually';
import { clusterUnderTest } from './support/cluster-under-test';
import { KubeObject } from './support/kube-object';
import { applyManifest, tryApplyManifest } from './support/manifests';
import { Scope } from './support/scope';
import { localVolume, NODE, pod, RESTRICTED_CONTAINER, volumeClaim } from './support/valid-objects';

const cluster = clusterUnderTest();
const scope = new Scope(cluster);
let namespace: string;

beforeAll(async () => {
  await scope.node(NODE);
  namespace = await scope.namespace('volume-binding');
});

afterAll(() => scope.cleanUp());

async function apply(...objects: KubeObject[]): Promise<void> {
  await scope.claim(objects);
  await applyManifest(cluster, objects);
}

function inNamespace(object: KubeObject): KubeObject {
  return { ...object, metadata: { ...object.metadata, namespace } };
}

function claimIn(name: string, spec: Record<string, unknown> = {}): KubeObject {
  return inNamespace(volumeClaim(name, spec));
}

function podIn(name: string, spec: Record<string, unknown>): KubeObject {
  return inNamespace(pod(name, RESTRICTED_CONTAINER, spec));
}

async function bound(claim: string): Promise<void> {
  await cluster.kubectl(['wait', '--for=jsonpath={.status.phase}=Bound', `pvc/${claim}`, '-n', namespace, '--timeout=30s']);
}

/** Waits until the controllers have said something of an object. */
async function eventHas(name: string, text: string): Promise<void> {
  const flags = ['-n', namespace, `--field-selector=involvedObject.name=${name}`, '-o=jsonpath={.items[*].message}'];
  await eventually(`an event of ${name} says '${text}'`, async () => (await cluster.kubectl(['get', 'events', ...flags])).includes(text));
}

async function field(resource: string, path: string): Promise<string> {
  return cluster.kubectl(['get', resource, '-n', namespace, '-o', `jsonpath={${path}}`]);
}

test('a reserved volume waits for its own claim while another claim of the same class and size is served', async () => {
  const storageClassName = `${namespace}-pair`;
  await apply(
    { apiVersion: 'storage.k8s.io/v1', kind: 'StorageClass', metadata: { name: storageClassName }, provisioner: 'kubernetes.io/no-provisioner', volumeBindingMode: 'WaitForFirstConsumer' },
    localVolume(`${namespace}-own`, { storageClassName, claimRef: { namespace, name: 'own' } }),
    claimIn('other', { storageClassName }),
    podIn('other', { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'other' } }] }),
  );
  await eventHas('other', "didn't find available persistent volumes to bind");

  await apply(localVolume(`${namespace}-other`, { storageClassName }));
  await bound('other');
  await apply(claimIn('own', { storageClassName, volumeName: `${namespace}-own` }));
  await bound('own');

  expect(await field('pvc/other', '.spec.volumeName')).toBe(`${namespace}-other`);
  expect(await field('pvc/own', '.spec.volumeName')).toBe(`${namespace}-own`);
  expect(await field(`pv/${namespace}-own`, '.spec.claimRef.uid')).toBe(await field('pvc/own', '.metadata.uid'));
});

test('a bound claim of a static volume cannot grow', async () => {
  const grown = { resources: { requests: { storage: '2Gi' } } };
  const spec = { volumeName: `${namespace}-static` };
  await apply(localVolume(`${namespace}-static`, { claimRef: { namespace, name: 'static' } }), claimIn('static', spec));
  await bound('static');

  const result = await tryApplyManifest(cluster, [claimIn('static', { ...spec, ...grown })]);

  expect(result.errors).toContain('only dynamically provisioned pvc can be resized');
  expect(result.accepted).toBe(false);
});

test('a volume reserved without a namespace is accepted, but the claim never gets it', async () => {
  await apply(
    localVolume(`${namespace}-nobody`, { claimRef: { name: 'nobody' } }),
    claimIn('nobody', { volumeName: `${namespace}-nobody` }),
  );

  await eventHas('nobody', 'already bound to a different claim');
  expect(await field('pvc/nobody', '.status.phase')).toBe('Pending');
});

test.each([undefined, ''])('the library refuses to reserve a volume without a namespace when it synthesizes (%j)', claimNamespace => {
  const chart = new Chart(new App({ outdir: '/nonexistent' }), 'chart');
  const props = { node: BuilderNode.hostname(NODE), path: '/mnt/data', capacity: Size.gibibytes(1), storageClassName: 'local', claimName: 'nobody', claimNamespace };

  expect(() => new LocalPersistentVolume(chart, 'volume', props)).toThrow(claimNamespace === undefined ? "'namespace' must be set on the chart" : "'claimNamespace' must");
});
