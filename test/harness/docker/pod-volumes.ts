import * as fs from 'node:fs';
import * as path from 'node:path';
import { Files, writeFilesAtomically } from './atomic-files';
import { ClusterState, NotMountedError } from './cluster-state';
import { run } from './command';
import { removeTree } from './outer-daemon';
import { FileItems, PodSpec, Projection, Volume, VolumeMount } from './pod-spec';

/** A mount in the words of the Engine API. */
export interface BindMount {
  readonly Type: 'bind';
  readonly Source: string;
  readonly Target: string;
  readonly ReadOnly: boolean;
  readonly BindOptions: { readonly Propagation: string };
}

const PROPAGATION: Record<string, string> = { None: 'rprivate', HostToContainer: 'rslave', Bidirectional: 'rshared' };

/** The volumes of one pod, as folders of this machine; emptyDirs live as long as the pod. */
export class PodVolumes {
  private readonly volumes: Volume[];
  private readonly group: number | undefined;
  private stopWatching = (): void => undefined;

  constructor(private readonly cluster: ClusterState, private readonly namespace: string, spec: PodSpec, private readonly folder: string) {
    this.volumes = spec.volumes ?? [];
    this.group = spec.securityContext?.fsGroup;
  }

  /** Makes every volume; throws `NotMountedError` for one that is not to be had yet. */
  public async mount(): Promise<void> {
    for (const volume of this.volumes) {
      this.source(volume);
      if (hasFiles(volume)) this.writeFiles(volume);
      if (volume.emptyDir) await this.makeEmptyDir(volume);
      if (volume.hostPath) this.makeHostPath(volume.hostPath);
    }
    this.stopWatching = this.cluster.watch(() => this.update());
  }

  /** Removes what goes with the pod. */
  public async unmount(): Promise<void> {
    this.stopWatching();
    await removeTree(this.folder);
  }

  /** The folder of a volume. */
  public path(name: string): string {
    const volume = this.volumes.find(each => each.name === name);
    if (!volume) throw new Error(`'volumeMounts' must name a volume of the pod, got '${name}'`);
    return this.source(volume);
  }

  /** What a container is to be given for its mounts. */
  public binds(mounts: VolumeMount[] = []): BindMount[] {
    return mounts.map(({ name, mountPath, readOnly, subPath, mountPropagation = 'None' }) => {
      const volume = this.volumes.find(each => each.name === name);
      const files = volume !== undefined && hasFiles(volume);
      return {
        Type: 'bind',
        Source: subPath === undefined ? this.path(name) : this.subPath(this.path(name), subPath, files),
        Target: mountPath,
        ReadOnly: files || readOnly === true || volume?.persistentVolumeClaim?.readOnly === true,
        BindOptions: { Propagation: PROPAGATION[mountPropagation] },
      };
    });
  }

  /** A file below `..data` is bound as it is at this moment: it never changes in the container, as with a kubelet. */
  private subPath(folder: string, subPath: string, files: boolean): string {
    const source = path.join(folder, subPath);
    if (!files) fs.mkdirSync(source, { recursive: true });
    return fs.realpathSync(source);
  }

  private source(volume: Volume): string {
    if (volume.persistentVolumeClaim) return this.cluster.claimFolder(volume.persistentVolumeClaim.claimName);
    if (volume.hostPath) return this.cluster.nodePath(volume.hostPath.path);
    return path.join(this.folder, volume.name);
  }

  private update(): void {
    for (const volume of this.volumes.filter(hasFiles)) {
      try {
        this.writeFiles(volume);
      } catch (error) {
        // The kubelet keeps what it wrote last when a key is taken away.
        if (!(error instanceof NotMountedError)) throw error;
      }
    }
  }

  private writeFiles(volume: Volume): void {
    const { sources, defaultMode } = projectionOf(volume);
    const files = sources.flatMap(source => [...this.project(source, defaultMode)]);
    fs.mkdirSync(this.source(volume), { recursive: true });
    fs.chmodSync(this.source(volume), 0o777);
    writeFilesAtomically(this.source(volume), new Map(files), this.group);
  }

  private project({ configMap, secret }: Projection, defaultMode: number | undefined): Files {
    const [kind, source] = configMap ? ['ConfigMap', configMap] as const : ['Secret', secret ?? { name: '' }] as const;
    const data = this.cluster.read(kind, this.namespace, source.name);
    if (!data && !source.optional) throw new NotMountedError(`${kind.toLowerCase()} "${source.name}" not found`);
    return project({ defaultMode, ...source }, data ?? {});
  }

  private async makeEmptyDir(volume: Volume): Promise<void> {
    const folder = this.source(volume);
    fs.mkdirSync(folder, { recursive: true });
    if (volume.emptyDir?.medium === 'Memory') await run('mount', ['-t', 'tmpfs', 'tmpfs', folder]);
    if (this.group !== undefined) fs.chownSync(folder, 0, this.group);
    fs.chmodSync(folder, this.group === undefined ? 0o777 : 0o2777);
  }

  private makeHostPath({ path: absolute, type = '' }: { readonly path: string; readonly type?: string }): void {
    const folder = this.cluster.nodePath(absolute);
    if (type === 'DirectoryOrCreate') fs.mkdirSync(folder, { recursive: true, mode: 0o755 });
    if (!fs.existsSync(folder)) throw new NotMountedError(`hostPath '${absolute}' is not there, or its type '${type}' is not played`);
  }
}

function hasFiles({ configMap, secret, projected }: Volume): boolean {
  return (configMap ?? secret ?? projected) !== undefined;
}

/** A volume of one ConfigMap or Secret is a projection of it alone. */
function projectionOf({ configMap, secret, projected }: Volume): NonNullable<Volume['projected']> {
  if (projected) return projected;
  const { defaultMode, ...source } = configMap ?? { ...secret, name: secret?.secretName ?? '' };
  return { defaultMode, sources: [configMap ? { configMap: source } : { secret: source }] };
}

function project({ items, defaultMode = 0o644, optional }: FileItems, data: Record<string, Buffer>): Files {
  const chosen = items ?? Object.keys(data).map(key => ({ key, path: key, mode: undefined }));
  const missing = chosen.find(({ key }) => !(key in data));
  if (missing && !optional) throw new NotMountedError(`references non-existent key: ${missing.key}`);
  return new Map(chosen.filter(({ key }) => key in data).map(({ key, path: file, mode }) => [file, { content: data[key], mode: mode ?? defaultMode }]));
}
