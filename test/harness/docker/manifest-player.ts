import * as fs from 'node:fs';
import * as path from 'node:path';
import { parse } from 'yaml';
import { ClusterState, Data } from './cluster-state';
import { Engine } from './engine';
import { busyboxImage, ensureImage } from './images';
import { Manifests, PodOwner } from './manifests';
import { NameServer } from './name-server';
import { makeRunFolder, OuterDaemon, removeTree } from './outer-daemon';
import { PlayedPod } from './played-pod';
import { PlayedService, ServiceObject } from './played-service';
import { PodContext } from './pod-context';
import { KubernetesObject } from './pod-spec';
import { versionOfTag } from './versions';

/** What a test may say about how manifests are played. */
export interface PlayerOptions {
  /** Folders of claims, by name, instead of those that the player makes. */
  readonly claims?: Readonly<Record<string, string>>;
  /** Images of the outer daemon for images that the player does not know. */
  readonly images?: Readonly<Record<string, string>>;
  /** Seconds before the second restart of a container. @default 10 */
  readonly restartBackoffSeconds?: number;
  /** Restarts a container by starting it again, with its files, instead of a new one. @default false */
  readonly reuseContainers?: boolean;
}

/** What a test may say about how a Job is run. */
export interface JobOptions {
  /** Names of containers that are left out, such as those that talk to the API server. */
  readonly skip?: string[];
  /** Looks at the pod's volumes after it has ended. */
  readonly beforeRemoval?: (pod: PlayedPod) => void;
}

/** How a Job's pod has ended. */
export interface JobResult {
  /** Exit code of the last container, or that of the first that failed. */
  readonly exitCode: number;
  /** Everything printed, by container. */
  readonly logs: ReadonlyMap<string, string>;
  readonly log: string;
}

/** Plays the synthesized YAML of a cache on real containers; everything is read from the YAML. */
export class ManifestPlayer {
  private readonly pods = new Set<PlayedPod>();
  private readonly services: PlayedService[] = [];

  private constructor(private readonly context: PodContext, private readonly cluster: ClusterState, private readonly nameServer: NameServer) {}

  /** Takes YAML documents and gives their Services addresses; no pod is started yet. */
  public static async create({ engine, bridge }: OuterDaemon, yaml: string, options: PlayerOptions = {}): Promise<ManifestPlayer> {
    const cluster = new ClusterState(new Manifests(yaml), makeRunFolder(), options.claims ?? {});
    const nameServer = await NameServer.start(bridge, name => player.services.find(service => service.names('').includes(name))?.address);
    const player: ManifestPlayer = new ManifestPlayer({
      engine,
      cluster,
      imageOf: image => localImage(engine, image, options.images ?? {}),
      sandboxImage: await busyboxImage(engine),
      nameServer: nameServer.address,
      hosts: namespace => player.services.flatMap(service => service.names(namespace).map(name => `${name}:${service.address}`)),
      readinessChanged: () => player.services.forEach(service => service.update()),
      restartBackoffSeconds: options.restartBackoffSeconds ?? 10,
      reuseContainers: options.reuseContainers ?? false,
    }, cluster, nameServer);
    for (const service of cluster.manifests.all<ServiceObject>('Service')) {
      player.services.push(await PlayedService.create(service, bridge, () => [...player.pods]));
    }
    return player;
  }

  /** Starts the pod of a Deployment; its volumes must be to be had within the deadline. */
  public async startDeployment(name?: string, mountDeadlineSeconds?: number): Promise<PlayedPod> {
    return this.startPod(this.cluster.manifests.podTemplate('Deployment', name), mountDeadlineSeconds);
  }

  /** Runs the pod of a Job or CronJob to its end, without the containers that are to be skipped. */
  public async runJob(kind: 'Job' | 'CronJob', name?: string, options: JobOptions = {}): Promise<JobResult> {
    return this.runPod(without(this.cluster.manifests.podTemplate(kind, name), options.skip ?? []), options);
  }

