import { k8s } from 'cdk8s-plus-27';
import { ensure, requireDnsSubdomain } from './private/validation';

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

/**
 * How the daemon's port is protected.
 *
 * @see https://docs.docker.com/engine/security/protect-access/
 */
export class DaemonTls {
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
    return new DaemonTls(options);
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
    return new DaemonTls();
  }

  /**
   * The name of the Secret with the server's certificate.
   *
   * @default - none, the daemon listens without TLS
   */
  public readonly serverSecretName?: string;

  /**
   * The name of the Secret with a client's certificate.
   *
   * @default - none, the daemon listens without TLS
   */
  public readonly clientSecretName?: string;

  private readonly keys: Required<CertificateKeys>;

  private constructor(options?: ExistingTlsSecretsOptions) {
    this.serverSecretName = options?.serverSecretName;
    this.clientSecretName = options?.clientSecretName;
    const { ca = 'ca.pem', certificate = 'cert.pem', privateKey = 'key.pem' } = options?.keys ?? {};
    this.keys = { ca, certificate, privateKey };
    Object.entries(this.keys).forEach(([key, value]) =>
      ensure(/^[-._a-zA-Z0-9]+$/.test(value), `keys.${key}`, "must consist of letters, digits, '-', '_' and '.'", value));
  }

  /**
   * The port that the daemon listens on.
   *
   * @internal
   */
  public get _port(): number {
    return this.serverSecretName === undefined ? 2375 : 2376;
  }

  /**
   * A volume with the server's files, readable by root alone.
   *
   * @internal
   */
  public _serverVolume(name: string): k8s.Volume | undefined {
    return this.serverSecretName === undefined ? undefined : { name, secret: { secretName: this.serverSecretName, defaultMode: 0o400, items: this.items() } };
  }

  /**
   * Which key of a client's Secret becomes which of the files that Docker reads.
   *
   * @internal
   */
  public get _clientItems(): { readonly [key: string]: string } {
    return Object.fromEntries(this.items().map(({ key, path }) => [key, path]));
  }

  /**
   * Naming each key makes the kubelet hold the pod back while one is missing; with a file missing, the image's entrypoint would make a CA of its own.
   */
  private items(): k8s.KeyToPath[] {
    const { ca, certificate, privateKey } = this.keys;
    return [{ key: ca, path: 'ca.pem' }, { key: certificate, path: 'cert.pem' }, { key: privateKey, path: 'key.pem' }];
  }
}
