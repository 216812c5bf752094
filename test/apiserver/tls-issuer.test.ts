import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Cluster } from '../harness/kubernetes/cluster';
import { testUnless } from '../support/conditional-test';
import { clusterUnderTest } from './support/cluster-under-test';
import { droppedFields } from './support/dropped-fields';
import { example } from './support/examples';
import { allowed, asServiceAccount, rules } from './support/identity';
import { IssuerPod } from './support/issuer-pod';
import { applyManifest, fetchManifest } from './support/manifests';
import { Runbook, runCommands } from './support/runbook';
import { Scope } from './support/scope';
import { Secrets } from './support/secrets';
import { customResourcesMissing } from './support/shared';

const VERBS = ['get', 'list', 'watch', 'create', 'update', 'patch', 'delete', 'deletecollection'];
const NAMESPACE = 'dind-cache';
const CLIENT_NAMESPACE = 'gitlab-runner';
const CLIENT = 'docker-dind-client-tls';
const KEYS = ['ca.pem', 'cert.pem', 'key.pem'];
const COPIES = [`${NAMESPACE}/${CLIENT}`, `${NAMESPACE}/docker-dind-server-tls`, `${CLIENT_NAMESPACE}/${CLIENT}`];
const ISSUED = [...COPIES, `${NAMESPACE}/docker-dind-tls-state`].sort();

const ROTATE = new Runbook('docs/security.md', 'Rotate and revoke').commands.filter(command => command.includes(' patch secret docker-dind-tls-state '));

const cluster = clusterUnderTest();
const scope = new Scope(cluster);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'issuer-'));
const { file, objects } = example('minimal');
const pod = new IssuerPod(cluster, objects, fs.mkdtempSync(path.join(folder, 'pod-')));
const emitted = objects.filter(({ kind }) => kind === 'Secret');
let issuer: Cluster;
let elsewhere: string;
let [empty, filled]: Secrets[] = [];

beforeAll(async () => {
  elsewhere = await scope.namespace('elsewhere');
  await scope.namespacesFor(objects);
  await scope.claim(objects);
  await applyManifest(cluster, file);
  await pod.suspend();
  await cluster.kubectl(['create', 'secret', 'generic', 'bystander', '-n', NAMESPACE, '--from-literal=key=value']);
  issuer = await asServiceAccount(cluster, folder, pod.account.namespace, pod.account.name);
  [empty, filled] = await run(pod);
});

afterAll(async () => {
  await scope.cleanUp();
  fs.rmSync(folder, { recursive: true });
});

/** Runs a pod of the issuer and returns the Secrets before and after. */
async function run(issuerPod: IssuerPod): Promise<[before: Secrets, after: Secrets]> {
  const before = await Secrets.read(cluster);
  await issuerPod.run(issuer);
  return [before, await Secrets.read(cluster)];
}

async function removeData(secret: string): Promise<void> {
  const [namespace, name] = secret.split('/');
  await cluster.kubectl(['patch', 'secret', name, '-n', namespace, '--type=json', '-p', '[{"op":"remove","path":"/data"}]']);
}

/** What the Secrets have lost of what the manifest says of them. */
async function lost(): Promise<string[]> {
  const returned = await fetchManifest(cluster, emitted);
  return emitted.flatMap((secret, index) => droppedFields(secret, returned[index]));
}

describe('the issuer', () => {
  test('fills exactly the Secrets that its Roles name, and takes nothing from what was applied', async () => {
    expect(filled.changedSince(empty)).toEqual(ISSUED);
    for (const copy of COPIES) expect(Object.keys(filled.data(copy))).toEqual(KEYS);
    expect(await lost()).toEqual([]);
  });

  test('changes nothing when it runs again', async () => {
    const [before, after] = await run(pod);

    expect(after.changedSince(before)).toEqual([]);
  });

  test('restores the copies that have been emptied, and changes nothing else', async () => {
    const [emptiedCopies, kept] = [COPIES.slice(1), COPIES[0]];
    const before = await Secrets.read(cluster);
    for (const copy of emptiedCopies) await removeData(copy);

    const [emptied, after] = await run(pod);

    expect(after.changedSince(emptied)).toEqual(emptiedCopies);
    for (const copy of emptiedCopies) expect(emptied.data(copy)).toEqual({});
    for (const copy of [...emptiedCopies, kept]) expect(after.data(copy)).toEqual(before.data(copy));
  });

  test("issues one namespace's certificate anew after the runbook's command", async () => {
    await runCommands(cluster, folder, file, ROTATE.filter(command => command.includes(`/data/client-${CLIENT_NAMESPACE}-cert.pem`)));

    const [before, after] = await run(pod);

    expect(after.changedSince(before)).toEqual([`${NAMESPACE}/docker-dind-tls-state`, `${CLIENT_NAMESPACE}/${CLIENT}`]);
  });

  test('issues everything anew, by another CA, after the command that revokes', async () => {
    await runCommands(cluster, folder, file, ROTATE.filter(command => command.includes('"path":"/data"}')));

    const [before, after] = await run(pod);

    expect(after.changedSince(before)).toEqual(ISSUED);
    for (const key of KEYS) expect(after.data(COPIES[0])[key]).not.toBe(before.data(COPIES[0])[key]);
  });
});

