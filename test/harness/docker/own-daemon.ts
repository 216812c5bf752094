import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { eventually } from '../kubernetes/eventually';
import { run, tryRun } from './command';
import { Engine } from './engine';
import { goPrograms } from './go-programs';
import { cacheRoot, recipeDigest } from './shared-cache';
import { DEFAULT_DOCKER_VERSION } from './versions';

/** Interface of the daemon's containers; nothing else on the machine has it. */
const BRIDGE = 'dindcache0';
/** Left to the kernel, it would be the lowest of its ports', and a container that comes or goes would cut the others off from this machine. */
const BRIDGE_HARDWARE_ADDRESS = '02:42:0a:d5:00:01';
/** Containers get addresses of the lower half; the upper half is for Services. */
const [GATEWAY, SUBNET, CONTAINERS] = ['10.213.0.1', '10.213.0.0/16', '10.213.0.0/17'];

/** A network of containers that this machine reaches directly. */
export interface Bridge {
  readonly name: string;
  readonly subnet: string;
  /** This machine's address there. */
  readonly gateway: string;
}

/** The daemon of the harness's own: its socket, and how it is started and stopped. */
export class OwnDaemon {
  public readonly bridge: Bridge = { name: BRIDGE, subnet: SUBNET, gateway: GATEWAY };
  /** Sockets may have about a hundred characters, and a home folder any number. */
  public readonly folder = path.join(os.tmpdir(), `cdk8s-dind-cache-${recipeDigest(cacheRoot())}`);
  public readonly engine = new Engine(path.join(this.folder, 'docker.sock'));

  /** Starts containerd and dockerd, apart from any that the machine has: with folders, socket and bridge of their own. */
  public async start(): Promise<void> {
    const programs = await goPrograms();
    const data = path.join(cacheRoot(), `outer-daemon-${DEFAULT_DOCKER_VERSION}`);
    fs.mkdirSync(this.folder, { recursive: true });
    await this.addBridge();
    this.spawn(programs, 'containerd', ['--config', this.writeContainerdConfig(data)]);
    await eventually('containerd answers', async () => fs.existsSync(this.containerdSocket), { deadlineSeconds: 30 });
    this.spawn(programs, 'dockerd', this.dockerdArguments(data));
    await eventually(`dockerd answers; its log is ${this.folder}/dockerd.log`, () => this.engine.ping(), { deadlineSeconds: 60 });
  }

  /** Stops what `start` started; images stay in the cache. */
  public async stop(): Promise<void> {
    for (const program of ['dockerd', 'containerd']) await this.stopProgram(program);
    await tryRun('ip', ['link', 'delete', BRIDGE]);
    fs.rmSync(this.folder, { recursive: true, force: true });
  }

  private get containerdSocket(): string {
    return path.join(this.folder, 'containerd.sock');
  }

  private async addBridge(): Promise<void> {
    await tryRun('ip', ['link', 'delete', BRIDGE]);
    await run('ip', ['link', 'add', 'name', BRIDGE, 'address', BRIDGE_HARDWARE_ADDRESS, 'type', 'bridge']);
    await run('ip', ['address', 'add', `${GATEWAY}/${SUBNET.split('/')[1]}`, 'dev', BRIDGE]);
    await run('ip', ['link', 'set', BRIDGE, 'up']);
  }

  private writeContainerdConfig(data: string): string {
    const file = path.join(this.folder, 'containerd.toml');
    fs.writeFileSync(file, [
      'version = 3',
      `root = "${data}/containerd"`,
      `state = "${this.folder}/containerd"`,
      'disabled_plugins = ["io.containerd.grpc.v1.cri", "io.containerd.cri.v1.images", "io.containerd.cri.v1.runtime"]',
      '[grpc]',
      `address = "${this.containerdSocket}"`,
      '',
    ].join('\n'));
    return file;
  }

  /** Without address translation, containers reach each other and this machine, and no registry in the outside world. */
  private dockerdArguments(data: string): string[] {
    const config = path.join(this.folder, 'daemon.json');
    fs.writeFileSync(config, JSON.stringify({ 'features': { 'containerd-snapshotter': false }, 'storage-driver': 'overlay2' }));
    return [
      `--config-file=${config}`, `--data-root=${data}/docker`, `--exec-root=${this.folder}/exec`, `--pidfile=${this.folder}/docker.pid`,
      `--host=unix://${this.engine.socket}`, `--containerd=${this.containerdSocket}`,
      `--bridge=${BRIDGE}`, `--fixed-cidr=${CONTAINERS}`,
      '--iptables=false', '--ip6tables=false', '--ip-forward=false', '--ip-masq=false', '--userland-proxy=false',
    ];
  }

  /** The process may outlive the one that started it: others use it at the same time. */
  private spawn(programs: string, program: string, args: string[]): void {
    const log = fs.openSync(path.join(this.folder, `${program}.log`), 'a');
    const env = { ...process.env, PATH: `${programs}:${process.env.PATH}` };
    const child = spawn(path.join(programs, program), args, { detached: true, stdio: ['ignore', log, log], env, cwd: '/' });
    fs.closeSync(log);
    fs.writeFileSync(path.join(this.folder, `${program}.started`), String(child.pid));
    child.unref();
  }

  private async stopProgram(program: string): Promise<void> {
    const file = path.join(this.folder, `${program}.started`);
    const pid = fs.existsSync(file) ? Number(fs.readFileSync(file, 'utf8')) : 0;
    if (!this.isOurs(pid)) return;
    process.kill(pid, 'SIGTERM');
    await eventually(`${program} (${pid}) ends`, async () => !this.isOurs(pid), { deadlineSeconds: 60 });
  }

  /** A number may have gone to another process since; ours name their folder on the command line. */
  private isOurs(pid: number): boolean {
    const file = `/proc/${pid}/cmdline`;
    return pid > 0 && fs.existsSync(file) && fs.readFileSync(file, 'utf8').includes(this.folder);
  }
}