  /** Runs a pod of the test's own to its end, such as a client's. */
  public async runPod(owner: PodOwner, { beforeRemoval }: JobOptions = {}): Promise<JobResult> {
    const pod = await this.startPod(owner);
    try {
      const exitCodes = await Promise.all(pod.containers.map(container => container.ended()));
      const logs = new Map(pod.initLogs);
      for (const container of pod.containers) logs.set(container.name, await container.log());
      beforeRemoval?.(pod);
      return { exitCode: exitCodes.find(code => code !== 0) ?? 0, logs, log: [...logs.values()].join('') };
    } finally {
      await this.remove(pod);
    }
  }

  /** Starts a pod of the test's own. */
  public async startPod(owner: PodOwner, mountDeadlineSeconds?: number): Promise<PlayedPod> {
    const pod = new PlayedPod(owner, this.context);
    this.pods.add(pod);
    try {
      await pod.start(mountDeadlineSeconds);
      return pod;
    } catch (error) {
      await this.remove(pod);
      throw error;
    }
  }

  /** Deletes a pod gracefully. */
  public async stop(pod: PlayedPod): Promise<void> {
    await pod.stop();
    this.pods.delete(pod);
    this.context.readinessChanged();
  }

  /** Takes a pod away at once. */
  public async remove(pod: PlayedPod): Promise<void> {
    this.pods.delete(pod);
    await pod.destroy();
    this.context.readinessChanged();
  }

  /** What the Deployment's strategy `Recreate` does: the old pod goes before the new one comes. */
  public async recreate(pod: PlayedPod, name?: string): Promise<PlayedPod> {
    await this.stop(pod);
    return this.startDeployment(name);
  }

  /** Writes a Secret as whoever fills it in the cluster would. */
  public writeSecret(namespace: string, name: string, data: Data): void {
    this.cluster.write('Secret', namespace, name, data);
  }

  /** Writes the Secrets whose documents lie in a folder, as `kubectl apply` would. */
  public applySecrets(folder: string): void {
    for (const file of fs.readdirSync(folder)) {
      const { metadata, data } = parse(fs.readFileSync(path.join(folder, file), 'utf8')) as KubernetesObject & { data: Record<string, string> };
      const decoded = Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]);
      this.writeSecret(metadata.namespace ?? 'default', metadata.name, Object.fromEntries(decoded) as Data);
    }
  }

  /** Address of a Service, for clients outside of pods. */
  public serviceAddress(name: string): string {
    const service = this.services.find(each => each.name === name);
    if (!service) throw new Error(`'name' must be a Service of the manifests, got '${name}'`);
    return service.address;
  }

  /** Where a path of the node is on this machine. */
  public nodePath(absolute: string): string {
    return this.cluster.nodePath(absolute);
  }

  /** Takes away all that was started and written. */
  public async dispose(): Promise<void> {
    for (const pod of this.pods) await this.remove(pod);
    for (const service of this.services) await service.remove();
    await this.nameServer.stop();
    await removeTree(this.cluster.folder);
  }
}

/** A container that is left out takes with it the volumes that nobody else mounts, such as its token. */
function without(owner: PodOwner, skip: string[]): PodOwner {
  if (skip.length === 0) return owner;
  const { spec, metadata } = owner.template;
  const keep = ({ name }: { readonly name: string }): boolean => !skip.includes(name);
  const [initContainers, containers] = [(spec.initContainers ?? []).filter(keep), spec.containers.filter(keep)];
  const mounted = new Set([...initContainers, ...containers].flatMap(({ volumeMounts = [] }) => volumeMounts.map(({ name }) => name)));
  const volumes = (spec.volumes ?? []).filter(({ name }) => mounted.has(name));
  return { ...owner, template: { metadata, spec: { ...spec, initContainers, containers, volumes } } };
}

/** A registry's name before the image's is of no account here. */
async function localImage(engine: Engine, image: string, given: Readonly<Record<string, string>>): Promise<string> {
  if (given[image]) return given[image];
  const name = image.split('/').pop() ?? '';
  if (name.startsWith('busybox:')) return busyboxImage(engine);
  if (!/^docker:.*-(dind|cli)/.test(name)) throw new Error(`the manifest player has no image for '${image}': give one in 'images'`);
  const { dind, cli } = await ensureImage(engine, versionOfTag(name));
  return name.includes('-dind') ? dind : cli;
}
