import { testUnless } from '../support/conditional-test';
import { clusterUnderTest } from './support/cluster-under-test';
import { droppedFields } from './support/dropped-fields';
import { examples } from './support/examples';
import { KubeObject } from './support/kube-object';
import { applyManifest, fetchManifest, generationsOf } from './support/manifests';
import { Scope } from './support/scope';
import { customResourcesMissing } from './support/shared';

/** Zeros, such as the recipe's empty variable and those of cdk8s-plus, come back as nothing, so that kubectl goes on sending them. */
const SENT_AGAIN: Readonly<Record<string, unknown[]>> = {
  'existing-chart': [expect.stringMatching(/^deployment\.apps\/existing-chart-preview-builder-\w+ configured$/)],
  'recipe': ['deployment.apps/docker-dind configured'],
};

const EXAMPLES = examples();
const cluster = clusterUnderTest();
const scope = new Scope(cluster);

beforeAll(() => scope.namespacesFor(EXAMPLES.flatMap(({ objects }) => objects)));

afterAll(() => scope.cleanUp());

function missing(objects: KubeObject[]): string | undefined {
  return objects.some(({ apiVersion }) => apiVersion.startsWith('cert-manager.io/')) ? customResourcesMissing() : undefined;
}

/** Applies a manifest, looks at what the API server made of it, and returns that. */
async function applied(file: string, objects: KubeObject[], serverSide: boolean): Promise<KubeObject[]> {
  const { errors } = await applyManifest(cluster, file, { serverSide });
  const returned = await fetchManifest(cluster, file);

  expect(errors).toBe('');
  expect(returned).toHaveLength(objects.length);
  expect(objects.flatMap((object, index) => droppedFields(object, returned[index]))).toEqual([]);
  return returned;
}

describe.each(EXAMPLES)('dist/$name.k8s.yaml', ({ name, file, objects }) => {
  beforeAll(() => scope.claim(objects));

  afterAll(() => scope.clear());

  testUnless(missing(objects), 'is accepted whole and without a warning by plain apply, and changes nothing when applied again', async () => {
    const before = await applied(file, objects, false);

    const { outcomes, errors } = await applyManifest(cluster, file);

    expect(outcomes.filter(outcome => !outcome.endsWith(' unchanged'))).toEqual(SENT_AGAIN[name] ?? []);
    expect(errors).toBe('');
    expect(generationsOf(await fetchManifest(cluster, file))).toEqual(generationsOf(before));
  });

  testUnless(missing(objects), 'is accepted whole and without a warning by server-side apply, and changes nothing when applied again', async () => {
    const before = await applied(file, objects, true);

    const { errors } = await applyManifest(cluster, file, { serverSide: true });

    expect(errors).toBe('');
    expect(generationsOf(await fetchManifest(cluster, file))).toEqual(generationsOf(before));
  });
});
