import { ApiObject, App, Chart, Duration, JsonPatch, Size } from 'cdk8s';
import { Deployment, Volume } from 'cdk8s-plus-27';
import { BuilderNode, CacheClient, CacheVolume, DaemonConfig, DaemonConfigOptions, DaemonTls, DindCacheChart, DindEndpoint, DockerImages } from '../../../src';
import { DaemonUnderTest, DEFAULT_DOCKER_VERSION } from '../../harness/docker/versions';

/** What a test says about a cache; the rest is the library's default. */
export interface CacheUnderTestProps {
  /** @default - the harness's default version */
  readonly version?: string;
  /** @default 'graphdriver' */
  readonly imageStore?: DaemonUnderTest['imageStore'];
  /** Namespaces of clients beside the cache's own. @default ['gitlab-runner'] */
  readonly clientNamespaces?: string[];
  /** @default - certificates of the cache's own CA */
  readonly tls?: DaemonTls;
  readonly daemonConfig?: DaemonConfigOptions;
  readonly drainTimeout?: Duration;
  /** Variables that a test adds to the daemon's container, such as shorter waits. @default - none */
  readonly daemonEnvironment?: Readonly<Record<string, string>>;
  /** Variables that a test adds to the issuer's container, such as shorter validities. @default - none */
  readonly issuerEnvironment?: Readonly<Record<string, string>>;
  /** Seconds between two looks of the readiness and the liveness probe. @default - the manifest's */
  readonly probePeriodSeconds?: number;
}

/** A cache's manifests, synthesized from the library's source, with a connected workload in each client namespace. */
export interface CacheUnderTest {
  readonly yaml: string;
  readonly namespace: string;
  readonly name: string;
  readonly endpoint: DindEndpoint;
  /** Name of the Job that makes the volume's folder on the node. */
  readonly directoryJob: string;
  /** Name of the Job that issues certificates; empty where none are issued. */
  readonly issuerJob: string;
  /** Names of the Deployments whose pods play CI jobs, by namespace. */
  readonly ciJobs: ReadonlyMap<string, string>;
}

/** Synthesizes a cache in the namespace that it has by default. */
export function synthesizeCache(props: CacheUnderTestProps = {}): CacheUnderTest {
  const app = new App({ outdir: '/nonexistent' });
  const { version = DEFAULT_DOCKER_VERSION, clientNamespaces = ['gitlab-runner'], tls, drainTimeout } = props;
  const { cache, namespace = '' } = new DindCacheChart(app, 'docker-dind', {
    volume: CacheVolume.local({ node: BuilderNode.hostname('node1'), path: '/mnt/docker', capacity: Size.gibibytes(20) }),
    clients: clientNamespaces.map(name => CacheClient.inNamespace(name)),
    images: DockerImages.official({ version }),
    daemonConfig: DaemonConfig.of({ containerdImageStore: props.imageStore === 'containerd', ...props.daemonConfig }),
    tls,
    drainTimeout,
  });
  const daemon = ApiObject.of(cache.deployment);
  patch(daemon, '/spec/template/spec/containers/0', props.daemonEnvironment);
  if (props.probePeriodSeconds) ['readiness', 'liveness'].forEach(probe => setPeriod(daemon, probe, props.probePeriodSeconds));
  if (cache.tlsIssuer && props.issuerEnvironment) patch(ApiObject.of(cache.tlsIssuer), '/spec/template/spec/initContainers/0', props.issuerEnvironment);
  const ciJobs = new Map([namespace, ...clientNamespaces].map(each => [each, `job-${each}`]));
  ciJobs.forEach((name, each) => cache.connect(ciWorkload(new Chart(app, name, { namespace: each }), name, cache.images.client)));
  const [directoryJob, issuerJob] = ['directory', 'tls'].map(suffix => jobName(app, `${cache.name}-${suffix}-`));
  return { yaml: app.synthYaml(), namespace, name: cache.name, endpoint: cache.endpoint, directoryJob, issuerJob, ciJobs };
}

/** The name of a Job without the digest that it ends in. */
function jobName(app: App, prefix: string): string {
  const jobs = app.node.findAll().filter(each => ApiObject.isApiObject(each)).filter(({ kind }) => kind === 'Job');
  return jobs.find(({ name }) => name.startsWith(prefix))?.name ?? '';
}

function setPeriod(object: ApiObject, probe: string, seconds?: number): void {
  object.addJsonPatch(JsonPatch.replace(`/spec/template/spec/containers/0/${probe}Probe/periodSeconds`, seconds));
}

function patch(object: ApiObject, container: string, environment: Readonly<Record<string, string>> = {}): void {
  Object.entries(environment).forEach(([name, value]) => object.addJsonPatch(JsonPatch.add(`${container}/env/-`, { name, value })));
}

/** A pod that waits for the commands of CI jobs; it runs as nobody in particular, with a folder for builds. */
function ciWorkload(chart: Chart, name: string, image: string): Deployment {
  const securityContext = { user: 1000, group: 1000, ensureNonRoot: true, readOnlyRootFilesystem: true };
  const workload = new Deployment(chart, 'Deployment', { metadata: { name }, replicas: 1, securityContext: { ensureNonRoot: true } });
  const container = workload.addContainer({ name: 'build', image, command: ['sleep', 'infinity'], resources: {}, securityContext });
  container.mount('/builds', Volume.fromEmptyDir(workload, 'builds', 'builds'));
  container.mount('/tmp', Volume.fromEmptyDir(workload, 'tmp', 'tmp'));
  // says that the host's network is not used, which the player would not know how to play
  ApiObject.of(workload).addJsonPatch(JsonPatch.remove('/spec/template/spec/hostNetwork'));
  return workload;
}
