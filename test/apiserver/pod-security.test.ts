import { clusterUnderTest } from './support/cluster-under-test';
import { example, examples } from './support/examples';
import { KubeObject } from './support/kube-object';
import { tryApplyManifest } from './support/manifests';
import { TemplatedPod, templatedPods } from './support/pod-templates';
import { Scope } from './support/scope';

const LIBRARY = 'dind-cache';
const EMITTED = example('minimal').objects.find(({ kind }) => kind === 'Namespace')!;
const HOST_PATH = 'restricted volume types (volume "data" uses restricted volume type "hostPath")';

const EXAMPLES = examples();
const cluster = clusterUnderTest();
const scope = new Scope(cluster);
const namespaces: Record<string, string> = {};

beforeAll(async () => {
  namespaces.emitted = await scope.namespace('emitted', EMITTED.metadata.labels);
  namespaces.restricted = await scope.namespace('restricted', { 'pod-security.kubernetes.io/enforce': 'restricted' });
  // A pod is not admitted before its account is there.
  for (const namespace of Object.values(namespaces)) await cluster.kubectl(['create', 'serviceaccount', 'docker-dind-tls', '-n', namespace]);
});

afterAll(() => scope.cleanUp());

/** The pods that the library has emitted for an example; the example may have others. */
function ownPods(objects: KubeObject[]): TemplatedPod[] {
  return templatedPods(objects).filter(({ pod }) => pod.metadata.labels?.['app.kubernetes.io/name'] === LIBRARY);
}

function componentOf(pod: KubeObject): string {
  return pod.metadata.labels?.['app.kubernetes.io/component'] ?? '';
}

/** What the admission of PodSecurity objects to in each pod, by the pod's name, without the sentence around it. */
function objections(errors: string): Record<string, string> {
  return Object.fromEntries([...errors.matchAll(/pods "([^"]*)" is forbidden: violates PodSecurity "[^"]*": (.*)/g)].map(([, name, reasons]) => [name, reasons]));
}

describe.each(EXAMPLES)('dist/$name.k8s.yaml', ({ objects }) => {
  const pods = ownPods(objects).map(({ pod }) => pod);

  test('has pods that a namespace with the labels of ours admits, without a warning', async () => {
    const { accepted, errors, outcomes } = await tryApplyManifest(cluster, pods, { namespace: namespaces.emitted, dryRun: true });

    expect(errors).toBe('');
    expect(accepted).toBe(true);
    expect(outcomes).toHaveLength(pods.length);
  });

  test('has pods that a restricted namespace admits, but for the daemon and the host path', async () => {
    const { errors, outcomes } = await tryApplyManifest(cluster, pods, { namespace: namespaces.restricted, dryRun: true });
    const refused = objections(errors);

    expect(Object.keys(refused).length + outcomes.length).toBe(pods.length);
    for (const { metadata: { name } } of pods.filter(pod => componentOf(pod) === 'daemon')) expect(refused[name]).toContain('privileged (container ');
    for (const { metadata: { name } } of pods.filter(pod => componentOf(pod) === 'directory')) expect(refused[name]).toBe(HOST_PATH);
    for (const { metadata: { name } } of pods.filter(pod => !['daemon', 'directory'].includes(componentOf(pod)))) expect(refused).not.toHaveProperty(name);
  });
});
