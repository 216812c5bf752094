import { Duration, Size } from 'cdk8s';
import { ContainerResources, Cpu, k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { BuilderNode } from './builder-node';
import { CacheObjectProps } from './cache-object-props';
import { DaemonTls } from './daemon-tls';
import { DindConfig } from './dind-config';
import { DockerImages } from './docker-images';
import { mainObject } from './private/api-object';
import { SHUTDOWN_SECONDS } from './private/daemon-options';
import { drainSeconds } from './private/drain';
import { Component, selectorLabels } from './private/labels';
import { namespacedMetadata } from './private/metadata';
import { podBase, resourceRequirements } from './private/pod';
import { certificateVolume, TlsSecrets } from './private/tls-secrets';
import { requireAnnotations, requireDnsSubdomain, requireLabels } from './private/validation';
import { Warnings } from './warnings';

/**
 * Properties of the daemon's Deployment.
 */
export interface DindDeploymentProps extends CacheObjectProps {
  /**
   * The ConfigMap with the daemon's configuration.
   */
  readonly config: DindConfig;

  /**
   * The name of the PersistentVolumeClaim that holds the daemon's data.
   */
  readonly claimName: string;

  /**
   * How the daemon's port is protected.
   */
  readonly tls: DaemonTls;

  /**
   * The container images.
   *
   * @default DockerImages.official()
   */
  readonly images?: DockerImages;

  /**
   * The node that the daemon runs on.
   *
   * @default - any that the volume allows
   */
  readonly builderNode?: BuilderNode;

  /**
   * Whether the daemon refuses to start while its volume is not the root of a mounted file system.
   *
   * @default false
   */
  readonly requireMountPoint?: boolean;

  /**
   * What the daemon and its builds ask for, and may use at most.
   *
   * A memory limit kills the daemon, not the build that is too large; a CPU limit slows every build.
   *
   * @default - requests of 1 CPU and 2 GiB of memory, no limits
   */
  readonly resources?: ContainerResources;

  /**
   * The PriorityClass of the pod.
   *
   * @default - the cluster's default priority
   * @see https://kubernetes.io/docs/concepts/scheduling-eviction/pod-priority-preemption/
   */
  readonly priorityClassName?: string;

  /**
   * How long a stopping daemon waits for builds, pushes, pulls and containers to end; whole seconds.
   *
   * @default Duration.minutes(10)
   */
  readonly drainTimeout?: Duration;

  /**
   * Labels of the pod, beside those that select it.
   *
   * @default - none
   */
  readonly podLabels?: { [key: string]: string };

  /**
   * Annotations of the pod.
   *
   * @default - the configuration's digest alone
   */
  readonly podAnnotations?: { [key: string]: string };
}

const PLAIN_PORT = 2375;
const DIGEST_ANNOTATION = 'dind-cache/config-digest';
const DATA_PATH = '/var/lib/docker';
const CONFIG_PATH = '/etc/dind-cache';
const CERTIFICATES_PATH = '/certs';

/** What the daemon asks for unless told otherwise. */
const DEFAULT_RESOURCES: ContainerResources = { cpu: { request: Cpu.units(1) }, memory: { request: Size.gibibytes(2) } };

/**
 * The Docker daemon: one privileged pod, never two at a time on one data directory.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/deployment/#recreate-deployment
 */
export class DindDeployment extends Construct {
  /**
   * The name of the Deployment.
   */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: DindDeploymentProps) {
    super(scope, id);
    requireDnsSubdomain('claimName', props.claimName);
    requireDnsSubdomain('priorityClassName', props.priorityClassName);
    requireLabels('podLabels', props.podLabels ?? {});
    requireAnnotations('podAnnotations', props.podAnnotations ?? {});
    const metadata = namespacedMetadata(this, id, props);
    const instance = props.instance ?? metadata.name;
    const matchLabels = selectorLabels(instance, Component.DAEMON);
    this.name = metadata.name;
    warnAbout(this, props.tls, props.images ?? DockerImages.official());
    mainObject(this, k8s.KubeDeployment.manifest({
      metadata,
      spec: {
        replicas: 1,
        revisionHistoryLimit: 3,
        strategy: { type: 'Recreate' },
        selector: { matchLabels },
        template: {
          metadata: { labels: { ...props.podLabels, ...matchLabels }, annotations: { ...props.podAnnotations, [DIGEST_ANNOTATION]: props.config.digest } },
          spec: podSpec(props, drainSeconds(props.drainTimeout), props.tls._secrets(instance)),
        },
      },
    }));
  }
}

