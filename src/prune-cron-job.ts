import { Size } from 'cdk8s';
import { Cpu, k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { BuilderNode } from './builder-node';
import { CacheObjectProps } from './cache-object-props';
import { DindConfig } from './dind-config';
import { DindEndpoint } from './dind-endpoint';
import { DockerImages } from './docker-images';
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
   * @default PrunePolicy.leftovers()
   */
  readonly policy?: PrunePolicy;

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
    const policy = props.policy ?? PrunePolicy.leftovers();
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
  return {
    metadata: { labels: selectorLabels(instance, Component.PRUNE) },
    spec: {
      ...podBase(images, props.builderNode),
      restartPolicy: 'Never',
      securityContext: restrictedPod(),
      containers: [pruneContainer(images, policy, props.endpoint)],
      volumes: [props.config._volume('config', 'prune.sh'), { name: 'tmp', emptyDir: {} }, ...(secured ? [clientVolume(props.endpoint)] : [])],
    },
  };
}

function pruneContainer(images: DockerImages, policy: PrunePolicy, endpoint: DindEndpoint): k8s.Container {
  const secured = endpoint.clientSecretName !== undefined;
  return {
    name: 'prune',
    image: images.client,
    imagePullPolicy: 'IfNotPresent',
    command: policy._command ?? ['sh', `${CONFIG_PATH}/prune.sh`],
    env: environment(endpoint, policy),
    resources: resourceRequirements({ cpu: { request: Cpu.millis(50) }, memory: { request: Size.mebibytes(64), limit: Size.mebibytes(256) } }),
    securityContext: restrictedContainer(),
    volumeMounts: [
      { name: 'config', mountPath: CONFIG_PATH, readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
      ...(secured ? [{ name: 'client-tls', mountPath: endpoint.certificateMountPath!, readOnly: true }] : []),
    ],
  };
}

function environment(endpoint: DindEndpoint, policy: PrunePolicy): k8s.EnvVar[] {
  // the root file system is read-only, so the client's own folder lies in /tmp
  const variables = { ...endpoint.environment, DOCKER_CONFIG: '/tmp/docker', ...policy._environment };
  return Object.entries(variables).map(([name, value]) => ({ name, value }));
}

function clientVolume({ clientSecretName, clientSecretItems = {} }: DindEndpoint): k8s.Volume {
  const items = Object.entries(clientSecretItems).map(([key, path]) => ({ key, path }));
  return { name: 'client-tls', secret: { secretName: clientSecretName, defaultMode: 0o444, items } };
}
