import { App, Chart } from 'cdk8s';
import { Construct } from 'constructs';
import { DindCache, DindCacheChart } from '../../src';
import { clusterUnderTest } from './support/cluster-under-test';
import { describeObject, KubeObject } from './support/kube-object';
import { applyManifest, generations } from './support/manifests';
import { Scope } from './support/scope';
import { cacheProps, synthesize } from './support/synthesis';

/** One name is the beginning of the other, and the rest what the library itself adds to names. */
const NAMES = ['docker', 'docker-prune'];

const cluster = clusterUnderTest();
const scope = new Scope(cluster);
let namespace: string;
let clientNamespace: string;

beforeAll(async () => {
  namespace = await scope.namespace('caches');
  clientNamespace = await scope.namespace('clients');
});

afterEach(() => scope.clear());

afterAll(() => scope.cleanUp());

function caches(app: App, createNamespace = false): void {
  NAMES.forEach(name => new DindCacheChart(app, name, { ...cacheProps({ clientNamespace }), namespace, createNamespace }));
}

async function podExists(instance: string, component: string): Promise<void> {
  const labels = `app.kubernetes.io/instance=${instance},app.kubernetes.io/component=${component}`;
  await cluster.kubectl(['wait', '--for=create', 'pod', '-l', labels, '-n', namespace, '--timeout=30s']);
}

async function podsWith(selector: Record<string, string>): Promise<string[]> {
  const labels = Object.entries(selector).map(([key, value]) => `${key}=${value}`).join(',');
  const { items } = await cluster.getJson<{ items: KubeObject[] }>(['get', 'pods', '-n', namespace, '-l', labels]);
  return items.map(({ metadata }) => `${metadata.labels?.['app.kubernetes.io/instance']} ${metadata.labels?.['app.kubernetes.io/component']}`);
}

test('two caches live in one namespace, and each Service and policy selects the pod of its own daemon alone', async () => {
  const objects = synthesize(app => caches(app));
  await scope.claim(objects);

  const { errors } = await applyManifest(cluster, objects);
  for (const name of NAMES) {
    await cluster.kubectl(['create', 'job', `${name}-now`, `--from=cronjob/${name}-prune`, '-n', namespace]);
    for (const component of ['daemon', 'prune', 'directory', 'tls']) await podExists(name, component);
  }

  expect(errors).toBe('');
  for (const name of NAMES) {
    const [service, policy] = ['Service', 'NetworkPolicy'].map(kind => objects.find(object => object.kind === kind && object.metadata.labels?.['app.kubernetes.io/instance'] === name)!);
    expect(await podsWith((service.spec as { selector: Record<string, string> }).selector)).toEqual([`${name} daemon`]);
    expect(await podsWith((policy.spec as { podSelector: { matchLabels: Record<string, string> } }).podSelector.matchLabels)).toEqual([`${name} daemon`]);
  }
});

test('two caches that make the namespace that they share make the same one', async () => {
  const namespaces = synthesize(app => caches(app, true)).filter(({ kind }) => kind === 'Namespace');
  await applyManifest(cluster, namespaces);

  const { outcomes } = await applyManifest(cluster, namespaces);

  expect(outcomes).toEqual([`namespace/${namespace} unchanged`, `namespace/${namespace} unchanged`]);
});

test('a cache that moves in the tree of constructs stays the same cache', async () => {
  const props = cacheProps({ clientNamespace, name: 'docker' });
  const before = synthesize(app => new DindCacheChart(app, 'ci', { ...props, namespace }));
  const after = synthesize(app => new DindCache(new Construct(new Chart(app, 'platform', { namespace }), 'builds'), 'shared', props));
  await scope.claim(before);
  await applyManifest(cluster, before);
  const generationsBefore = await generations(cluster, before);

  const { errors, outcomes } = await applyManifest(cluster, after);

  expect(errors).toBe('');
  expect(outcomes.filter(outcome => !outcome.endsWith(' unchanged'))).toEqual([]);
  expect(after.map(describeObject)).toEqual(before.map(describeObject));
  expect(await generations(cluster, after)).toEqual(generationsBefore);
});
