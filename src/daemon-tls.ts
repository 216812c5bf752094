import { Cron } from 'cdk8s';
import { requireSchedule } from './private/cron';
import { CERT_MANAGER_KEYS, DOCKER_KEYS, SecretKeys, TlsSecrets } from './private/tls-secrets';
import { ensure, requireDataKey, requireDnsSubdomain } from './private/validation';

/**
 * Options of every way in which the library has certificates issued.
 */
export interface IssuedTlsOptions {
  /**
   * The cluster's DNS domain, part of the names that the daemon's certificate is valid for.
   *
   * @default 'cluster.local'
   */
  readonly clusterDomain?: string;

  /**
   * DNS names that the daemon's certificate is valid for, beside those of the Service and `localhost`.
   *
   * @default - none
   */
  readonly additionalServerNames?: string[];

  /**
   * The name of the clients' Secret in each client namespace.
   *
   * Give it where two caches of the same name, in two namespaces, have a client namespace in common.
   *
   * @default - the cache's name and '-client-tls'
   */
  readonly clientSecretName?: string;

  /**
   * When the job runs that renews certificates and restores the clients' Secrets.
   *
   * @default Cron.schedule({ minute: '17', hour: '3' })
   */
  readonly schedule?: Cron;
}

/**
 * Options of TLS with a CA of the cache's own.
 */
export interface SelfIssuedTlsOptions extends IssuedTlsOptions {}

/**
 * An issuer of cert-manager.
 */
export interface CertManagerIssuer {
  /**
   * The name of the issuer.
   */
  readonly name: string;

  /**
   * The kind of the issuer: `Issuer`, in the cache's namespace, or `ClusterIssuer`.
   *
   * @default 'Issuer'
   */
  readonly kind?: string;
}

/**
 * Options of TLS with cert-manager.
 */
export interface CertManagerTlsOptions extends IssuedTlsOptions {
  /**
   * The issuer whose CA signs the certificates.
   *
   * Every certificate of that CA then gets its holder root on the builder node.
   *
   * @default - a CA of the cache's own
   */
  readonly caIssuer?: CertManagerIssuer;
}

/**
 * The keys under which a Secret holds a certificate.
 */
export interface CertificateKeys {
  /**
   * The key of the CA certificate.
   *
   * @default 'ca.pem'
   */
  readonly ca?: string;

  /**
   * The key of the certificate.
   *
   * @default 'cert.pem'
   */
  readonly certificate?: string;

  /**
   * The key of the private key.
   *
   * @default 'key.pem'
   */
  readonly privateKey?: string;
}

/**
 * Options of TLS with Secrets that exist.
 */
export interface ExistingTlsSecretsOptions {
  /**
   * The name of the Secret with the server's certificate (extended key usage serverAuth), in the cache's namespace.
   *
   * Its subject alternative names must hold the Service's DNS name.
   */
  readonly serverSecretName: string;

  /**
   * The name of the Secret with a client's certificate (extended key usage clientAuth), in the cache's namespace and in that of every client.
   */
  readonly clientSecretName: string;

  /**
   * The keys of both Secrets.
   *
   * For Secrets of type `kubernetes.io/tls` give `{ ca: 'ca.crt', certificate: 'tls.crt', privateKey: 'tls.key' }`.
   *
   * @default - ca.pem, cert.pem and key.pem, as Docker names them
   */
  readonly keys?: CertificateKeys;
}

/** At most one of the three is set; none: plaintext. */
interface TlsChoice {
  readonly selfIssued?: SelfIssuedTlsOptions;
  readonly certManager?: CertManagerTlsOptions;
  readonly existing?: ExistingTlsSecretsOptions;
}

/**
 * How the daemon's port is protected.
 *
 * @see https://docs.docker.com/engine/security/protect-access/
 */
export class DaemonTls {
  /**
   * Mutual TLS with a CA of the cache's own; nothing else need be installed.
   *
   * A job issues the certificates, writes the Secrets of the daemon and of each client namespace, and renews them. The CA's key never comes near the daemon.
   */
  public static selfIssued(options: SelfIssuedTlsOptions = {}): DaemonTls {
    requireIssued(options);
    return new DaemonTls({ selfIssued: options });
  }

