import { Duration } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { CacheObjectProps } from './cache-object-props';
import { DaemonTls } from './daemon-tls';
import { DindEndpoint } from './dind-endpoint';
import { mainObject } from './private/api-object';
import { drainSeconds } from './private/drain';
import { Component, selectorLabels } from './private/labels';
import { namespacedMetadata } from './private/metadata';
import { script } from './private/script';
import { fileNames, TlsSecrets } from './private/tls-secrets';
import { ensure, requireDnsLabel } from './private/validation';

/**
 * Properties of the daemon's Service.
 */
export interface DindServiceProps extends CacheObjectProps {
  /**
   * How the daemon's port is protected.
   */
  readonly tls: DaemonTls;

  /**
   * How long a stopping daemon waits at most; clients wait a minute longer, or each would fail while the daemon is replaced.
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
}

/** Where clients mount their Secret; GitLab's documentation and the image have it there. */
const CLIENT_CERTIFICATES_PATH = '/certs/client';

/**
 * The Service in front of the daemon, and what its clients need to know.
 *
 * @see https://kubernetes.io/docs/concepts/services-networking/service/
 */
export class DindService extends Construct {
  /**
   * The name of the Service.
   */
  public readonly name: string;

  /**
   * What a client needs to connect.
   */
  public readonly endpoint: DindEndpoint;

  constructor(scope: Construct, id: string, props: DindServiceProps) {
    super(scope, id);
    const metadata = namespacedMetadata(this, id, props);
    requireDnsLabel('name', metadata.name);
    ensure(/^[a-z]/.test(metadata.name), 'name', 'must begin with a letter, as the names of Services do', metadata.name);
    this.name = metadata.name;
    const instance = props.instance ?? metadata.name;
    this.endpoint = endpointOf(`${metadata.name}.${metadata.namespace}.svc`, props, props.tls._secrets(instance));
    mainObject(this, k8s.KubeService.manifest({
      metadata,
      spec: {
        type: 'ClusterIP',
        selector: selectorLabels(instance, Component.DAEMON),
        ports: [{ name: 'docker', port: this.endpoint.port, targetPort: k8s.IntOrString.fromString('docker'), protocol: 'TCP' }],
      },
    }));
  }
}

function endpointOf(host: string, { tls, drainTimeout, reuseContext = true }: DindServiceProps, secrets?: TlsSecrets): DindEndpoint {
  const port = tls._port;
  const dockerHost = `tcp://${host}:${port}`;
  // a client without buildx would otherwise build with the legacy builder, silently and with a cache of its own
  const common = {
    DOCKER_HOST: dockerHost,
    DOCKER_BUILDKIT: '1',
    DIND_CACHE_WAIT_SECONDS: String(drainSeconds(drainTimeout) + 60),
    DIND_CACHE_REUSE_CONTEXT: reuseContext ? '1' : '0',
  };
  const clientScript = script('client.sh');
  if (secrets === undefined) {
    return { host, port, dockerHost, environment: common, clientScript };
  }
  return {
    host,
    port,
    dockerHost,
    environment: { ...common, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: CLIENT_CERTIFICATES_PATH },
    clientScript,
    clientSecretName: secrets.clientSecretName,
    clientSecretItems: fileNames(secrets.clientKeys),
    certificateMountPath: CLIENT_CERTIFICATES_PATH,
  };
}
