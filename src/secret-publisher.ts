import { Cron, Size } from 'cdk8s';
import { Cpu, k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { BuilderNode } from './builder-node';
import { CacheObjectProps } from './cache-object-props';
import { DindConfig } from './dind-config';
import { DockerImages } from './docker-images';
import { childObject, mainObject } from './private/api-object';
import { digest } from './private/digest';
import { Component, selectorLabels } from './private/labels';
import { KEEP, namespacedMetadata, ObjectMetadata } from './private/metadata';
import { podBase, resourceRequirements, restrictedContainer, restrictedPod } from './private/pod';
import { requireDnsLabel } from './private/validation';

/**
 * A Secret that the publisher writes.
 */
export interface PublishedSecret {
  /**
   * The folder below `ISSUED_PATH` whose files become the keys.
   */
  readonly folder: string;

  /**
   * The namespace of the Secret.
   */
  readonly namespaceName: string;

  /**
   * The name of the Secret.
   */
  readonly name: string;
}

/**
 * Properties of a publisher.
 */
export interface SecretPublisherProps extends CacheObjectProps {
  /**
   * The ConfigMap with the scripts.
   */
  readonly config: DindConfig;

  /**
   * The container images.
   */
  readonly images: DockerImages;

  /**
   * The node that the jobs keep away from if there is another: whoever reaches the daemon is root there.
   *
   * @default - they run anywhere
   */
  readonly builderNode?: BuilderNode;

  /**
   * The Secrets to write.
   */
  readonly secrets: PublishedSecret[];

  /**
   * When they are written again.
   */
  readonly schedule: Cron;

  /**
   * The script that fills the folders and ends in publish.sh, or publish.sh itself.
   */
  readonly script: string;

  /**
   * The settings of the script.
   *
   * @default - none
   */
  readonly environment?: { [name: string]: string };

  /**
   * Volumes that the script reads, and where.
   */
  readonly sources: { readonly volume: k8s.Volume; readonly mountPath: string }[];
}

/** Where the script lays out the certificates that are to be published. */
export const ISSUED_PATH = '/issued';

const CONFIG_PATH = '/etc/dind-cache';
const DOCUMENTS_PATH = '/documents';
const FIELD_MANAGER = 'dind-cache-tls';

/** A CronJob's controller adds eleven characters to make the names of its Jobs, and the Job's own name carries a digest. */
const MAX_NAME_LENGTH = 52;

/**
 * Writes Secrets in several namespaces: once when it is applied, and again by schedule.
 *
 * The Secrets are emitted without data: only the names of objects that exist can be granted, `create` cannot be limited by name.
 * One container makes a patch for each of them and holds no token; one more for each Secret sends its patch and sees no key but through it.
 *
 * @see https://kubernetes.io/docs/reference/access-authn-authz/rbac/#referring-to-resources
 */
export class SecretPublisher extends Construct {
  private readonly metadata: ObjectMetadata & { readonly namespace: string };

  constructor(scope: Construct, id: string, props: SecretPublisherProps) {
    super(scope, id);
    this.metadata = namespacedMetadata(this, id, props);
    requireDnsLabel('name', this.metadata.name, MAX_NAME_LENGTH);
    const { metadata } = this;
    props.secrets.forEach(secret => this.makeSecret(secret));
    childObject(this, 'ServiceAccount', k8s.KubeServiceAccount.manifest({ metadata, automountServiceAccountToken: false }));
    [...new Set(props.secrets.map(({ namespaceName }) => namespaceName))].forEach(namespace =>
      this.grant(namespace, props.secrets.filter(({ namespaceName }) => namespaceName === namespace).map(({ name }) => name)));
    const template = podTemplate(metadata.name, props);
    mainObject(this, k8s.KubeJob.manifest({ metadata: { ...metadata, name: `${metadata.name}-${digest(template)}` }, spec: { backoffLimit: 20, template } }));
    childObject(this, 'CronJob', k8s.KubeCronJob.manifest({
      metadata,
      spec: {
        schedule: props.schedule.expressionString,
        concurrencyPolicy: 'Forbid',
        startingDeadlineSeconds: 3600,
        successfulJobsHistoryLimit: 1,
        failedJobsHistoryLimit: 3,
        jobTemplate: { spec: { activeDeadlineSeconds: 1800, backoffLimit: 6, template } },
      },
    }));
  }

  private makeSecret({ namespaceName, name }: PublishedSecret): void {
    const metadata = { ...this.metadata, name, namespace: namespaceName, annotations: { ...KEEP, ...this.metadata.annotations } };
    childObject(this, `Secret-${namespaceName}-${name}`, k8s.KubeSecret.manifest({ metadata, type: 'Opaque' }));
  }

  private grant(namespace: string, resourceNames: string[]): void {
    const { metadata: own } = this;
    // in a client's namespace, caches of the same name in several namespaces meet
    const metadata = { ...own, namespace, name: namespace === own.namespace ? own.name : `${own.namespace}-${own.name}` };
    const rules = [{ apiGroups: [''], resources: ['secrets'], resourceNames, verbs: ['get', 'patch'] }];
    childObject(this, `Role-${namespace}`, k8s.KubeRole.manifest({ metadata, rules }));
    childObject(this, `RoleBinding-${namespace}`, k8s.KubeRoleBinding.manifest({
      metadata,
      roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'Role', name: metadata.name },
      subjects: [{ kind: 'ServiceAccount', name: own.name, namespace: own.namespace }],
    }));
  }
}