test('the commands for an audit say what the issuer may do, that it wrote, and whom the daemon presents', async () => {
  const [mayDo, wrote, presents] = new Runbook('docs/security.md', 'Audit').commands.filter(command => command.startsWith('kubectl'));

  expect(await runCommands(cluster, folder, file, [mayDo])).toMatch(new RegExp(`^secrets +\\[\\] +\\[${CLIENT}\\] +\\[get patch\\]$`, 'm'));
  expect(await runCommands(cluster, folder, file, [wrote])).toMatch(/^dind-cache-tls Update /m);
  const presented = await runCommands(cluster, folder, file, [presents]);
  for (const text of [/CN ?= ?dind-cache CA/, /DNS:docker-dind\.dind-cache\.svc,/, /TLS Web Server Authentication/]) expect(presented).toMatch(text);
});

test.each([
  ['plain', {}],
  ['server-side', { serverSide: true, forceConflicts: true }],
  ['plain again', {}],
])('the keys outlive %s apply of the manifest, and the issuer then has nothing to do', async (_, options) => {
  const before = await Secrets.read(cluster);

  const { errors } = await applyManifest(cluster, file, options);
  const applied = await Secrets.read(cluster);
  const [, after] = await run(pod);

  expect(errors).toBe('');
  for (const secret of ISSUED) expect(applied.data(secret)).toEqual(before.data(secret));
  expect(after.changedSince(applied)).toEqual([]);
  expect(await lost()).toEqual([]);
});

describe("the issuer's account", () => {
  test('may do no more than its Roles say and than everybody may', async () => {
    await cluster.kubectl(['create', 'serviceaccount', 'nobody', '-n', elsewhere]);
    const nobody = await asServiceAccount(cluster, folder, elsewhere, 'nobody');
    const granted = (resourceNames: string[]) => ({ verbs: ['get', 'patch'], apiGroups: [''], resources: ['secrets'], resourceNames });

    expect(await beyond(nobody, NAMESPACE)).toEqual([granted(['docker-dind-tls-state', 'docker-dind-server-tls', CLIENT])]);
    expect(await beyond(nobody, CLIENT_NAMESPACE)).toEqual([granted([CLIENT])]);
    expect(await beyond(nobody, elsewhere)).toEqual([]);
  });

  test('may use no verb but get and patch on its Secrets, and none on anything else', async () => {
    const own = ISSUED.map(secret => ({ resource: 'secrets', namespace: secret.split('/')[0], name: secret.split('/')[1] }));
    const others = [
      { resource: 'secrets', namespace: NAMESPACE },
      { resource: 'secrets', namespace: NAMESPACE, name: 'bystander' },
      { resource: 'secrets', namespace: CLIENT_NAMESPACE, name: 'docker-dind-tls-state' },
      { resource: 'secrets', namespace: elsewhere, name: CLIENT },
      { resource: 'configmaps', namespace: NAMESPACE, name: 'docker-dind-config' },
      { resource: 'pods', namespace: NAMESPACE },
      { resource: 'serviceaccounts', subresource: 'token', namespace: NAMESPACE, name: pod.account.name },
      { resource: 'roles', group: 'rbac.authorization.k8s.io', namespace: NAMESPACE, name: pod.account.name },
      { resource: 'deployments', group: 'apps', namespace: NAMESPACE },
      { resource: 'persistentvolumes' },
      { resource: 'nodes' },
    ];
    const every = [...own, ...others].flatMap(target => VERBS.map(verb => ({ verb, ...target })));

    expect(await allowed(issuer, every)).toEqual(own.flatMap(target => [{ verb: 'get', ...target }, { verb: 'patch', ...target }]));
  });

  test.each([
    ['list Secrets', ['get', 'secrets', '-n', NAMESPACE]],
    ["read a bystander's Secret", ['get', 'secret', 'bystander', '-n', NAMESPACE]],
    ["patch a bystander's Secret", ['patch', 'secret', 'bystander', '-n', NAMESPACE, '--type=merge', '-p', '{"data":{}}']],
    ['make a Secret', ['create', 'secret', 'generic', 'new', '-n', NAMESPACE]],
    ['delete its own Secret', ['delete', 'secret', CLIENT, '-n', CLIENT_NAMESPACE]],
    ['read a Secret of its name in another namespace', ['get', 'secret', CLIENT, '-n', 'default']],
    ['make a token', ['create', 'token', 'default', '-n', NAMESPACE]],
    ['read a ConfigMap', ['get', 'configmap', 'docker-dind-config', '-n', NAMESPACE]],
  ])('cannot %s', async (_, call) => {
    const { exitCode, stderr } = await issuer.tryKubectl(call);

    expect(stderr).toContain(`is forbidden: User "system:serviceaccount:${NAMESPACE}:${pod.account.name}" cannot`);
    expect(exitCode).toBe(1);
  });
});

