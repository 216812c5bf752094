import * as fs from 'node:fs';
import * as path from 'node:path';
import { Cluster } from '../../harness/kubernetes/cluster';
import { printManifest } from './kube-object';

/** A question about one's rights, as `kubectl auth can-i` asks it. */
export interface Access {
  readonly verb: string;
  readonly group?: string;
  readonly resource: string;
  readonly subresource?: string;
  readonly namespace?: string;
  readonly name?: string;
}

/** What a role lets its holder do. */
export interface Rule {
  readonly verbs: string[];
  readonly apiGroups: string[];
  readonly resources: string[];
  readonly resourceNames?: string[];
}

/** kubectl would look for a CustomResourceDefinition of a kind that nobody can patch, which takes rights. */
const REVIEW = ['-f', '-', '--validate=false'];

/** A cluster seen by whoever holds a token of a service account. */
export async function asServiceAccount(cluster: Cluster, folder: string, namespace: string, name: string): Promise<Cluster> {
  const { clusters } = await cluster.getJson<{ clusters: unknown[] }>(['config', 'view', '--raw', '--flatten', '--minify']);
  const token = (await cluster.kubectl(['create', 'token', name, '-n', namespace])).trim();
  const kubeconfig = path.join(folder, `${namespace}.${name}.kubeconfig`);
  const [{ name: clusterName }] = clusters as [{ name: string }];
  fs.writeFileSync(kubeconfig, JSON.stringify({
    'apiVersion': 'v1',
    'kind': 'Config',
    clusters,
    'users': [{ name, user: { token } }],
    'contexts': [{ name, context: { cluster: clusterName, user: name } }],
    'current-context': name,
  }), { mode: 0o600 });
  return new Cluster({ ...cluster.props, kubeconfig });
}

/** Which of these whoever is asking may do. */
export async function allowed(self: Cluster, questions: Access[]): Promise<Access[]> {
  const reviews = questions.map(resourceAttributes => review('SelfSubjectAccessReview', { resourceAttributes }));
  const answers = await self.kubectl(['create', ...REVIEW, '-o=jsonpath={.status.allowed}{"\\n"}'], { input: printManifest(reviews) });
  const verdicts = answers.trimEnd().split('\n');
  if (verdicts.length !== questions.length) throw new Error(`${questions.length} questions, but ${verdicts.length} answers`);
  return questions.filter((_, index) => verdicts[index] === 'true');
}

/** Everything that whoever is asking may do in a namespace, but for what needs no resource; in an order of its own. */
export async function rules(self: Cluster, namespace: string): Promise<Rule[]> {
  const input = printManifest([review('SelfSubjectRulesReview', { namespace })]);
  const { status } = await self.getJson<{ status: { resourceRules: Rule[] } }>(['create', ...REVIEW], { input });
  return status.resourceRules.map(rule => JSON.stringify(rule)).sort().map(rule => JSON.parse(rule) as Rule);
}

/** A review has no name, unlike everything else that is printed. */
function review(kind: string, spec: object): Parameters<typeof printManifest>[0][number] {
  return { apiVersion: 'authorization.k8s.io/v1', kind, metadata: {} as { name: string }, spec };
}
