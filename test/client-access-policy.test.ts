import { CacheClient, ClientAccessPolicy, ClientAccessPolicyProps } from '../src';
import { manifestOf, newChart } from './fixtures';

const runner = CacheClient.inNamespace('gitlab-runner');
const PRUNE_JOB = { podSelector: { matchLabels: selector('prune') } };

function selector(component: string): { readonly [key: string]: string } {
  return { 'app.kubernetes.io/name': 'dind-cache', 'app.kubernetes.io/instance': 'docker', 'app.kubernetes.io/component': component };
}

function policy(props: Partial<ClientAccessPolicyProps> = {}): ClientAccessPolicy {
  return new ClientAccessPolicy(newChart(), 'clients', { instance: 'docker', clients: [runner], port: 2376, ...props });
}

describe("the daemon's NetworkPolicy", () => {
  test("lets the clients and the cache's own prune job in to the one port, and cuts nothing that goes out", () => {
    expect(manifestOf(policy()).spec).toEqual({
      podSelector: { matchLabels: selector('daemon') },
      policyTypes: ['Ingress'],
      ingress: [{
        from: [{ namespaceSelector: { matchLabels: { 'kubernetes.io/metadata.name': 'gitlab-runner' } } }, PRUNE_JOB],
        ports: [{ port: 2376, protocol: 'TCP' }],
      }],
    });
  });

  test('lets in whom it is told to later', () => {
    const clients = [runner];
    const made = policy({ clients });

    made.allow(CacheClient.withLabels({ role: 'ci' }));

    expect(manifestOf(made).spec.ingress[0].from).toEqual([expect.anything(), { podSelector: { matchLabels: { role: 'ci' } } }, PRUNE_JOB]);
    expect(clients).toEqual([runner]);
  });

  test('does not change with the list that it was made from', () => {
    const clients = [runner];
    const made = policy({ clients });

    clients.push(CacheClient.withLabels({ role: 'intruder' }));

    expect(JSON.stringify(manifestOf(made))).not.toContain('intruder');
  });

  test.each<[string, Partial<ClientAccessPolicyProps>, string]>([
    ['an empty list, which is more likely forgotten than meant', { clients: [] },
      "'clients' must not be empty, got []; name who may connect, such as CacheClient.inNamespace('gitlab-runner')"],
    ['port 0', { port: 0 }, "'port' must be an integer from 1 to 65535, got 0"],
    ['half a port', { port: 1.5 }, "'port' must be an integer from 1 to 65535, got 1.5"],
    ['a port that is too high', { port: 65536 }, "'port' must be an integer from 1 to 65535, got 65536"],
  ])('refuses %s', (_, props, message) => {
    expect(() => policy(props)).toThrow(new Error(message));
  });
});