test("the daemon's pod holds no token, and its account may do what everybody may", async () => {
  const labels = 'app.kubernetes.io/instance=docker-dind,app.kubernetes.io/component=daemon';
  await cluster.kubectl(['wait', '--for=create', 'pod', '-l', labels, '-n', NAMESPACE, '--timeout=30s']);
  const { items: [{ spec }] } = await cluster.getJson<{ items: { spec: { serviceAccountName: string; volumes: object[] } }[] }>(['get', 'pods', '-l', labels, '-n', NAMESPACE]);
  await cluster.kubectl(['create', 'serviceaccount', 'stranger', '-n', elsewhere]);
  const [daemon, stranger] = [await asServiceAccount(cluster, folder, NAMESPACE, spec.serviceAccountName), await asServiceAccount(cluster, folder, elsewhere, 'stranger')];

  expect(spec.serviceAccountName).toBe('default');
  expect(JSON.stringify(spec.volumes)).not.toContain('serviceAccountToken');
  for (const namespace of [NAMESPACE, CLIENT_NAMESPACE]) expect(await rules(daemon, namespace)).toEqual(await rules(stranger, namespace));
});

describe('beside cert-manager', () => {
  const certManager = example('cert-manager');
  const publisher = new IssuerPod(cluster, certManager.objects, fs.mkdtempSync(path.join(folder, 'pod-')));
  const sources = [NAMESPACE, CLIENT_NAMESPACE].map(namespace => `docker-dind-tls-client-${namespace}`);

  testUnless(customResourcesMissing(), "the same account copies what was issued to the clients' Secrets, and may touch no other", async () => {
    await scope.claim(certManager.objects);
    await applyManifest(cluster, certManager.file);
    await publisher.suspend();
    const issued = ['ca.crt', 'tls.crt', 'tls.key'].map(key => `--from-literal=${key}=${key}`);
    for (const source of sources) await cluster.kubectl(['create', 'secret', 'generic', source, '-n', NAMESPACE, ...issued]);

    const [before, after] = await run(publisher);

    const copies = [`${NAMESPACE}/${CLIENT}`, `${CLIENT_NAMESPACE}/${CLIENT}`];
    expect(after.changedSince(before)).toEqual(copies);
    for (const copy of copies) expect(Object.entries(after.data(copy)).map(([key, value]) => [key, Buffer.from(value, 'base64').toString()])).toEqual([
      ['ca.pem', 'ca.crt'], ['cert.pem', 'tls.crt'], ['key.pem', 'tls.key'],
    ]);
    expect(await allowed(issuer, ISSUED.map(secret => ({ verb: 'patch', resource: 'secrets', namespace: secret.split('/')[0], name: secret.split('/')[1] })))).toHaveLength(2);
  });
});

/** The rules that the issuer has in a namespace and somebody without any role has not. */
async function beyond(nobody: Cluster, namespace: string): Promise<unknown[]> {
  const everybodys = (await rules(nobody, namespace)).map(rule => JSON.stringify(rule));
  return (await rules(issuer, namespace)).filter(rule => !everybodys.includes(JSON.stringify(rule)));
}
