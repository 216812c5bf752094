import * as path from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { eventually } from '../kubernetes/eventually';
import { NotMountedError } from './cluster-state';
import { containerConfig } from './container-config';
import { resolveEnvironment } from './environment';
import { PodOwner } from './manifests';
import { OWNER_LABEL } from './outer-daemon';
import { PlayedContainer, RestartPolicy } from './played-container';
import { refuseUnknownFields } from './played-fields';
import { PodContext } from './pod-context';
import { Container, PodSpec } from './pod-spec';
import { PodVolumes } from './pod-volumes';

let pods = 0;

/** A pod: a sandbox that holds the network, volumes, and containers that come and go. */
export class PlayedPod {
  public readonly name: string;
  /** Address of the pod; it stays when containers are restarted. */
  public ip = '';
  public readonly containers: PlayedContainer[] = [];
  public readonly volumes: PodVolumes;
  /** What happened, each with the seconds since the pod was made. */
  public readonly events: string[] = [];
  /** What init containers have printed, by name. */
  public readonly initLogs = new Map<string, string>();
  private readonly spec: PodSpec;
  private readonly born = performance.now();
  private sandbox = '';

  constructor(private readonly owner: PodOwner, private readonly context: PodContext) {
    this.spec = owner.template.spec;
    refuseUnknownFields(this.spec);
    this.name = `${owner.name}-${pods += 1}`;
    this.volumes = new PodVolumes(context.cluster, owner.namespace, this.spec, path.join(context.cluster.folder, 'pods', this.name));
  }

  /** The labels that Services select by. */
  public get labels(): Record<string, string> {
    return this.owner.template.metadata?.labels ?? {};
  }

  /** Namespace of the pod. */
  public get namespace(): string {
    return this.owner.namespace;
  }

  /** Whether all containers are ready. */
  public get ready(): boolean {
    return this.containers.length > 0 && this.containers.every(container => container.ready);
  }

  /** A container by its name, or the first one. */
  public container(name?: string): PlayedContainer {
    const found = this.containers.find(container => name === undefined || container.name === name);
    if (!found) throw new Error(`'name' must be a container of ${this.name} that has been started, got '${name}'`);
    return found;
  }

  /** The number of a port that a container has named. */
  public port(name: string | number): number {
    if (typeof name === 'number') return name;
    const found = this.spec.containers.flatMap(({ ports = [] }) => ports).find(port => port.name === name);
    if (!found) throw new Error(`a container of ${this.name} must have a port named '${name}'`);
    return found.containerPort;
  }

  /** Mounts the volumes, runs the init containers one after the other and starts the containers. */
  public async start(mountDeadlineSeconds = 1): Promise<void> {
    await this.mount(mountDeadlineSeconds);
    await this.startSandbox();
    for (const container of this.spec.initContainers ?? []) await this.runInit(container);
    for (const container of this.spec.containers) {
      const played = await this.play(container, (this.spec.restartPolicy ?? 'Always') as RestartPolicy);
      this.containers.push(played);
      await played.start();
    }
  }

  /** Waits until the pod is ready; the error tells its history and log. */
  public async untilReady(deadlineSeconds = 180): Promise<void> {
    try {
      await eventually(`${this.name} is ready`, async () => this.ready, { deadlineSeconds, intervalMilliseconds: 50 });
    } catch (error) {
      throw new Error(`${String(error)}\n${await this.describe()}`);
    }
  }

  /** The pod's history and the end of its log, for messages. */
  public async describe(): Promise<string> {
    const logs = await Promise.all(this.containers.map(async container => `--- ${container.name}\n${(await container.log()).slice(-4000)}`));
    return [...this.events, ...logs].join('\n');
  }

  /** Deletes the pod as `kubectl delete pod` does: hooks, SIGTERM, grace period. */
  public async stop(): Promise<void> {
    await Promise.all(this.containers.map(container => container.stop()));
    await this.destroy();
  }

  /** Takes the pod away at once, as a lost node does. */
  public async destroy(): Promise<void> {
    await Promise.all(this.containers.map(container => container.remove()));
    if (this.sandbox) await this.context.engine.remove(this.sandbox);
    await this.volumes.unmount();
  }

  private readonly record = (event: string): void => {
    this.events.push(`${((performance.now() - this.born) / 1000).toFixed(1)} s: ${event}`);
  };

  /** A pod waits in ContainerCreating until its volumes are to be had. */
  private async mount(deadlineSeconds: number): Promise<void> {
    for (const deadline = Date.now() + deadlineSeconds * 1000; ; await sleep(200)) {
      try {
        return await this.volumes.mount();
      } catch (error) {
        if (!(error instanceof NotMountedError) || Date.now() > deadline) throw error;
      }
    }
  }

  private async startSandbox(): Promise<void> {
    this.sandbox = await this.context.engine.run({
      Image: this.context.sandboxImage,
      Hostname: this.spec.hostname ?? this.name,
      Cmd: ['sleep', 'infinity'],
      Labels: { [OWNER_LABEL]: String(process.pid) },
      HostConfig: { Dns: [this.context.nameServer], ExtraHosts: [...this.context.hosts(this.owner.namespace), ...this.aliases()] },
    });
    const { NetworkSettings } = await this.context.engine.inspect(this.sandbox);
    this.ip = Object.values(NetworkSettings.Networks)[0].IPAddress;
  }

  private aliases(): string[] {
    return (this.spec.hostAliases ?? []).flatMap(({ ip, hostnames }) => hostnames.map(name => `${name}:${ip}`));
  }

  private async runInit(container: Container): Promise<void> {
    const played = await this.play(container, this.spec.restartPolicy === 'Never' ? 'Never' : 'OnFailure');
    await played.start();
    const exitCode = await played.ended();
    const log = await played.log();
    this.initLogs.set(container.name, log);
    await played.remove();
    if (exitCode !== 0) throw new Error(`init container ${container.name} of ${this.name} ended with exit code ${exitCode}\n${log}`);
  }

  private async play(container: Container, restartPolicy: RestartPolicy): Promise<PlayedContainer> {
    const identity = { name: this.name, namespace: this.owner.namespace, ip: this.ip };
    const config = containerConfig(container, {
      spec: this.spec,
      image: await this.context.imageOf(container.image),
      variables: resolveEnvironment(container, identity, this.context.cluster),
      mounts: this.volumes.binds(container.volumeMounts),
      sandbox: this.sandbox,
    });
    const graceSeconds = this.spec.terminationGracePeriodSeconds ?? 30;
    return new PlayedContainer({ spec: container, config, context: this.context, restartPolicy, graceSeconds, record: this.record });
  }
}
