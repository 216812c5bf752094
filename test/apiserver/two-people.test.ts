import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { Cluster } from '../harness/kubernetes/cluster';
import { clusterUnderTest } from './support/cluster-under-test';
import { example } from './support/examples';
import { asServiceAccount } from './support/identity';
import { KubeObject } from './support/kube-object';
import { applyManifest, tryApplyManifest } from './support/manifests';
import { Runbook } from './support/runbook';
import { Scope } from './support/scope';

const NAMESPACE = 'dind-cache';
const CLIENT_NAMESPACE = 'gitlab-runner';

/** What the document says that the second person needs: in the cache's namespace, and in each client namespace. */
const RIGHTS = {
  [NAMESPACE]: [
    ['', ['configmaps', 'persistentvolumeclaims', 'secrets', 'serviceaccounts', 'services']],
    ['apps', ['deployments']],
    ['batch', ['jobs', 'cronjobs']],
    ['networking.k8s.io', ['networkpolicies']],
    ['rbac.authorization.k8s.io', ['roles', 'rolebindings']],
  ],
  [CLIENT_NAMESPACE]: [['', ['secrets']], ['rbac.authorization.k8s.io', ['roles', 'rolebindings']]],
} as const;

const cluster = clusterUnderTest();
const scope = new Scope(cluster);
const folder = fs.mkdtempSync(path.join(os.tmpdir(), 'two-people-'));
const { objects } = example('minimal');
const [clusterScoped, namespaced] = [objects.filter(({ metadata }) => !metadata.namespace), objects.filter(({ metadata }) => metadata.namespace)];

beforeAll(async () => {
  await scope.namespacesFor(objects);
  await scope.claim(objects);
  await applyManifest(cluster, clusterScoped);
});

afterAll(async () => {
  await scope.cleanUp();
  fs.rmSync(folder, { recursive: true });
});

/** Somebody who has the rights of the document, but for a resource. */
async function person(name: string, without?: string): Promise<Cluster> {
  const roles = Object.entries(RIGHTS).flatMap(([namespace, rights]) => grant(namespace, name, rights.map(([group, resources]) => ({
    apiGroups: [group], resources: resources.filter(resource => resource !== without), verbs: ['get', 'create', 'patch', 'delete'],
  })).filter(({ resources }) => resources.length > 0)));
  await cluster.kubectl(['create', 'serviceaccount', name, '-n', NAMESPACE]);
  await applyManifest(cluster, roles);
  return asServiceAccount(cluster, folder, NAMESPACE, name);
}

function grant(namespace: string, name: string, rules: object[]): KubeObject[] {
  const group = 'rbac.authorization.k8s.io';
  const subjects = [{ kind: 'ServiceAccount', name, namespace: NAMESPACE }];
  return [
    { apiVersion: `${group}/v1`, kind: 'Role', metadata: { name, namespace }, rules },
    { apiVersion: `${group}/v1`, kind: 'RoleBinding', metadata: { name, namespace }, roleRef: { apiGroup: group, kind: 'Role', name }, subjects },
  ];
}

test('the document names these rights', () => {
  const { text } = new Runbook('docs/operations.md', 'Two people apply');

  expect(text).toContain('get, create, patch and delete on');
  for (const [group, resources] of RIGHTS[NAMESPACE]) for (const resource of [group, ...resources]) expect(text).toContain(resource);
  expect(text).toContain('In each client namespace: the same on secrets, roles and rolebindings.');
});

test('whoever lacks the Secrets cannot grant the issuer what it needs', async () => {
  const { accepted, errors } = await tryApplyManifest(await person('powerless', 'secrets'), namespaced.filter(({ kind }) => kind === 'Role'));

  expect(errors).toContain('attempting to grant RBAC permissions not currently held');
  expect(accepted).toBe(false);
});

test('the second person applies everything but the cluster-scoped objects, either way, and removes it', async () => {
  const second = await person('second');

  const plain = await applyManifest(second, namespaced);
  const serverSide = await applyManifest(second, namespaced, { serverSide: true });
  const removed = await second.kubectl(['delete', '-f', '-', '--wait=false'], { input: namespaced.map(object => JSON.stringify(object)).join('\n') });

  expect([plain.errors, serverSide.errors]).toEqual(['', '']);
  expect(removed.trimEnd().split('\n')).toHaveLength(namespaced.length);
});
