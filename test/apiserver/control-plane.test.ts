import { clusterUnderTest } from './support/cluster-under-test';
import { KubeObject } from './support/kube-object';
import { applyManifest } from './support/manifests';
import { Scope } from './support/scope';
import { testWithShared } from './support/shared';
import { pod, RESTRICTED_CONTAINER } from './support/valid-objects';

const cluster = clusterUnderTest();
const scope = new Scope(cluster);
const POOL = 'cdk8s-dind-cache-test/pool';
let namespace: string;

beforeAll(async () => {
  namespace = await scope.namespace('control-plane');
  await scope.node(`${namespace}-plain`, { [POOL]: namespace });
  await scope.node(`${namespace}-tainted`, { [POOL]: `${namespace}-tainted` }, [{ key: POOL, value: 'builder', effect: 'NoSchedule' }]);
});

afterAll(() => scope.cleanUp());

async function schedule(name: string, spec: Record<string, unknown>): Promise<KubeObject> {
  await applyManifest(cluster, [pod(name, RESTRICTED_CONTAINER, spec)], { namespace });
  await cluster.kubectl(['wait', '--for=condition=PodScheduled', `pod/${name}`, '-n', namespace, '--timeout=30s']);
  return cluster.getJson<KubeObject>(['get', 'pod', name, '-n', namespace]);
}

test('a pod goes to the registered node that its selector names', async () => {
  const scheduled = await schedule('plain', { nodeSelector: { [POOL]: namespace } });

  expect(scheduled.spec).toMatchObject({ nodeName: `${namespace}-plain` });
});

test('a tainted node takes only the pod that tolerates the taint', async () => {
  const nodeSelector = { [POOL]: `${namespace}-tainted` };
  await applyManifest(cluster, [pod('repelled', RESTRICTED_CONTAINER, { nodeSelector })], { namespace });
  await cluster.kubectl(['wait', '--for=condition=PodScheduled=false', 'pod/repelled', '-n', namespace, '--timeout=30s']);

  const tolerant = await schedule('tolerant', { nodeSelector, tolerations: [{ key: POOL, operator: 'Equal', value: 'builder' }] });

  expect(tolerant.spec).toMatchObject({ nodeName: `${namespace}-tainted` });
});

test('a service account may do only what a role grants', async () => {
  const question = ['auth', 'can-i', 'get', 'secrets', '-n', namespace, `--as=system:serviceaccount:${namespace}:default`];
  expect((await cluster.tryKubectl(question)).stdout).toBe('no\n');

  await cluster.kubectl(['create', 'role', 'reader', '--verb=get', '--resource=secrets', '-n', namespace]);
  await cluster.kubectl(['create', 'rolebinding', 'reader', '--role=reader', `--serviceaccount=${namespace}:default`, '-n', namespace]);

  expect((await cluster.tryKubectl(question)).stdout).toBe('yes\n');
});

testWithShared('crds', 'the custom resources of the companions are served', async () => {
  const served = await cluster.kubectl(['api-resources', '-o=name', '--cached=false']);

  expect(served.split('\n')).toEqual(expect.arrayContaining([
    'certificates.cert-manager.io', 'issuers.cert-manager.io', 'podmonitors.monitoring.coreos.com', 'prometheusrules.monitoring.coreos.com',
  ]));
});
