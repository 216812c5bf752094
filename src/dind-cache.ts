import { Duration } from 'cdk8s';
import { ContainerResources, Pod, Workload } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { CacheClient } from './cache-client';
import { CacheObjectProps } from './cache-object-props';
import { CacheStorage } from './cache-storage';
import { CacheVolume } from './cache-volume';
import { ClientAccessPolicy } from './client-access-policy';
import { DaemonConfig } from './daemon-config';
import { DaemonTls } from './daemon-tls';
import { DindConfig } from './dind-config';
import { DindDeployment } from './dind-deployment';
import { DindEndpoint } from './dind-endpoint';
import { DindService } from './dind-service';
import { DockerImages } from './docker-images';
import { GcPolicy } from './gc-policy';
import { GitLabCi, GitLabCiOptions } from './gitlab/gitlab-ci';
import { connectContainers } from './private/connection';
import { namespaceOf } from './private/metadata';
import { ensure, requireCacheName } from './private/validation';
import { PruneCronJob } from './prune-cron-job';
import { PrunePolicy } from './prune-policy';
import { TlsIssuer } from './tls-issuer';

/**
 * Properties of a cache.
 *
 * The namespace is always that of the chart, which must have one.
 */
export interface DindCacheProps {
  /**
   * Where the daemon's data lives.
   */
  readonly volume: CacheVolume;

  /**
   * Who may connect to the daemon; at least one.
   *
   * Whoever may is root on the builder node.
   */
  readonly clients: CacheClient[];

  /**
   * How the daemon's port is protected.
   *
   * @default DaemonTls.selfIssued()
   */
  readonly tls?: DaemonTls;

  /**
   * The name of the cache, which the names of its objects begin with: a DNS label of at most 40 characters that begins with a letter.
   *
   * @default - the construct's id
   */
  readonly name?: string;

  /**
   * The container images.
   *
   * @default DockerImages.official()
   */
  readonly images?: DockerImages;

  /**
   * The daemon's configuration.
   *
   * @default DaemonConfig.of()
   */
  readonly daemonConfig?: DaemonConfig;

  /**
   * How the build cache is kept within the volume.
   *
   * @default GcPolicy.shares()
   */
  readonly gcPolicy?: GcPolicy;

  /**
   * What the prune job removes, and when.
   *
   * @default PrunePolicy.underPressure()
   */
  readonly prune?: PrunePolicy;

  /**
   * What the daemon and its builds ask for, and may use at most.
   *
   * @default - requests of 1 CPU and 2 GiB of memory, no limits
   */
  readonly resources?: ContainerResources;

  /**
   * How long a stopping daemon waits for builds, pushes, pulls and containers to end; whole seconds.
   *
   * @default Duration.minutes(10)
   */
  readonly drainTimeout?: Duration;

  /**
   * Whether the daemon keeps one copy of a project's build context and is sent only files whose size or time has changed.
   *
   * Turn it off where files have normalised times: a change that keeps size and time would not be sent, and the build would be stale.
   *
   * @default true
   */
  readonly reuseContext?: boolean;

  /**
   * The PriorityClass of the daemon's pod.
   *
   * @default - the cluster's default priority
   */
  readonly priorityClassName?: string;

  /**
   * Labels of every object of the cache.
   *
   * @default - none but the `app.kubernetes.io` ones
   */
  readonly labels?: { [key: string]: string };

  /**
   * Annotations of every object of the cache.
   *
   * @default - none but those that keep volumes, claims and Secrets from being pruned
   */
  readonly annotations?: { [key: string]: string };

  /**
   * Labels of the daemon's pod.
   *
   * @default - none but those that select it
   */
  readonly podLabels?: { readonly [key: string]: string };

  /**
   * Annotations of the daemon's pod.
   *
   * @default - the configuration's digest alone
   */
  readonly podAnnotations?: { readonly [key: string]: string };

  /**
   * The construct below which the cluster-scoped objects are made, such as another chart, so that other people can apply them.
   *
   * @default - the cache itself
   */
  readonly clusterScope?: Construct;
}

/**
 * One Docker daemon whose layer cache survives the jobs that build on it.
 *
 * It wires the constructs of this library; each can be read back, and `ApiObject.of` finds the object in it.
 */
export class DindCache extends Construct {
  /**
   * The name of the cache.
   */
  public readonly name: string;

  /**
   * The container images.
   */
  public readonly images: DockerImages;

  /**
   * The volume's objects.
   */
  public readonly storage: CacheStorage;

  /**
   * The ConfigMap.
   */
  public readonly config: DindConfig;

  /**
   * The Deployment of the daemon.
   */
  public readonly deployment: DindDeployment;

  /**
   * The Service in front of the daemon.
   */
  public readonly service: DindService;

  /**
   * The NetworkPolicy of the daemon.
   */
  public readonly accessPolicy: ClientAccessPolicy;

  /**
   * The CronJob that prunes.
   */
  public readonly pruneJob: PruneCronJob;

