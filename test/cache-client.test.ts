import { CacheClient, ClientAccessPolicy } from '../src';
import { Manifest, manifestOf, newChart } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

function peerOf(client: CacheClient): Manifest {
  const policy = new ClientAccessPolicy(newChart(), 'clients', { clients: [client], port: 2376 });
  return manifestOf(policy).spec.ingress[0].from[0];
}

describe('a client', () => {
  test('named by its namespace is found by the label that Kubernetes gives every namespace', () => {
    expect(peerOf(CacheClient.inNamespace('gitlab-runner'))).toEqual({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gitlab-runner' } },
    });
  });

  test('named by namespace and labels must match both, in one peer', () => {
    expect(peerOf(CacheClient.inNamespace('gitlab-runner', { podLabels: { docker: 'true' } }))).toEqual({
      namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gitlab-runner' } },
      podSelector: { matchLabels: { docker: 'true' } },
    });
  });

  test("named by labels alone is a pod of the cache's own namespace", () => {
    expect(peerOf(CacheClient.withLabels({ role: 'ci' }))).toEqual({ podSelector: { matchLabels: { role: 'ci' } } });
  });

  test('can be read back', () => {
    const client = CacheClient.inNamespace('gitlab-runner', { podLabels: { docker: 'true' } });

    expect({ ...client }).toEqual({ namespaceName: 'gitlab-runner', podLabels: { docker: 'true' } });
  });

  test('is not changed by what happens to its arguments', () => {
    const podLabels: { [key: string]: string } = { docker: 'true' };
    const client = CacheClient.withLabels(podLabels);

    podLabels.docker = 'changed';

    expect(client.podLabels).toEqual({ docker: 'true' });
  });

  test.each<[string, () => CacheClient, string]>([
    ['a namespace that cannot exist', () => CacheClient.inNamespace('GitLab'),
      "'namespace' must consist of lower-case letters, digits and '-', and begin and end with a letter or digit, got 'GitLab'"],
    ['no label, which would let everybody in', () => CacheClient.withLabels({}),
      "'labels' must not be empty, got {}; an empty selector would let every pod of the namespace in"],
    ['a pod label that is none', () => CacheClient.inNamespace('ci', { podLabels: { 'a/b/c': '' } }), "'podLabels' must have keys with at most one '/', got 'a/b/c'"],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});

describeDefaults('NamespaceClientOptions', [
  ['podLabels', '- every pod of the namespace is let in', () => {
    expect(peerOf(CacheClient.inNamespace('ci'))).not.toHaveProperty('podSelector');
  }],
]);

describeDefaults('CacheClient', [
  ['namespaceName', "- the cache's own", () => {
    expect(CacheClient.withLabels({ role: 'ci' }).namespaceName).toBeUndefined();
    expect(peerOf(CacheClient.withLabels({ role: 'ci' }))).not.toHaveProperty('namespaceSelector');
  }],
  ['podLabels', '- every pod of the namespace', () => {
    expect(CacheClient.inNamespace('ci').podLabels).toBeUndefined();
  }],
]);