function warnAbout(scope: Construct, tls: DaemonTls, images: DockerImages): void {
  if (tls._port === PLAIN_PORT) {
    Warnings.of(scope)._add('plaintext', 'without TLS whoever reaches the port is root on the builder node, and any RUN step of any build reaches it from inside');
  }
  const floating = images._floating();
  if (floating.length > 0) {
    Warnings.of(scope)._add('floating-image', `${floating.join(', ')}: what a tag without a full version names changes under running jobs; name an exact version or a digest`);
  }
}

function podSpec(props: DindDeploymentProps, drain: number, secrets?: TlsSecrets): k8s.PodSpec {
  const images = props.images ?? DockerImages.official();
  const volumes = podVolumes(props, secrets);
  return {
    ...podBase(images, props.builderNode),
    priorityClassName: props.priorityClassName,
    terminationGracePeriodSeconds: drain + SHUTDOWN_SECONDS + 15,
    containers: [{
      ...daemonContainer(images.daemon, props, secrets !== undefined),
      env: environment(props, drain),
      volumeMounts: volumes.map(({ volume, mountPath, readOnly }) => ({ name: volume.name, mountPath, readOnly })),
    }],
    volumes: volumes.map(({ volume }) => volume),
  };
}

function daemonContainer(image: string, { tls, resources = DEFAULT_RESOURCES }: DindDeploymentProps, secured: boolean): k8s.Container {
  return {
    name: 'daemon',
    image,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', `${CONFIG_PATH}/start.sh`],
    args: [
      `--config-file=${CONFIG_PATH}/daemon.json`,
      // said aloud, or the daemon waits 15 s to give its reader time to think again
      ...(secured ? [] : ['--tls=false']),
    ],
    ports: [{ name: 'docker', containerPort: tls._port }],
    resources: resourceRequirements(resources),
    // each said aloud: the API server refuses `privileged` without escalation, and dockerd writes to its root file system
    securityContext: { privileged: true, allowPrivilegeEscalation: true, readOnlyRootFilesystem: false, runAsNonRoot: false, runAsUser: 0 },
    startupProbe: probe('startup', { periodSeconds: 5, failureThreshold: 24 }),
    readinessProbe: probe('ready', { periodSeconds: 5, failureThreshold: 2 }),
    livenessProbe: probe('alive', { periodSeconds: 30, failureThreshold: 5, terminationGracePeriodSeconds: SHUTDOWN_SECONDS + 15 }),
    lifecycle: { preStop: { exec: { command: ['sh', `${CONFIG_PATH}/drain.sh`] } } },
  };
}

/** A hung daemon leaves its client hanging while a TCP probe stays green; eight heavy builds on two cores slow the answer to 1.3 s. */
function probe(question: string, budget: Omit<k8s.Probe, 'exec'>): k8s.Probe {
  return { exec: { command: ['sh', `${CONFIG_PATH}/alive.sh`, question] }, timeoutSeconds: 12, ...budget };
}

function environment({ tls, requireMountPoint }: DindDeploymentProps, drain: number): k8s.EnvVar[] {
  return [
    { name: 'DOCKER_TLS_CERTDIR', value: tls._port === PLAIN_PORT ? '' : CERTIFICATES_PATH },
    { name: 'API_PORT', value: String(tls._port) },
    { name: 'DRAIN_SECONDS', value: String(drain) },
    ...(requireMountPoint ? [{ name: 'REQUIRE_MOUNT_POINT', value: DATA_PATH }] : []),
  ];
}

interface MountedVolume {
  readonly volume: k8s.Volume;
  readonly mountPath: string;
  readonly readOnly?: boolean;
}

function podVolumes({ config, claimName }: DindDeploymentProps, secrets?: TlsSecrets): MountedVolume[] {
  const certificates = config._certificatesVolume('registry-certificates');
  const server = secrets && certificateVolume('server-tls', secrets.serverSecretName, secrets.serverKeys, 0o400);
  return [
    { volume: { name: 'data', persistentVolumeClaim: { claimName } }, mountPath: DATA_PATH },
    { volume: config._daemonVolume('config'), mountPath: CONFIG_PATH, readOnly: true },
    ...(server ? [{ volume: server, mountPath: `${CERTIFICATES_PATH}/server`, readOnly: true }] : []),
    ...(certificates ? [{ volume: certificates, mountPath: '/etc/docker/certs.d', readOnly: true }] : []),
  ];
}
