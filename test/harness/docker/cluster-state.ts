import * as fs from 'node:fs';
import * as path from 'node:path';
import { Manifests } from './manifests';
import { KubernetesObject } from './pod-spec';

/** The content of a Secret or ConfigMap. */
export type Data = Readonly<Record<string, string | Buffer>>;

/** What the API server and the node would know: the manifests, what was written to Secrets since, and the node's disk. */
export class ClusterState {
  private readonly written = new Map<string, Data>();
  private readonly watchers = new Set<() => void>();

  constructor(public readonly manifests: Manifests, public readonly folder: string, private readonly claims: Readonly<Record<string, string>>) {}

  /** Writes a Secret or ConfigMap; running pods that mount it see it at once, where a kubelet takes up to two minutes. */
  public write(kind: 'Secret' | 'ConfigMap', namespace: string, name: string, data: Data): void {
    this.written.set(`${kind}/${namespace}/${name}`, data);
    this.watchers.forEach(watcher => watcher());
  }

  /** Content of a Secret or ConfigMap, or `undefined` when there is none of that name. */
  public read(kind: 'Secret' | 'ConfigMap', namespace: string, name: string): Record<string, Buffer> | undefined {
    const written = this.written.get(`${kind}/${namespace}/${name}`);
    const object = this.manifests.all<DataObject>(kind).find(({ metadata }) => metadata.name === name && (metadata.namespace ?? 'default') === namespace);
    if (!written && !object) return undefined;
    const encoding = kind === 'Secret' ? 'base64' : 'utf8';
    return {
      ...buffers(object?.data, encoding),
      ...buffers(object?.binaryData, 'base64'),
      ...buffers(object?.stringData, 'utf8'),
      ...buffers(written, 'utf8'),
    };
  }

  /** Calls back after each write, until the returned function is called. */
  public watch(watcher: () => void): () => void {
    this.watchers.add(watcher);
    return () => this.watchers.delete(watcher);
  }

  /** Where a path of the node is on this machine. */
  public nodePath(absolute: string): string {
    return path.join(this.folder, 'node', absolute);
  }

  /** The folder of a claim: given by the test, or the local path of the volume that it is bound to, which must exist as on a node. */
  public claimFolder(name: string): string {
    if (this.claims[name]) return this.claims[name];
    const claim = this.manifests.find<ClaimObject>('PersistentVolumeClaim', name);
    const local = claim?.spec.volumeName && this.manifests.find<VolumeObject>('PersistentVolume', claim.spec.volumeName)?.spec.local?.path;
    if (local && !fs.existsSync(this.nodePath(local))) throw new NotMountedError(`path '${local}' does not exist`);
    const folder = local ? this.nodePath(local) : path.join(this.folder, 'claims', name);
    fs.mkdirSync(folder, { recursive: true });
    return folder;
  }
}

/** A volume that cannot be mounted yet: a pod waits for it. */
export class NotMountedError extends Error {}

interface DataObject extends KubernetesObject {
  readonly data?: Data;
  readonly binaryData?: Data;
  readonly stringData?: Data;
}

interface ClaimObject extends KubernetesObject {
  readonly spec: { readonly volumeName?: string };
}

interface VolumeObject extends KubernetesObject {
  readonly spec: { readonly local?: { readonly path: string } };
}

function buffers(data: Data = {}, encoding: BufferEncoding): Record<string, Buffer> {
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, typeof value === 'string' ? Buffer.from(value, encoding) : value]));
}
