import { REJECTIONS } from './rejections';
import { clusterUnderTest } from './support/cluster-under-test';
import { isRefusal } from './support/library-answer';
import { applyManifest, tryApplyManifest } from './support/manifests';
import { Scope } from './support/scope';

const cluster = clusterUnderTest();
const scope = new Scope(cluster);
const namespaces: Record<string, string> = {};

beforeAll(async () => {
  namespaces.library = await scope.namespace('library');
  for (const level of ['privileged', 'restricted']) {
    namespaces[level] = await scope.namespace('rejections', { 'pod-security.kubernetes.io/enforce': level });
  }
});

afterAll(() => scope.cleanUp());

describe.each(REJECTIONS)('the API server and $mistake', ({ accepted, refused, change = false, podSecurity = 'privileged', message, library }) => {
  test('accepts the manifest without the mistake', async () => {
    await expect(applyManifest(cluster, [accepted], { namespace: namespaces[podSecurity], dryRun: !change })).resolves.toMatchObject({ accepted: true });
  });

  test('refuses the manifest with the mistake and says why', async () => {
    const result = await tryApplyManifest(cluster, [refused], { namespace: namespaces[podSecurity] });

    expect(result.errors).toMatch(message);
    expect(result.accepted).toBe(false);
  });

  if (isRefusal(library)) {
    test('the library refuses it when it synthesizes', () => {
      expect(library.synthesize).toThrow(library.error);
    });
  } else {
    test(`the library cannot express it: ${library.instead}`, async () => {
      for (const rendering of library.renderings(namespaces.library)) {
        await scope.claim(rendering);
        expect(await applyManifest(cluster, rendering)).toMatchObject({ accepted: true, errors: '' });
      }
    });
  }
});
