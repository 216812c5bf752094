import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { CacheObjectProps } from './cache-object-props';
import { DaemonTls } from './daemon-tls';
import { DindEndpoint } from './dind-endpoint';
import { mainObject } from './private/api-object';
import { Component, selectorLabels } from './private/labels';
import { namespacedMetadata } from './private/metadata';
import { ensure, requireDnsLabel } from './private/validation';

/**
 * Properties of the daemon's Service.
 */
export interface DindServiceProps extends CacheObjectProps {
  /**
   * How the daemon's port is protected.
   */
  readonly tls: DaemonTls;
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
    this.endpoint = endpointOf(`${metadata.name}.${metadata.namespace}.svc`, props.tls);
    mainObject(this, k8s.KubeService.manifest({
      metadata,
      spec: {
        type: 'ClusterIP',
        selector: selectorLabels(props.instance ?? metadata.name, Component.DAEMON),
        ports: [{ name: 'docker', port: this.endpoint.port, targetPort: k8s.IntOrString.fromString('docker'), protocol: 'TCP' }],
      },
    }));
  }
}

function endpointOf(host: string, tls: DaemonTls): DindEndpoint {
  const dockerHost = `tcp://${host}:${tls._port}`;
  // a client without buildx would otherwise build with the legacy builder, silently and with a cache of its own
  const common = { DOCKER_HOST: dockerHost, DOCKER_BUILDKIT: '1' };
  if (tls.clientSecretName === undefined) {
    return { host, port: tls._port, dockerHost, environment: common };
  }
  return {
    host,
    port: tls._port,
    dockerHost,
    environment: { ...common, DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: CLIENT_CERTIFICATES_PATH },
    clientSecretName: tls.clientSecretName,
    clientSecretItems: tls._clientItems,
    certificateMountPath: CLIENT_CERTIFICATES_PATH,
  };
}