  /**
   * Mutual TLS with certificates that cert-manager issues and renews.
   *
   * @see https://cert-manager.io/docs/usage/certificate/
   */
  public static certManager(options: CertManagerTlsOptions = {}): DaemonTls {
    requireIssued(options);
    const { name, kind = 'Issuer' } = options.caIssuer ?? { name: 'ca' };
    requireDnsSubdomain('caIssuer.name', name);
    ensure(['Issuer', 'ClusterIssuer'].includes(kind), 'caIssuer.kind', "must be 'Issuer' or 'ClusterIssuer'", kind);
    return new DaemonTls({ certManager: options });
  }

  /**
   * Mutual TLS with Secrets that something else fills.
   *
   * The daemon's pod waits until they exist with all their keys.
   */
  public static existingSecrets(options: ExistingTlsSecretsOptions): DaemonTls {
    requireDnsSubdomain('serverSecretName', options.serverSecretName);
    requireDnsSubdomain('clientSecretName', options.clientSecretName);
    ensure(options.serverSecretName !== options.clientSecretName, 'clientSecretName', "must not be the server's Secret", options.clientSecretName,
      "a job that holds the server's key can pose as the daemon");
    const keys = secretKeys(options.keys);
    Object.entries(keys).forEach(([name, key]) => requireDataKey(`keys.${name}`, key));
    ensure(new Set(Object.values(keys)).size === 3, 'keys', 'must be three different ones', keys);
    return new DaemonTls({ existing: options });
  }

  /**
   * No protection: whoever reaches the port is root on the builder node.
   *
   * Any `RUN` step of any build reaches it from inside, through the daemon's own bridge, which no NetworkPolicy sees.
   * Docker has announced that it will refuse to listen like this.
   *
   * @see https://docs.docker.com/engine/deprecated/#unauthenticated-tcp-connections
   */
  public static plaintext(): DaemonTls {
    return new DaemonTls({});
  }

  private constructor(private readonly choice: TlsChoice) {}

  /**
   * The options where the cache has a CA of its own.
   *
   * @internal
   */
  public get _selfIssued(): SelfIssuedTlsOptions | undefined {
    return this.choice.selfIssued;
  }

  /**
   * The options where cert-manager issues.
   *
   * @internal
   */
  public get _certManager(): CertManagerTlsOptions | undefined {
    return this.choice.certManager;
  }

  /**
   * The port that the daemon listens on.
   *
   * @internal
   */
  public get _port(): number {
    return Object.keys(this.choice).length === 0 ? 2375 : 2376;
  }

  /**
   * Where the certificates of a cache stand; nowhere with plaintext.
   *
   * @internal
   */
  public _secrets(cache: string): TlsSecrets | undefined {
    const { selfIssued, certManager, existing } = this.choice;
    if (existing) {
      const keys = secretKeys(existing.keys);
      return { serverSecretName: existing.serverSecretName, clientSecretName: existing.clientSecretName, serverKeys: keys, clientKeys: keys };
    }
    const issued = selfIssued ?? certManager;
    return issued && {
      serverSecretName: `${cache}-server-tls`,
      serverKeys: certManager ? CERT_MANAGER_KEYS : DOCKER_KEYS,
      clientSecretName: issued.clientSecretName ?? `${cache}-client-tls`,
      clientKeys: DOCKER_KEYS,
    };
  }
}

function secretKeys({ ca, certificate, privateKey }: CertificateKeys = {}): SecretKeys {
  return { ca: ca ?? DOCKER_KEYS.ca, certificate: certificate ?? DOCKER_KEYS.certificate, privateKey: privateKey ?? DOCKER_KEYS.privateKey };
}

function requireIssued(options: IssuedTlsOptions): void {
  requireDnsSubdomain('clusterDomain', options.clusterDomain);
  requireDnsSubdomain('clientSecretName', options.clientSecretName);
  options.additionalServerNames?.forEach(name => requireDnsSubdomain('additionalServerNames', name));
  if (options.schedule) {
    requireSchedule(options.schedule.expressionString);
  }
}
