import { App, Size } from 'cdk8s';
import {
  BuilderNode, CacheClient, CacheVolume, DaemonConfig, DaemonConfigOptions, DindCacheChart, DindCacheChartProps, DockerImages,
} from '../../../src';
import { DockerClient } from '../../harness/docker/docker-client';
import { ManifestPlayer, PlayerOptions } from '../../harness/docker/manifest-player';
import { Manifests } from '../../harness/docker/manifests';
import { OuterDaemon } from '../../harness/docker/outer-daemon';
import { PlayedPod } from '../../harness/docker/played-pod';
import { KubernetesObject } from '../../harness/docker/pod-spec';
import { DaemonUnderTest } from '../../harness/docker/versions';
import { certificateEnvironment } from './certificate-folder';
import { runIssuer } from './issued-documents';
import { PortForward } from './port-forward';

const CACHE_NAME = 'docker-dind';
const CLIENT_NAMESPACE = 'gitlab-runner';

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
    public readonly player: ManifestPlayer,
    public readonly client: DockerClient,
    private readonly forward: PortForward,
  ) {}

  /** Does all that `kubectl apply` sets going but the start of the daemon. */
  public static async create(outer: OuterDaemon, props: CacheDaemonProps): Promise<CacheDaemon> {
    const yaml = synthesize(props);
    const manifests = new Manifests(yaml);
    const player = await ManifestPlayer.create(outer, yaml, { restartBackoffSeconds: 0, ...props.player });
    try {
      const directory = jobOf(manifests, 'directory');
      if (directory) await player.runJob('Job', directory);
      const issued = await runIssuer(player, manifests, jobOf(manifests, 'tls') ?? '');
      issued.apply(player);
      const { metadata, spec: { ports } } = manifests.get<KubernetesObject & { spec: { ports: { port: number }[] } }>('Service');
      const forward = await PortForward.open({ host: player.serviceAddress(metadata.name), port: ports[0].port });
      // `localhost` is the one of the certificate's names that this machine resolves.
      const client = await DockerClient.create(`tcp://localhost:${forward.port}`, certificateEnvironment(issued.data(CLIENT_NAMESPACE, `${CACHE_NAME}-client-tls`)));
      return new CacheDaemon(manifests, player, client, forward);
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

  /** Starts the daemon's pod and waits until it is ready. */
  public async start(): Promise<void> {
    this.current = await this.player.startDeployment();
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

function synthesize({ version, imageStore, daemonConfig, chart, patch }: CacheDaemonProps): string {
  const app = new App({ outdir: '/nonexistent' });
  const made = new DindCacheChart(app, CACHE_NAME, {
    volume: CacheVolume.local({ node: BuilderNode.hostname('node1'), path: '/mnt/docker', capacity: Size.gibibytes(20) }),
    clients: [CacheClient.inNamespace(CLIENT_NAMESPACE)],
    images: DockerImages.official({ version }),
    daemonConfig: DaemonConfig.of({ ...daemonConfig, containerdImageStore: imageStore === 'containerd' }),
    ...chart,
  });
  patch?.(made);
  return app.synthYaml();
}

/** The name of the Job whose pods are of a component; the name itself ends in a digest. */
function jobOf(manifests: Manifests, component: string): string | undefined {
  return manifests.all('Job').map(({ metadata }) => metadata.name)
    .find(name => manifests.podTemplate('Job', name).template.metadata?.labels?.['app.kubernetes.io/component'] === component);
}
