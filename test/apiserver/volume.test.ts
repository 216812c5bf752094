import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Size } from 'cdk8s';
import { DindCacheChart } from '../../src';
import { eventually } from '../harness/kubernetes/eventually';
import { clusterUnderTest } from './support/cluster-under-test';
import { example } from './support/examples';
import { describeObject, KubeObject, printManifest } from './support/kube-object';
import { applyManifest, tryApplyManifest } from './support/manifests';
import { Runbook, runCommands } from './support/runbook';
import { Scope } from './support/scope';
import { cacheProps, synthesize } from './support/synthesis';
import { pod, RESTRICTED_CONTAINER, volumeClaim } from './support/valid-objects';

const NAMESPACE = 'dind-cache';
const VOLUME = 'dind-cache-docker-dind';
const CLAIM = 'docker-dind-data';
const DAEMON = ['-n', NAMESPACE, '-l', 'app.kubernetes.io/component=daemon'];

const cluster = clusterUnderTest();
const scope = new Scope(cluster);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'runbook-'));
const { file, objects } = example('minimal');

beforeAll(() => scope.namespacesFor(objects));

beforeEach(() => scope.claim(objects));

afterEach(() => scope.clear());

afterAll(async () => {
  await scope.cleanUp();
  fs.rmSync(folder, { recursive: true });
});

async function field(resource: string, expression: string): Promise<string> {
  return cluster.kubectl(['get', resource, '-n', NAMESPACE, '-o', `jsonpath={${expression}}`]);
}

async function reaches(resource: string, phase: string, namespace = NAMESPACE): Promise<void> {
  await cluster.kubectl(['wait', `--for=jsonpath={.status.phase}=${phase}`, resource, '-n', namespace, '--timeout=30s']);
}

async function eventSays(name: string, namespace: string, text: string): Promise<void> {
  const flags = ['-n', namespace, `--field-selector=involvedObject.name=${name}`, '-o=jsonpath={.items[*].message}'];
  await eventually(`an event of ${name} says '${text}'`, async () => (await cluster.kubectl(['get', 'events', ...flags])).includes(text));
}

/** The node that the pods of a selector have been scheduled to. */
async function nodeOf(selector: string[]): Promise<string> {
  await cluster.kubectl(['wait', '--for=create', 'pod', ...selector, '--timeout=30s']);
  await cluster.kubectl(['wait', '--for=condition=PodScheduled', 'pod', ...selector, '--timeout=30s']);
  return cluster.kubectl(['get', 'pods', ...selector, '-o=jsonpath={.items[*].spec.nodeName}']);
}

function ofKind(...kinds: string[]): KubeObject[] {
  return objects.filter(({ kind }) => kinds.includes(kind));
}

/** A claim of the cache's class and size, and a pod that waits for it on the cache's node. */
function rival(namespace: string): KubeObject[] {
  const spec = { nodeSelector: { 'kubernetes.io/hostname': 'node1' }, volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'rival' } }] };
  return [volumeClaim('rival', { storageClassName: VOLUME }), pod('rival', RESTRICTED_CONTAINER, spec)]
    .map(object => ({ ...object, metadata: { ...object.metadata, namespace } }));
}