function podTemplate(serviceAccountName: string, props: SecretPublisherProps): k8s.PodTemplateSpec {
  return {
    metadata: { labels: selectorLabels(props.instance ?? serviceAccountName, Component.TLS) },
    spec: {
      ...podBase(props.images),
      serviceAccountName,
      affinity: props.builderNode && { nodeAffinity: props.builderNode._antiAffinity() },
      restartPolicy: 'OnFailure',
      securityContext: restrictedPod(),
      initContainers: [scriptContainer(props)],
      containers: props.secrets.map((secret, index) => patchContainer(`write-${index}`, secret, props.images)),
      volumes: [
        props.config._volume('config', props.script, ...(props.script === 'publish.sh' ? [] : ['publish.sh'])),
        // keys never touch a node's disk
        ...['issued', 'documents'].map(name => ({ name, emptyDir: { medium: 'Memory', sizeLimit: k8s.Quantity.fromString('8Mi') } })),
        { name: 'tmp', emptyDir: {} },
        tokenVolume(),
        ...props.sources.map(({ volume }) => volume),
      ],
    },
  };
}

function scriptContainer({ images, script, environment, secrets, sources }: SecretPublisherProps): k8s.Container {
  const copies = secrets.map(({ folder, namespaceName, name }) => `${ISSUED_PATH}/${folder} ${namespaceName} ${name}`).join('\n');
  const variables = { ...environment, COPIES: copies, DOCUMENTS: DOCUMENTS_PATH };
  return {
    name: 'issue',
    image: images.daemon,
    imagePullPolicy: 'IfNotPresent',
    command: ['sh', `${CONFIG_PATH}/${script}`],
    env: Object.entries(variables).map(([name, value]) => ({ name, value })),
    resources: resourceRequirements({ cpu: { request: Cpu.millis(50) }, memory: { request: Size.mebibytes(32), limit: Size.mebibytes(128) } }),
    securityContext: restrictedContainer(),
    volumeMounts: [
      { name: 'config', mountPath: CONFIG_PATH, readOnly: true },
      { name: 'issued', mountPath: ISSUED_PATH },
      { name: 'documents', mountPath: DOCUMENTS_PATH },
      ...sources.map(({ volume, mountPath }) => ({ name: volume.name, mountPath, readOnly: true })),
    ],
  };
}

/**
 * The image holds no shell, and its entrypoint is kubectl, so each Secret takes a container.
 *
 * `kubectl apply --server-side` would write all of them, but it takes over whatever plain `kubectl apply` has set before and then removes
 * what its document lacks: every label, and the annotations that protect the Secret.
 *
 * @see https://github.com/kubernetes/kubernetes/pull/112905
 */
function patchContainer(name: string, secret: PublishedSecret, images: DockerImages): k8s.Container {
  const { namespaceName, name: secretName } = secret;
  const patch = `${DOCUMENTS_PATH}/${namespaceName}.${secretName}.json`;
  return {
    name,
    image: images.kubectl,
    imagePullPolicy: 'IfNotPresent',
    args: ['patch', 'secret', secretName, `--namespace=${namespaceName}`, '--type=json', `--patch-file=${patch}`, `--field-manager=${FIELD_MANAGER}`, '--cache-dir=/tmp/cache'],
    resources: resourceRequirements({ cpu: { request: Cpu.millis(10) }, memory: { request: Size.mebibytes(32), limit: Size.mebibytes(256) } }),
    securityContext: restrictedContainer(),
    volumeMounts: [
      { name: 'documents', mountPath: DOCUMENTS_PATH, readOnly: true },
      { name: 'tmp', mountPath: '/tmp' },
      { name: 'token', mountPath: '/var/run/secrets/kubernetes.io/serviceaccount', readOnly: true },
    ],
  };
}

/** What the kubelet would mount into every container of the pod, for the one that needs it. */
function tokenVolume(): k8s.Volume {
  return {
    name: 'token',
    projected: {
      sources: [
        { serviceAccountToken: { path: 'token', expirationSeconds: 3600 } },
        { configMap: { name: 'kube-root-ca.crt', items: [{ key: 'ca.crt', path: 'ca.crt' }] } },
        // the API version is its default, said aloud: in an atomic list, server-side apply takes a default for somebody else's change
        { downwardApi: { items: [{ path: 'namespace', fieldRef: { apiVersion: 'v1', fieldPath: 'metadata.namespace' } }] } },
      ],
    },
  };
}
