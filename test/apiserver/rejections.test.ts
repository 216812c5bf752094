import { REJECTIONS } from './rejections';
import { clusterUnderTest } from './support/cluster-under-test';
import { applyManifest, tryApplyManifest } from './support/manifests';
import { Scope } from './support/scope';

const cluster = clusterUnderTest();
const scope = new Scope(cluster);
const namespaces: Record<string, string> = {};

beforeAll(async () => {
  for (const level of ['privileged', 'restricted']) {
    namespaces[level] = await scope.namespace('rejections', { 'pod-security.kubernetes.io/enforce': level });
  }
});

afterAll(() => scope.cleanUp());

describe.each(REJECTIONS)('the API server and $mistake', ({ accepted, refused, change = false, podSecurity = 'privileged', message }) => {
  test('accepts the manifest without the mistake', async () => {
    await expect(applyManifest(cluster, [accepted], { namespace: namespaces[podSecurity], dryRun: !change })).resolves.toMatchObject({ accepted: true });
  });

  test('refuses the manifest with the mistake and says why', async () => {
    const result = await tryApplyManifest(cluster, [refused], { namespace: namespaces[podSecurity] });

    expect(result.errors).toMatch(message);
    expect(result.accepted).toBe(false);
  });
});
