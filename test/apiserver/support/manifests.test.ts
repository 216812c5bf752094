import { clusterUnderTest } from './cluster-under-test';
import { applyManifest, generations, tryApplyManifest } from './manifests';
import { Scope } from './scope';
import { deployment, pod, PRIVILEGED_CONTAINER, service } from './valid-objects';

const cluster = clusterUnderTest();
const scope = new Scope(cluster);
let namespace: string;

beforeAll(async () => {
  namespace = await scope.namespace('manifests', { 'pod-security.kubernetes.io/warn': 'restricted' });
});

afterAll(() => scope.cleanUp());

function inNamespace<T extends { metadata: object }>(object: T): T {
  return { ...object, metadata: { ...object.metadata, namespace } };
}

test('every warning of the API server is caught', async () => {
  const manifest = ['one', 'two'].map(name => inNamespace(pod(name, { ...PRIVILEGED_CONTAINER, name })));

  const { warnings } = await applyManifest(cluster, manifest, { dryRun: true });

  expect(warnings).toEqual([
    expect.stringMatching(/^would violate PodSecurity "restricted:latest": privileged \(container "one"/),
    expect.stringMatching(/^would violate PodSecurity "restricted:latest": privileged \(container "two"/),
  ]);
});

test.each([false, true])('an unknown field is refused (server-side: %s)', async serverSide => {
  const manifest = [inNamespace(service('unknown', { portz: [] }))];

  const result = await tryApplyManifest(cluster, manifest, { serverSide, dryRun: true });

  expect(result.accepted).toBe(false);
  expect(result.errors).toMatch(/unknown field "spec\.portz"|\.spec\.portz: field not declared in schema/);
});

test.each([false, true])('a generation grows with a change and only then (server-side: %s)', async serverSide => {
  const name = `generation-${serverSide}`;
  const [before, after] = [1, 2].map(revisionHistoryLimit => {
    const object = inNamespace(deployment(name, name));
    return [{ ...object, spec: { ...(object.spec as object), revisionHistoryLimit } }];
  });
  const key = `Deployment/${namespace}/${name}`;

  await applyManifest(cluster, before, { serverSide });
  await applyManifest(cluster, before, { serverSide });
  expect(await generations(cluster, before)).toEqual({ [key]: 1 });

  await applyManifest(cluster, after, { serverSide });
  expect(await generations(cluster, after)).toEqual({ [key]: 2 });
});