  /**
   * What issues the certificates.
   *
   * @default - none: the Secrets exist already, or there is no TLS
   */
  public readonly tlsIssuer?: TlsIssuer;

  private readonly tls: DaemonTls;
  private readonly common: CacheObjectProps & { readonly name: string };

  constructor(scope: Construct, id: string, props: DindCacheProps) {
    super(scope, id);
    this.name = props.name ?? id;
    requireCacheName(this.name);
    // nothing but the compiler asks for them, and not every user has one
    ensure(props.volume !== undefined, 'volume', 'must be given', props.volume);
    ensure(props.clients !== undefined, 'clients', 'must be given', props.clients);
    this.images = props.images ?? DockerImages.official();
    this.tls = props.tls ?? DaemonTls.selfIssued();
    this.common = { name: this.name, instance: this.name, labels: props.labels, annotations: props.annotations };
    this.storage = new CacheStorage(this, 'Storage', { ...this.common, volume: props.volume, images: this.images, clusterScope: props.clusterScope });
    const sizing = { capacity: props.volume.capacity, gcPolicy: props.gcPolicy };
    this.config = new DindConfig(this, 'Config', { ...this.common, name: `${this.name}-config`, ...sizing, images: this.images, daemonConfig: props.daemonConfig });
    this.deployment = this.makeDeployment(props);
    this.service = new DindService(this, 'Service', { ...this.common, tls: this.tls, drainTimeout: props.drainTimeout, reuseContext: props.reuseContext });
    this.tlsIssuer = this.tls._selfIssued ?? this.tls._certManager ? this.makeTlsIssuer(props) : undefined;
    this.accessPolicy = this.makeAccessPolicy(props);
    this.pruneJob = this.makePruneJob(props);
    this.node.defaultChild = this.deployment;
  }

  /**
   * What a client needs to connect, as plain data.
   */
  public get endpoint(): DindEndpoint {
    return this.service.endpoint;
  }

  /**
   * Lets a workload build on the daemon: sets the environment of its containers, mounts the client's certificate and lets its pods in.
   *
   * The client's Secret must exist in the workload's namespace. Containers that are added later are not connected.
   */
  public connect(workload: Workload): void {
    const namespace = workload.metadata.namespace ?? namespaceOf(this);
    ensure(this.tlsIssuer?.clientNamespaces.includes(namespace) ?? true, 'workload', 'must be in the namespace of the cache or of a client', namespace,
      `add CacheClient.inNamespace('${namespace}') to 'clients', so that it gets a certificate`);
    connectContainers(workload, this.name, this.endpoint);
    this.accessPolicy.allow(clientOf(workload, namespace));
  }

  /**
   * A GitLab CI job that builds and pushes an image on this daemon.
   */
  public gitlabCi(options: GitLabCiOptions = {}): GitLabCi {
    return GitLabCi.of(this.endpoint, this.images, options);
  }

  private makeDeployment(props: DindCacheProps): DindDeployment {
    return new DindDeployment(this, 'Deployment', {
      ...this.common,
      config: this.config,
      claimName: this.storage.claimName,
      tls: this.tls,
      drainTimeout: props.drainTimeout,
      images: this.images,
      builderNode: props.volume.node,
      requireMountPoint: props.volume._local?.requireMountPoint,
      resources: props.resources,
      priorityClassName: props.priorityClassName,
      podLabels: props.podLabels,
      podAnnotations: props.podAnnotations,
    });
  }

  private makeTlsIssuer({ clients, volume }: DindCacheProps): TlsIssuer {
    return new TlsIssuer(this, 'TlsIssuer', {
      ...this.common,
      name: `${this.name}-tls`,
      tls: this.tls,
      serviceName: this.service.name,
      clientNamespaces: clients.flatMap(({ namespaceName }) => (namespaceName === undefined ? [] : [namespaceName])),
      config: this.config,
      images: this.images,
      builderNode: volume.node,
    });
  }

  private makeAccessPolicy({ clients }: DindCacheProps): ClientAccessPolicy {
    return new ClientAccessPolicy(this, 'AccessPolicy', { ...this.common, name: `${this.name}-clients`, clients, port: this.endpoint.port });
  }

  private makePruneJob(props: DindCacheProps): PruneCronJob {
    return new PruneCronJob(this, 'Prune', {
      ...this.common,
      name: `${this.name}-prune`,
      endpoint: this.endpoint,
      config: this.config,
      policy: props.prune,
      capacity: props.volume.capacity,
      gcPolicy: props.gcPolicy,
      claimName: props.volume._mountableTwice ? this.storage.claimName : undefined,
      images: this.images,
      builderNode: props.volume.node,
    });
  }
}

function clientOf(workload: Workload, namespace: string): CacheClient {
  const podLabels = { [Pod.ADDRESS_LABEL]: workload.podMetadata.getLabel(Pod.ADDRESS_LABEL)! };
  return CacheClient.inNamespace(namespace, { podLabels });
}
