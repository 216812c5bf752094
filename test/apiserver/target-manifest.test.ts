import { clusterUnderTest } from './support/cluster-under-test';
import { droppedFields } from './support/dropped-fields';
import { readManifest } from './support/kube-object';
import { applyManifest, fetchManifest, generations, tryApplyManifest } from './support/manifests';
import { templatedPods } from './support/pod-templates';
import { Scope } from './support/scope';
import { sharedFile, testWithShared } from './support/shared';

const TARGET = 'reference/target-minimal.yaml';
const NAMESPACE = 'dind-cache';

const cluster = clusterUnderTest();
const file = sharedFile(TARGET);
let scope: Scope;

beforeEach(() => {
  scope = new Scope(cluster);
});

afterEach(() => scope.cleanUp());

describe.each([{ how: 'plain', serverSide: false }, { how: 'server-side', serverSide: true }])('the manifest drawn by hand, by $how apply', ({ serverSide }) => {
  testWithShared(TARGET, 'is accepted without a warning, whole, and not changed when applied again', async () => {
    const objects = readManifest(file);
    await scope.claim(objects);

    const { warnings } = await applyManifest(cluster, file, { serverSide });
    const returned = await fetchManifest(cluster, file);
    const before = await generations(cluster, file);
    await applyManifest(cluster, file, { serverSide });

    expect(warnings).toEqual([]);
    expect(objects.flatMap((object, index) => droppedFields(object, returned[index]))).toEqual([]);
    expect(await generations(cluster, file)).toEqual(before);
    expect(Object.keys(before)).toContain('Deployment/dind-cache/docker-dind');
  });
});

testWithShared(TARGET, 'the daemon and a prune job started by hand are scheduled beside the volume', async () => {
  await scope.claim(readManifest(file));
  await scope.node('node2');
  await scope.node('node1');
  await applyManifest(cluster, file);

  await cluster.kubectl(['create', 'job', 'prune-now', '--from=cronjob/docker-dind-prune', '-n', NAMESPACE]);
  await scheduled('app.kubernetes.io/component=daemon');
  await scheduled('job-name=prune-now');

  const pods = await cluster.kubectl(['get', 'pods', '-n', NAMESPACE, '-o=jsonpath={.items[*].spec.nodeName}']);
  expect(new Set(pods.split(' '))).toEqual(new Set(['node1']));
  expect(await cluster.kubectl(['get', 'pvc', 'docker-dind-data', '-n', NAMESPACE, '-o=jsonpath={.spec.volumeName} {.status.phase}'])).toBe('dind-cache-docker-dind Bound');
});

testWithShared(TARGET, 'a restricted namespace takes every pod but the daemon and the one with the host path', async () => {
  const namespace = await scope.namespace('restricted', { 'pod-security.kubernetes.io/enforce': 'restricted' });

  const verdicts: Record<string, string> = {};
  for (const { owner, pod } of templatedPods(readManifest(file))) {
    verdicts[owner] = reasons((await tryApplyManifest(cluster, [pod], { namespace, dryRun: true })).errors);
  }

  expect(verdicts).toEqual({
    'Job/dind-cache/docker-dind-directory-3f9a1c': expect.stringMatching(/^restricted volume types \([^)]*\)$/),
    'Deployment/dind-cache/docker-dind': expect.stringContaining('privileged'),
    'CronJob/dind-cache/docker-dind-prune': '',
  });
});

async function scheduled(selector: string): Promise<void> {
  await cluster.kubectl(['wait', '--for=create', 'pod', '-l', selector, '-n', NAMESPACE, '--timeout=30s']);
  await cluster.kubectl(['wait', '--for=condition=PodScheduled', 'pod', '-l', selector, '-n', NAMESPACE, '--timeout=30s']);
}

/** What the admission of PodSecurity objects to, without the sentence around it. */
function reasons(errors: string): string {
  return errors.match(/violates PodSecurity "[^"]*": (.*)/)?.[1] ?? errors;
}