test("the claim gets the cache's volume, which a claim of the same class and size never gets", async () => {
  const namespace = await scope.namespace('rival');
  await scope.node('node1');
  const [volume] = ofKind('PersistentVolume');
  const { claimRef, ...anybodys } = volume.spec as Record<string, unknown>;
  const spare = { ...volume, metadata: { name: `${VOLUME}-spare` }, spec: anybodys };
  await scope.claim([...rival(namespace), spare]);
  await applyManifest(cluster, [...ofKind('Namespace', 'StorageClass', 'PersistentVolume'), ...rival(namespace)]);
  await eventSays('rival', namespace, "didn't find available persistent volumes to bind");

  await applyManifest(cluster, [spare]);
  await reaches('pvc/rival', 'Bound', namespace);
  await applyManifest(cluster, file);
  await reaches(`pvc/${CLAIM}`, 'Bound');

  expect(claimRef).toMatchObject({ namespace: NAMESPACE, name: CLAIM });
  expect(await cluster.kubectl(['get', 'pvc/rival', '-n', namespace, '-o=jsonpath={.spec.volumeName}'])).toBe(spare.metadata.name);
  expect(await field(`pvc/${CLAIM}`, '.spec.volumeName')).toBe(VOLUME);
  expect(await field(`pv/${VOLUME}`, '.spec.claimRef.uid')).toBe(await field(`pvc/${CLAIM}`, '.metadata.uid'));
});

test('a larger capacity applies: the volume grows, and the bound claim is left alone', async () => {
  await applyManifest(cluster, file);
  await reaches(`pvc/${CLAIM}`, 'Bound');
  const claim = async () => [await field(`pvc/${CLAIM}`, '.metadata.uid'), await field(`pvc/${CLAIM}`, '.spec'), await field(`pvc/${CLAIM}`, '.status.capacity')];
  const before = await claim();
  const grown = synthesize(app => new DindCacheChart(app, 'minimal', cacheProps({ name: 'docker-dind', capacity: Size.gibibytes(200) })));

  const { errors, outcomes } = await applyManifest(cluster, grown);

  expect(errors).toBe('');
  expect(outcomes).toEqual(expect.arrayContaining([`persistentvolume/${VOLUME} configured`, `persistentvolumeclaim/${CLAIM} unchanged`]));
  expect(grown.map(describeObject)).toEqual(objects.map(describeObject));
  expect(await field(`pv/${VOLUME}`, '.spec.capacity.storage')).toBe('200Gi');
  expect(await field(`pv/${VOLUME}`, '.status.phase')).toBe('Bound');
  expect(await claim()).toEqual(before);
});

test('the runbook for a Released volume binds the claim again, and says what is seen before', async () => {
  const runbook = new Runbook('docs/operations.md', 'The volume is Released');
  const [apply, ...others] = runbook.commands;
  const scale = runbook.inlineCommands.filter(command => command.includes(' scale '));
  await scope.node('node1');
  await applyManifest(cluster, file);
  await nodeOf(DAEMON);
  const data = await field(`pv/${VOLUME}`, '.metadata.uid');
  await cluster.kubectl(['delete', 'pvc', CLAIM, '-n', NAMESPACE, '--wait=false']);

  expect(await field(`pvc/${CLAIM}`, '.metadata.deletionTimestamp')).not.toBe('');
  await runCommands(cluster, folder, file, scale);
  // No kubelet says that the pod has ended.
  await cluster.kubectl(['delete', 'pod', ...DAEMON, '--force', '--grace-period=0']);
  await reaches(`pv/${VOLUME}`, 'Released');
  await runCommands(cluster, folder, file, [apply]);
  await eventSays(CLAIM, NAMESPACE, 'already bound to a different claim');
  expect(await field(`pvc/${CLAIM}`, '.status.phase')).toBe('Pending');
  await runCommands(cluster, folder, file, others);

  expect(await field(`pvc/${CLAIM}`, '.status.phase')).toBe('Bound');
  expect(await field(`pv/${VOLUME}`, '.spec.claimRef.uid')).toBe(await field(`pvc/${CLAIM}`, '.metadata.uid'));
  expect(await field(`pv/${VOLUME}`, '.metadata.uid')).toBe(data);
  expect(await field('deployment/docker-dind', '.spec.replicas')).toBe('1');
});

