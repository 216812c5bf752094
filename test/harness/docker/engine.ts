import { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { demultiplex, engineRequest, ignoreMissing, refuseErrorLines } from './engine-http';

/** What a container is made of, in the words of the Engine API. */
export interface ContainerConfig {
  readonly Image: string;
  readonly Hostname?: string;
  readonly Entrypoint?: string[];
  readonly Cmd?: string[];
  readonly Env?: string[];
  readonly User?: string;
  readonly WorkingDir?: string;
  readonly Labels?: Record<string, string>;
  readonly HostConfig?: Record<string, unknown>;
}

/** The part of what a daemon knows of a container that the tests look at. */
export interface ContainerState {
  readonly State: { readonly Running: boolean; readonly ExitCode: number; readonly Pid: number; readonly OOMKilled: boolean };
  readonly NetworkSettings: { readonly Networks: Record<string, { readonly IPAddress: string; readonly Gateway: string }> };
}

/** The part of what a daemon knows of a network that the tests look at. */
export interface NetworkState {
  readonly IPAM: { readonly Config: { readonly Subnet: string; readonly Gateway: string }[] };
  readonly Options: Record<string, string>;
}

/** What a command in a container printed and how it ended. */
export interface ExecResult {
  /** The command's exit code, or `undefined` when it was killed since it took too long. */
  readonly exitCode: number | undefined;
  /** Standard output and standard error together. */
  readonly output: string;
}

/** A client of the Docker Engine API, for the daemon that runs the containers of the tests. */
export class Engine {
  constructor(public readonly socket: string) {}

  /** Whether the daemon answers. */
  public async ping(): Promise<boolean> {
    return this.request('GET', '/_ping').then(() => true, () => false);
  }

  /** Makes an image of a tar archive of a root file system. */
  public async importImage(image: string, archive: Readable, changes: string[] = []): Promise<void> {
    const [repo, tag] = image.split(':');
    const query = new URLSearchParams({ fromSrc: '-', repo, tag });
    for (const change of changes) query.append('changes', change);
    refuseErrorLines(await this.request('POST', `/images/create?${query.toString()}`, archive));
  }

  /** Pulls an image from its registry. */
  public async pull(image: string): Promise<void> {
    refuseErrorLines(await this.request('POST', `/images/create?fromImage=${encodeURIComponent(image)}`));
  }

  /** Whether an image is there. */
  public async hasImage(image: string): Promise<boolean> {
    const found = await this.request('GET', `/images/${image}/json`).catch(ignoreMissing);
    return found !== undefined;
  }

  /** Removes every image of a repository whose tag begins with `prefix`, but for one; images in use stay. */
  public async removeImages(repository: string, prefix: string, keep: string): Promise<void> {
    const filters = encodeURIComponent(JSON.stringify({ reference: [`${repository}:${prefix}*`] }));
    const images = await this.json<{ RepoTags: string[] }[]>('GET', `/images/json?filters=${filters}`);
    for (const tag of images.flatMap(image => image.RepoTags).filter(each => each !== keep)) {
      await this.request('DELETE', `/images/${tag}`).catch(ignoreMissing);
    }
  }

  /** Creates and starts a container and returns its id. */
  public async run(config: ContainerConfig): Promise<string> {
    const { Id } = await this.json<{ Id: string }>('POST', '/containers/create', config);
    try {
      await this.start(Id);
      return Id;
    } catch (error) {
      await this.remove(Id);
      throw error;
    }
  }

  /** Starts a container that is there, for the first time or again. */
  public async start(id: string): Promise<void> {
    await this.request('POST', `/containers/${id}/start`);
  }

  /** What the daemon knows of a container. */
  public async inspect(id: string): Promise<ContainerState> {
    return this.json('GET', `/containers/${id}/json`);
  }

  /** The containers that carry a label, running or not. */
  public async containersWithLabel(label: string): Promise<{ Id: string; Labels: Record<string, string> }[]> {
    return this.json('GET', `/containers/json?all=true&filters=${encodeURIComponent(JSON.stringify({ label: [label] }))}`);
  }

  /** What the daemon knows of a network. */
  public async network(name: string): Promise<NetworkState> {
    return this.json('GET', `/networks/${name}`);
  }

  /** Waits until a container has ended and returns its exit code. */
  public async wait(id: string): Promise<number> {
    return (await this.json<{ StatusCode: number }>('POST', `/containers/${id}/wait`)).StatusCode;
  }

  /** Sends a signal to a container, unless it has ended. */
  public async kill(id: string, signal: NodeJS.Signals): Promise<void> {
    await this.request('POST', `/containers/${id}/kill?signal=${signal}`).catch(ignoreMissing);
  }

  /** Sends SIGTERM, and SIGKILL when the container has not ended after so many seconds. */
  public async stop(id: string, graceSeconds: number): Promise<void> {
    await this.request('POST', `/containers/${id}/stop?t=${Math.ceil(graceSeconds)}`).catch(ignoreMissing);
  }

  /** Removes a container and its anonymous volumes, running or not. */
  public async remove(id: string): Promise<void> {
    await this.request('DELETE', `/containers/${id}?force=true&v=true`).catch(ignoreMissing);
  }

  /** Everything that a container has printed. */
  public async logs(id: string): Promise<string> {
    return demultiplex(await this.request('GET', `/containers/${id}/logs?stdout=true&stderr=true`));
  }

  /** Runs a command in a container as the kubelet does: one that takes too long is killed. */
  public async exec(id: string, command: string[], timeoutSeconds = 60): Promise<ExecResult> {
    const config = { Cmd: command, AttachStdout: true, AttachStderr: true };
    const { Id } = await this.json<{ Id: string }>('POST', `/containers/${id}/exec`, config);
    const done = new AbortController();
    const finished = this.request('POST', `/exec/${Id}/start`, { Detach: false, Tty: false }).then(demultiplex);
    const output = await Promise.race([finished, sleep(timeoutSeconds * 1000, undefined, { signal: done.signal })]).finally(() => done.abort());
    const state = await this.json<{ ExitCode: number | null; Pid: number }>('GET', `/exec/${Id}/json`);
    if (output !== undefined) return { exitCode: state.ExitCode ?? -1, output };
    finished.catch(() => undefined);
    // The API has no request for it, so the process is killed on the machine itself.
    if (state.Pid) process.kill(state.Pid, 'SIGKILL');
    return { exitCode: undefined, output: '' };
  }

  private async json<T>(method: string, path: string, body?: unknown): Promise<T> {
    return JSON.parse((await this.request(method, path, body)).toString('utf8')) as T;
  }

  private request(method: string, path: string, body?: unknown): Promise<Buffer> {
    return engineRequest(this.socket, method, path, body);
  }
}
