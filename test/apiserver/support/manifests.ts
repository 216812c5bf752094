import { Cluster, KubectlResult } from '../../harness/kubernetes/cluster';
import { describeObject, itemsOf, KubeObject, printManifest } from './kube-object';

/** A manifest: the path of a file, or objects. */
export type Manifest = string | KubeObject[];

/** How a manifest is applied. */
export interface ApplyOptions {
  /** Whether field ownership is tracked by the API server. @default false */
  readonly serverSide?: boolean;
  /** Whether fields are taken over that somebody else has set, with `serverSide`. @default false */
  readonly forceConflicts?: boolean;
  /** Whether the API server only says what it would do. @default false */
  readonly dryRun?: boolean;
  /** Namespace of objects that name none. @default - kubectl's */
  readonly namespace?: string;
}

/** What the API server said of a manifest. */
export interface ApplyResult {
  readonly accepted: boolean;
  /** The different warnings. */
  readonly warnings: string[];
  /** What happened to each object, as kubectl words it: `service/docker-dind unchanged`. */
  readonly outcomes: string[];
  /** Standard error, where rejections are explained. */
  readonly errors: string;
}

/** Applies a manifest and throws when the API server rejects any of it. */
export async function applyManifest(cluster: Cluster, manifest: Manifest, options: ApplyOptions = {}): Promise<ApplyResult> {
  const result = await tryApplyManifest(cluster, manifest, options);
  if (!result.accepted) throw new Error(`rejected: ${result.errors}`);
  return result;
}

/** Applies a manifest and returns what the API server said, be it a rejection. */
export async function tryApplyManifest(cluster: Cluster, manifest: Manifest, options: ApplyOptions = {}): Promise<ApplyResult> {
  const { file, input } = source(manifest);
  const flags = [
    '--validate=strict',
    ...(options.serverSide ? ['--server-side'] : []),
    ...(options.forceConflicts ? ['--force-conflicts'] : []),
    ...(options.dryRun ? ['--dry-run=server'] : []),
    ...(options.namespace ? ['-n', options.namespace] : []),
  ];
  return toApplyResult(await cluster.tryKubectl(['apply', ...file, ...flags], { input }));
}

/** What the API server has for each object of a manifest, in the manifest's order. */
export async function fetchManifest(cluster: Cluster, manifest: Manifest): Promise<KubeObject[]> {
  const { file, input } = source(manifest);
  return itemsOf(await cluster.getJson<KubeObject>(['get', ...file], { input }));
}

/** The generation of each object that a manifest describes and that has one: it grows with every change of what is wanted. */
export async function generations(cluster: Cluster, manifest: Manifest): Promise<Record<string, number>> {
  return generationsOf(await fetchManifest(cluster, manifest));
}

/** The generation of each object that has one. */
export function generationsOf(objects: KubeObject[]): Record<string, number> {
  return Object.fromEntries(objects.flatMap(object => {
    const { generation } = object.metadata;
    return generation === undefined ? [] : [[describeObject(object), generation]];
  }));
}

function source(manifest: Manifest): { file: string[]; input?: string } {
  if (typeof manifest === 'string') return { file: ['-f', manifest] };
  return { file: ['-f', '-'], input: printManifest(manifest) };
}

function toApplyResult({ exitCode, stdout, stderr }: KubectlResult): ApplyResult {
  return {
    accepted: exitCode === 0,
    warnings: [...stderr.matchAll(/^Warning: (.*)$/gm)].map(([, text]) => text),
    outcomes: stdout.split('\n').filter(line => line !== ''),
    errors: stderr,
  };
}
