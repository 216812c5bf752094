import { ApiObject, Chart, JsonPatch } from 'cdk8s';
import { Job, Volume } from 'cdk8s-plus-27';
import { DindCacheChart } from '../../../src';
import { OuterDaemon } from '../../harness/docker/outer-daemon';
import { PlayedPod } from '../../harness/docker/played-pod';
import { CACHE_NAMESPACE, CacheDaemon, CacheDaemonProps, CLIENT_NAMESPACE, STATE_SECRET } from './cache-daemon';
import { CiJob } from './ci-job';
import { addVariables } from './environment-patch';
import { issue } from './issue';
import { IssuedDocuments, without } from './issued-documents';

/** A cache, and what a test changes in its manifests to make it quicker. */
export interface CacheWithJobsProps extends Omit<CacheDaemonProps, 'imageStore' | 'patch'> {
  /** @default 'graphdriver' */
  readonly imageStore?: CacheDaemonProps['imageStore'];
  /** Variables that are added to the daemon's container, such as shorter waits. @default - none */
  readonly daemonEnvironment?: Readonly<Record<string, string>>;
  /** Seconds between two looks of the readiness and the liveness probe. @default - the manifest's */
  readonly probePeriodSeconds?: number;
}

/** A played cache with a ready daemon, whose clients are pods that play CI jobs. */
export class CacheWithJobs {
  private constructor(private readonly outer: OuterDaemon, private readonly version: string, public readonly daemon: CacheDaemon) {}

  /** Plays the manifests up to a ready daemon. */
  public static async start(outer: OuterDaemon, props: CacheWithJobsProps): Promise<CacheWithJobs> {
    const { imageStore = 'graphdriver', version } = props;
    return new CacheWithJobs(outer, version, await CacheDaemon.start(outer, { ...props, imageStore, patch: chart => patch(chart, props) }));
  }

  /** The daemon's pod. */
  public get pod(): PlayedPod {
    return this.daemon.pod;
  }

  /** Starts a pod that plays CI jobs. */
  public async startJob(namespace = CLIENT_NAMESPACE): Promise<CiJob> {
    const { daemon: { player, manifests, endpoint } } = this;
    return new CiJob(await player.startPod(manifests.podTemplate('Job', ciJobName(namespace))), endpoint);
  }

  /** Has a new certificate issued for the daemon, by the same CA, and written to its Secret. */
  public async renewServerCertificate(): Promise<IssuedDocuments> {
    const { daemon: { issued, player }, outer, version } = this;
    const state = without(issued.data(CACHE_NAMESPACE, STATE_SECRET), 'server-cert.pem');
    const renewed = await issue(outer, { version, state });
    renewed.apply(player);
    return renewed;
  }

  /** Takes away all that was started and written. */
  public dispose(): Promise<void> {
    return this.daemon.dispose();
  }
}

function patch(chart: DindCacheChart, { daemonEnvironment = {}, probePeriodSeconds }: CacheWithJobsProps): void {
  const daemon = ApiObject.of(chart.cache.deployment);
  addVariables(daemon, 'containers', daemonEnvironment);
  for (const probe of probePeriodSeconds === undefined ? [] : ['readiness', 'liveness']) {
    daemon.addJsonPatch(JsonPatch.replace(`/spec/template/spec/containers/0/${probe}Probe/periodSeconds`, probePeriodSeconds));
  }
  for (const namespace of [CACHE_NAMESPACE, CLIENT_NAMESPACE]) chart.cache.connect(ciWorkload(chart, namespace));
}

function ciJobName(namespace: string): string {
  return `ci-${namespace}`;
}

/** A pod that waits for the commands of CI jobs; it runs as nobody in particular, with a folder for builds. */
function ciWorkload(chart: DindCacheChart, namespace: string): Job {
  const workload = new Job(new Chart(chart.node.root, ciJobName(namespace), { namespace }), 'Job', {
    metadata: { name: ciJobName(namespace) },
    securityContext: { ensureNonRoot: true },
  });
  const securityContext = { user: 1000, group: 1000, ensureNonRoot: true, readOnlyRootFilesystem: true };
  const container = workload.addContainer({ name: 'build', image: chart.cache.images.client, command: ['sleep', 'infinity'], resources: {}, securityContext });
  container.mount('/builds', Volume.fromEmptyDir(workload, 'builds', 'builds'));
  container.mount('/tmp', Volume.fromEmptyDir(workload, 'tmp', 'tmp'));
  // says that the host's network is not used, which the player would not know how to play
  ApiObject.of(workload).addJsonPatch(JsonPatch.remove('/spec/template/spec/hostNetwork'));
  return workload;
}
