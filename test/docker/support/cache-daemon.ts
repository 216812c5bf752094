import { App, Size } from 'cdk8s';
import {
  BuilderNode, CacheClient, CacheVolume, DaemonConfig, DaemonConfigOptions, DindCacheChart, DindCacheChartProps, DindEndpoint, DockerImages,
} from '../../../src';
import { DockerClient } from '../../harness/docker/docker-client';
import { ManifestPlayer, PlayerOptions } from '../../harness/docker/manifest-player';
import { Manifests } from '../../harness/docker/manifests';
import { OuterDaemon } from '../../harness/docker/outer-daemon';
import { PlayedPod } from '../../harness/docker/played-pod';
import { DaemonUnderTest } from '../../harness/docker/versions';
import { certificateEnvironment } from './certificate-folder';
import { IssuedDocuments, runIssuer } from './issued-documents';
import { PortForward } from './port-forward';

/** The namespace that a cache has by default, and that of its clients. */
export const [CACHE_NAMESPACE, CLIENT_NAMESPACE] = ['dind-cache', 'gitlab-runner'];
/** Name of the cache, and so of its Deployment and Service. */
export const CACHE_NAME = 'docker-dind';
/** Names of the Secrets that the issuer writes. */
export const [STATE_SECRET, SERVER_SECRET, CLIENT_SECRET] = ['tls-state', 'server-tls', 'client-tls'].map(suffix => `${CACHE_NAME}-${suffix}`);

/** A cache on one of the daemons of this run, and how it is played. */
export interface CacheDaemonProps extends DaemonUnderTest {
  /** Options of the daemon but for the image store. @default - none */
  readonly daemonConfig?: DaemonConfigOptions;
  /** What else a user may say. @default - nothing */
  readonly chart?: Partial<DindCacheChartProps>;
  /** Changes the chart before it is synthesized, as an escape hatch does. @default - no change */
  readonly patch?: (chart: DindCacheChart) => void;
  /** @default - restarts come at once */
  readonly player?: PlayerOptions;
}

/** A played cache whose client stands where a CI job does but runs on this machine: by mutual TLS, through the Service. */
export class CacheDaemon {
  private current: PlayedPod | undefined;

  private constructor(
    public readonly manifests: Manifests,
    public readonly endpoint: DindEndpoint,
    public readonly player: ManifestPlayer,
    public readonly client: DockerClient,
    private readonly forward: PortForward,
    private readonly documents: IssuedDocuments | undefined,
  ) {}

  /** Does all that `kubectl apply` sets going but the start of the daemon. */
  public static async create(outer: OuterDaemon, props: CacheDaemonProps): Promise<CacheDaemon> {
    const { yaml, endpoint } = synthesize(props);
    const manifests = new Manifests(yaml);
    const player = await ManifestPlayer.create(outer, yaml, { restartBackoffSeconds: 0, ...props.player });
    try {
      const [directory, issuer] = ['directory', 'tls'].map(component => jobOf(manifests, component));
      if (directory) await player.runJob('Job', directory);
      const issued = issuer === undefined ? undefined : await runIssuer(player, manifests, issuer);
      issued?.apply(player);
      const forward = await PortForward.open({ host: player.serviceAddress(CACHE_NAME), port: endpoint.port });
      const environment = issued && certificateEnvironment(issued.data(CLIENT_NAMESPACE, CLIENT_SECRET));
      // `localhost` is the one of the certificate's names that this machine resolves.
      const client = await DockerClient.create(`tcp://localhost:${forward.port}`, environment);
      return new CacheDaemon(manifests, endpoint, player, client, forward, issued);
    } catch (error) {
      await player.dispose();
      throw error;
    }
  }

  /** Makes a cache and waits until its daemon is ready. */
  public static async start(outer: OuterDaemon, props: CacheDaemonProps): Promise<CacheDaemon> {
    const cache = await CacheDaemon.create(outer, props);
    try {
      await cache.start();
      return cache;
    } catch (error) {
      await cache.dispose();
      throw error;
    }
  }

  /** The daemon's pod. */
  public get pod(): PlayedPod {
    if (!this.current) throw new Error("the daemon must have been started before its 'pod' is looked at");
    return this.current;
  }

  /** The certificates that were issued at first. */
  public get issued(): IssuedDocuments {
    if (!this.documents) throw new Error("a cache in plain text must not be asked for 'issued' certificates");
    return this.documents;
  }

  /** Starts the daemon's pod and waits until it is ready. */
  public async start(): Promise<void> {
    this.current = await this.player.startDeployment(CACHE_NAME);
    await this.current.untilReady();
  }

  /** Replaces the daemon's pod as the Deployment's strategy says. */
  public async recreate(): Promise<void> {
    await this.player.stop(this.pod);
    await this.start();
  }

  /** Takes away all that was started and written. */
  public async dispose(): Promise<void> {
    this.forward.close();
    await this.player.dispose();
  }
}

/** Manifests, and what a client of theirs is told. */
export interface SynthesizedCache {
  readonly yaml: string;
  readonly endpoint: DindEndpoint;
}

/** Synthesizes a cache from the library's source. */
export function synthesize({ version, imageStore, daemonConfig, chart, patch }: CacheDaemonProps): SynthesizedCache {
  const app = new App({ outdir: '/nonexistent' });
  const made = new DindCacheChart(app, CACHE_NAME, {
    volume: CacheVolume.local({ node: BuilderNode.hostname('node1'), path: '/mnt/docker', capacity: Size.gibibytes(20) }),
    clients: [CacheClient.inNamespace(CLIENT_NAMESPACE)],
    images: DockerImages.official({ version }),
    daemonConfig: DaemonConfig.of({ ...daemonConfig, containerdImageStore: imageStore === 'containerd' }),
    ...chart,
  });
  patch?.(made);
  return { yaml: app.synthYaml(), endpoint: made.cache.endpoint };
}

/** The name of the Job whose pods are of a component; the name itself ends in a digest. */
export function jobOf(manifests: Manifests, component: string): string | undefined {
  return manifests.all('Job').map(({ metadata }) => metadata.name)
    .find(name => manifests.podTemplate('Job', name).template.metadata?.labels?.['app.kubernetes.io/component'] === component);
}