test('the daemon and a prune job are scheduled beside the volume', async () => {
  await scope.node('node2');
  await scope.node('node1');
  await applyManifest(cluster, file);

  await cluster.kubectl(['create', 'job', 'docker-dind-prune-now', '--from=cronjob/docker-dind-prune', '-n', NAMESPACE]);

  expect(await nodeOf(DAEMON)).toBe('node1');
  expect(await nodeOf(['-n', NAMESPACE, '-l', 'batch.kubernetes.io/job-name=docker-dind-prune-now'])).toBe('node1');
  expect(await field(`pvc/${CLAIM}`, '.status.phase')).toBe('Bound');
});

test('a Job is made by hand of each CronJob, with the pod that the CronJob would make', async () => {
  await applyManifest(cluster, file);
  const cronJobs = ofKind('CronJob');

  for (const { metadata: { name } } of cronJobs) await cluster.kubectl(['create', 'job', `${name}-now`, `--from=cronjob/${name}`, '-n', NAMESPACE]);

  expect(cronJobs.map(({ metadata }) => metadata.name)).toEqual(['docker-dind-tls', 'docker-dind-prune']);
  for (const { metadata: { name }, spec } of cronJobs) {
    const { jobTemplate: { spec: { template } } } = spec as { jobTemplate: { spec: { template: { metadata: { labels: object } } } } };
    await cluster.kubectl(['wait', '--for=create', 'pod', '-l', `batch.kubernetes.io/job-name=${name}-now`, '-n', NAMESPACE, '--timeout=30s']);
    const { items } = await cluster.getJson<{ items: KubeObject[] }>(['get', 'pods', '-l', `batch.kubernetes.io/job-name=${name}-now`, '-n', NAMESPACE]);
    expect(items).toEqual([expect.objectContaining({ metadata: expect.objectContaining({ labels: expect.objectContaining(template.metadata.labels) }) })]);
  }
});

test('the runbook for a full disk makes a prune job that does the daily work at once', async () => {
  const prune = new Runbook('docs/operations.md', 'The disk is full').commands.filter(command => command.includes('create job'));
  await applyManifest(cluster, file);

  await runCommands(cluster, folder, file, prune);

  const daily = "spec.template.spec.containers[0].env[?(@.name=='DAILY')].value";
  expect(await field('cronjob/docker-dind-prune', `.spec.jobTemplate.${daily}`)).toBe('0010');
  expect(await field('job/docker-dind-prune-now', `.${daily}`)).toBe('');
  expect(await field('job/docker-dind-prune-now', '.spec.template.spec.containers[0].command')).toBe('["sh","/etc/dind-cache/prune.sh"]');
});

test('the runbook for another node takes the old volume away, and the manifest with the new node applies', async () => {
  const { commands } = new Runbook('docs/operations.md', 'Move the disk to another node');
  const apply = commands.findIndex(command => command.includes(' apply '));
  const moved = path.join(folder, 'moved.k8s.yaml');
  fs.writeFileSync(moved, printManifest(synthesize(app => new DindCacheChart(app, 'minimal', cacheProps({ name: 'docker-dind', node: 'node2' })))));
  await applyManifest(cluster, file);
  await reaches(`pvc/${CLAIM}`, 'Bound');

  const refusal = await tryApplyManifest(cluster, moved);
  await runCommands(cluster, folder, file, commands.slice(0, apply));
  const jobs = await cluster.kubectl(['get', 'jobs', '-n', NAMESPACE, '-o=name']);
  // Nothing runs here that a rollout could wait for.
  await runCommands(cluster, folder, moved, commands.slice(apply).filter(command => !command.includes(' rollout status ')));
  await reaches(`pvc/${CLAIM}`, 'Bound');

  expect(refusal.errors).toMatch(/nodeAffinity: Invalid value: .*field is immutable/s);
  expect(jobs).not.toContain('directory');
  expect(await field(`pv/${VOLUME}`, '.spec.nodeAffinity.required.nodeSelectorTerms[0].matchExpressions[0].values')).toBe('["node2"]');
  expect(await field('cronjob/docker-dind-prune', '.spec.suspend')).toBe('false');
});
