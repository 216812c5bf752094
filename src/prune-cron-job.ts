import { Size } from 'cdk8s';
import { Cpu, k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { BuilderNode } from './builder-node';
import { CacheObjectProps } from './cache-object-props';
import { DindConfig } from './dind-config';
import { DindEndpoint } from './dind-endpoint';
import { DockerImages } from './docker-images';
import { GcPolicy } from './gc-policy';
import { mainObject } from './private/api-object';
import { Component, selectorLabels } from './private/labels';
import { namespacedMetadata } from './private/metadata';
import { podBase, resourceRequirements, restrictedContainer, restrictedPod } from './private/pod';
import { requireDnsLabel } from './private/validation';
import { PrunePolicy } from './prune-policy';
import { Warnings } from './warnings';

/**
 * Properties of the CronJob that prunes.
 */
export interface PruneCronJobProps extends CacheObjectProps {
  /**
   * The daemon to prune.
   */
  readonly endpoint: DindEndpoint;

  /**
   * The ConfigMap with the script.
   */
  readonly config: DindConfig;

  /**
   * What is removed, and when.
   *
   * @default PrunePolicy.underPressure()
   */
  readonly policy?: PrunePolicy;

  /**
   * The size of the daemon's volume; `PrunePolicy.underPressure()` needs it.
   *
   * @default - unknown
   */
  readonly capacity?: Size;

  /**
   * How the build cache is kept within the volume; the job keeps to the same sizes.
   *
   * @default GcPolicy.shares()
   */
  readonly gcPolicy?: GcPolicy;

  /**
   * The name of the PersistentVolumeClaim with the daemon's data, which the job mounts read-only, beside the daemon, to read how full it is.
   *
   * @default - the job asks the daemon, which does not count everything that is on the volume
   */
  readonly claimName?: string;

  /**
   * The container images.
   *
   * @default DockerImages.official()
   */
  readonly images?: DockerImages;

  /**
   * The node that the job runs on.
   *
   * @default - any
   */
  readonly builderNode?: BuilderNode;
}

const CONFIG_PATH = '/etc/dind-cache';
const DATA_PATH = '/data';

/** A CronJob's controller adds eleven characters to make the names of its Jobs. */
const MAX_NAME_LENGTH = 52;

/**
 * The CronJob that removes from the daemon what no job needs any more.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/
 */
export class PruneCronJob extends Construct {
  /**
   * The name of the CronJob.
   */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: PruneCronJobProps) {
    super(scope, id);
    const metadata = namespacedMetadata(this, id, props);
    requireDnsLabel('name', metadata.name, MAX_NAME_LENGTH);
    const policy = props.policy ?? PrunePolicy.underPressure();
    this.name = metadata.name;
    policy._warnings.forEach(([warning, message]) => Warnings.of(this)._add(warning, message));
    mainObject(this, k8s.KubeCronJob.manifest({
      metadata,
      spec: {
        schedule: policy.schedule.expressionString,
        timeZone: policy.timeZone,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          spec: { activeDeadlineSeconds: 1800, backoffLimit: 1, template: podTemplate(props.instance ?? metadata.name, policy, props) },
        },
      },
    }));
  }
}

function podTemplate(instance: string, policy: PrunePolicy, props: PruneCronJobProps): k8s.PodTemplateSpec {
  const images = props.images ?? DockerImages.official();
  const secured = props.endpoint.clientSecretName !== undefined;
  const data = props.claimName !== undefined;
  return {
    metadata: { labels: selectorLabels(instance, Component.PRUNE) },
    spec: {
      ...podBase(images, props.builderNode),
      affinity: data ? besideTheDaemon(instance) : undefined,
      restartPolicy: 'Never',
      securityContext: restrictedPod(),
      containers: [pruneContainer(images, policy, props)],
      volumes: [
        props.config._volume('config', 'prune.sh'),
        { name: 'tmp', emptyDir: {} },
        ...(secured ? [clientVolume(props.endpoint)] : []),
        ...(data ? [{ name: 'data', persistentVolumeClaim: { claimName: props.claimName, readOnly: true } }] : []),
      ],
    },
  };
}

/** Where a volume is mounted once, a second pod can mount it on the same node alone. */
function besideTheDaemon(instance: string): k8s.Affinity {
  const labelSelector = { matchLabels: selectorLabels(instance, Component.DAEMON) };
  return { podAffinity: { requiredDuringSchedulingIgnoredDuringExecution: [{ labelSelector, topologyKey: 'kubernetes.io/hostname' }] } };
}

function pruneContainer(images: DockerImages, policy: PrunePolicy, props: PruneCronJobProps): k8s.Container {
  const { endpoint, claimName } = props;
  const secured = endpoint.clientSecretName !== undefined;
  return {
    name: 'prune',
    image: images.client,
    imagePullPolicy: 'IfNotPresent',
    command: policy._command ?? ['sh', `${CONFIG_PATH}/prune.sh`],
    env: environment(policy, props),
    resources: resourceRequirements({ cpu: { request: Cpu.millis(50) }, memory: { request: Size.mebibytes(64), limit: Size.mebibytes(256) } }),
    securityContext: restrictedContainer(),
    volumeMounts: [
      { name: 'config', mountPath: CONFIG_PATH, readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
      ...(secured ? [{ name: 'client-tls', mountPath: endpoint.certificateMountPath!, readOnly: true }] : []),
      ...(claimName === undefined ? [] : [{ name: 'data', mountPath: DATA_PATH, readOnly: true }]),
    ],
  };
}

function environment(policy: PrunePolicy, { endpoint, capacity, gcPolicy = GcPolicy.shares(), claimName }: PruneCronJobProps): k8s.EnvVar[] {
  // the root file system is read-only, so the client's own folder lies in /tmp
  const variables = { ...endpoint.environment, DOCKER_CONFIG: '/tmp/docker', ...policy._environment(capacity, gcPolicy), ...(claimName === undefined ? {} : { DATA_DIR: DATA_PATH }) };
  // the API server keeps no empty value, so that kubectl would send it with every apply
  return Object.entries(variables).filter(([, value]) => value !== '').map(([name, value]) => ({ name, value }));
}

function clientVolume({ clientSecretName, clientSecretItems = {} }: DindEndpoint): k8s.Volume {
  const items = Object.entries(clientSecretItems).map(([key, path]) => ({ key, path }));
  return { name: 'client-tls', secret: { secretName: clientSecretName, defaultMode: 0o444, items } };
}
