import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { apiServerArguments, controllerManagerArguments, etcdArguments, schedulerArguments } from './arguments';
import { Binaries, BinaryName, findBinaries } from './binaries';
import { Cluster } from './cluster';
import { Component } from './component';
import { eventually } from './eventually';
import { freePort } from './free-port';
import { Layout } from './layout';
import { checkRequirements } from './requirements';

/** A control plane that was started, or somebody else's that is used. */
export interface ControlPlane {
  readonly cluster: Cluster;
  /** Ends what was started and removes its data. */
  stop(): Promise<void>;
}

/** A control plane of our own. */
export interface StartedControlPlane extends ControlPlane {
  /** Process ids of what was started. */
  readonly pids: number[];
  /** Folder of data and logs. */
  readonly folder: string;
}

/** Uses the cluster of `KUBECONFIG` when that is set, else starts a control plane. */
export async function provideControlPlane(): Promise<ControlPlane> {
  const kubeconfig = process.env.KUBECONFIG;
  if (!kubeconfig) return startControlPlane();
  process.stderr.write(`using the cluster of KUBECONFIG=${kubeconfig}\n`);
  return { cluster: new Cluster({ kubeconfig, kubectl: 'kubectl', external: true }), stop: async () => undefined };
}

/**
 * Starts etcd, kube-apiserver, kube-controller-manager and kube-scheduler, reachable from this machine only.
 *
 * @param binaries the programs, by default those of `findBinaries()`
 */
export async function startControlPlane(binaries: Binaries = findBinaries()): Promise<StartedControlPlane> {
  checkRequirements({ what: 'a control plane', folder: os.tmpdir(), diskGiB: 1, memoryGiB: 2 });
  const controlPlane = new OwnControlPlane(binaries, await freePort());
  try {
    await controlPlane.start();
    return controlPlane;
  } catch (error) {
    const logs = controlPlane.logs();
    await controlPlane.stop();
    throw new Error(`the control plane did not start: ${(error as Error).message}\n${logs}`, { cause: error });
  }
}

class OwnControlPlane implements StartedControlPlane {
  public readonly folder = fs.mkdtempSync(path.join(os.tmpdir(), `control-plane-${process.pid}-`));
  public readonly cluster: Cluster;
  private readonly layout: Layout;
  private readonly components: Component[] = [];
  private readonly abandon = () => this.killAll();

  constructor(private readonly binaries: Binaries, port: number) {
    process.once('exit', this.abandon);
    this.layout = new Layout(this.folder, port);
    this.cluster = new Cluster({
      kubeconfig: this.layout.kubeconfigOf('admin', 'system:masters'),
      kubectl: binaries.kubectl,
      kubectlCache: path.join(this.folder, 'kubectl-cache'),
      external: false,
    });
  }

  public get pids(): number[] {
    return this.components.flatMap(({ pid }) => pid ?? []);
  }

  public async start(): Promise<void> {
    this.run('etcd', etcdArguments(this.layout));
    await this.until('etcd listens', async () => fs.existsSync(this.layout.etcdSocket));
    this.run('kube-apiserver', apiServerArguments(this.layout));
    await this.until('kube-apiserver is ready', async () => (await this.cluster.kubectl(['get', '--raw=/readyz'])) === 'ok');
    this.run('kube-controller-manager', controllerManagerArguments(this.layout, this.layout.kubeconfigOf('system:kube-controller-manager')));
    this.run('kube-scheduler', schedulerArguments(this.layout.kubeconfigOf('system:kube-scheduler')));
    // No pod is admitted before the controllers have made this account.
    await this.until('the controllers work', async () => (await this.cluster.kubectl(['get', 'serviceaccount/default', '-o=name'])) !== '');
  }

  /** Stops in the reverse order, so that nobody logs about a lost peer. */
  public async stop(): Promise<void> {
    for (const component of [...this.components].reverse()) await component.stop();
    fs.rmSync(this.folder, { recursive: true, force: true });
    process.off('exit', this.abandon);
  }

  public logs(): string {
    return this.components.map(component => `--- ${component.name} (${component.ending ?? 'running'})\n${component.logTail()}`).join('\n');
  }

  private run(name: BinaryName, args: string[]): void {
    this.components.push(Component.start(name, this.binaries[name], args, this.folder));
  }

  /** Waits for a condition, but not for what a dead component can no longer bring. */
  private async until(what: string, look: () => Promise<boolean>): Promise<void> {
    const dead = () => this.components.find(({ ending }) => ending !== undefined);
    await eventually(what, async () => dead() !== undefined || look());
    const found = dead();
    if (found) throw new Error(`${found.name} ended early: ${found.ending}`);
  }

  private killAll(): void {
    for (const component of this.components) component.kill();
    fs.rmSync(this.folder, { recursive: true, force: true });
  }
}
