import { Cron } from 'cdk8s';
import { Construct } from 'constructs';
import { BuilderNode } from './builder-node';
import { CacheObjectProps } from './cache-object-props';
import { CertManagerCertificates } from './cert-manager-certificates';
import { DaemonTls, IssuedTlsOptions } from './daemon-tls';
import { DindConfig } from './dind-config';
import { DockerImages } from './docker-images';
import { namespacedMetadata } from './private/metadata';
import { CERT_MANAGER_KEYS, certificateVolume, TlsSecrets } from './private/tls-secrets';
import { ensure, invalid, requireDnsLabel } from './private/validation';
import { ISSUED_PATH, PublishedSecret, SecretPublisher, SecretPublisherProps } from './secret-publisher';

/**
 * Properties of the issuer of certificates.
 */
export interface TlsIssuerProps extends CacheObjectProps {
  /**
   * How certificates are issued: `DaemonTls.selfIssued()` or `DaemonTls.certManager()`.
   */
  readonly tls: DaemonTls;

  /**
   * The name of the daemon's Service.
   */
  readonly serviceName: string;

  /**
   * The namespaces of the clients, beside the cache's own; they must exist when the manifests are applied.
   *
   * @default - none but the cache's own
   */
  readonly clientNamespaces?: string[];

  /**
   * The ConfigMap with the scripts.
   */
  readonly config: DindConfig;

  /**
   * The container images.
   *
   * @default DockerImages.official()
   */
  readonly images?: DockerImages;

  /**
   * The node that the issuer's pods keep away from if there is another: whoever reaches the daemon is root there.
   *
   * @default - they run anywhere
   */
  readonly builderNode?: BuilderNode;
}

const DEFAULT_SCHEDULE = Cron.schedule({ minute: '17', hour: '3' });

/**
 * Issues and renews the certificates of the daemon and of its clients, and writes their Secrets.
 *
 * With a CA of its own, it and everything issued stand in one Secret that only the issuer's pods mount;
 * the Secrets of the daemon and of each client namespace are copies, written anew by every run.
 */
export class TlsIssuer extends Construct {
  /**
   * The namespaces that a client's Secret stands in.
   */
  public readonly clientNamespaces: string[];

  constructor(scope: Construct, id: string, props: TlsIssuerProps) {
    super(scope, id);
    const { name, namespace } = namespacedMetadata(this, id, props);
    const instance = props.instance ?? name;
    const { options, secrets } = requireIssued(props.tls, instance);
    props.clientNamespaces?.forEach(client => requireDnsLabel('clientNamespaces', client));
    this.clientNamespaces = [...new Set([namespace, ...(props.clientNamespaces ?? [])])];
    this.requireOwnSecret(name, secrets);
    const serverNames = serverNamesOf(props.serviceName, namespace, options);
    const common = { name, instance, labels: props.labels, annotations: props.annotations };
    const sources = props.tls._selfIssued
      ? selfIssuedSources(name, namespace, secrets, serverNames, this.clientNamespaces)
      : this.certManagerSources(common, secrets, serverNames, props.tls);
    this.node.defaultChild = new SecretPublisher(this, 'Publisher', {
      ...common,
      ...sources,
      secrets: [...sources.secrets, ...this.clientSecrets(secrets)],
      config: props.config,
      images: props.images ?? DockerImages.official(),
      builderNode: props.builderNode,
      schedule: options.schedule ?? DEFAULT_SCHEDULE,
    });
  }

  /** The clients' Secret stands in the cache's own namespace too, beside these. */
  private requireOwnSecret(name: string, { serverSecretName, clientSecretName }: TlsSecrets): void {
    const others = [serverSecretName, ...['state', 'ca', ...this.clientNamespaces.map(clientFolder)].map(suffix => `${name}-${suffix}`)];
    ensure(!others.includes(clientSecretName), 'clientSecretName', 'must not be the name of a Secret that clients must not read', clientSecretName);
  }

  private clientSecrets({ clientSecretName }: TlsSecrets): PublishedSecret[] {
    return this.clientNamespaces.map(namespaceName => ({ folder: clientFolder(namespaceName), namespaceName, name: clientSecretName }));
  }

  private certManagerSources(common: CacheObjectProps & { readonly name: string }, secrets: TlsSecrets, serverNames: string[], tls: DaemonTls): Sources {
    const certificates = new CertManagerCertificates(this, 'Certificates', {
      ...common,
      caIssuer: tls._certManager?.caIssuer,
      serverSecretName: secrets.serverSecretName,
      serverNames,
      clientNamespaces: this.clientNamespaces,
    });
    const sources = this.clientNamespaces.map((namespace, index) => ({
      volume: certificateVolume(`client-${index}`, certificates.clientSecretName(namespace), CERT_MANAGER_KEYS, 0o444),
      mountPath: `${ISSUED_PATH}/${clientFolder(namespace)}`,
    }));
    return { script: 'publish.sh', secrets: [], sources };
  }
}

function requireIssued(tls: DaemonTls, instance: string): { readonly options: IssuedTlsOptions; readonly secrets: TlsSecrets } {
  const options = tls._selfIssued ?? tls._certManager;
  const secrets = tls._secrets(instance);
  if (options === undefined || secrets === undefined) {
    throw invalid('tls', 'must be DaemonTls.selfIssued() or DaemonTls.certManager()', secrets ? 'existingSecrets' : 'plaintext', 'nothing is issued for the others');
  }
  return { options, secrets };
}

type Sources = Pick<SecretPublisherProps, 'script' | 'secrets' | 'sources' | 'environment'>;

const STATE_PATH = '/state';

function selfIssuedSources(name: string, namespaceName: string, secrets: TlsSecrets, serverNames: string[], clientNamespaces: string[]): Sources {
  const stateSecretName = `${name}-state`;
  return {
    script: 'issue.sh',
    environment: {
      STATE_SECRET: STATE_PATH,
      ISSUED: ISSUED_PATH,
      SERVER_NAMES: serverNames.map(server => `DNS:${server}`).join(','),
      CLIENT_NAMESPACES: clientNamespaces.join(' '),
    },
    sources: [{ volume: { name: 'state', secret: { secretName: stateSecretName, optional: true } }, mountPath: STATE_PATH }],
    secrets: [
      { folder: 'state', namespaceName, name: stateSecretName },
      { folder: 'server', namespaceName, name: secrets.serverSecretName },
    ],
  };
}

function clientFolder(namespace: string): string {
  return `client-${namespace}`;
}

function serverNamesOf(service: string, namespace: string, { clusterDomain = 'cluster.local', additionalServerNames = [] }: IssuedTlsOptions): string[] {
  const qualified = `${service}.${namespace}`;
  return [...new Set([service, qualified, `${qualified}.svc`, `${qualified}.svc.${clusterDomain}`, 'localhost', ...additionalServerNames])];
}
