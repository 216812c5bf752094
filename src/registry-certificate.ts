import { ensure, requireDataKey, requireDnsSubdomain } from './private/validation';

/** Where the PEM text of a certificate stands: in the text itself, or under a key of a ConfigMap or Secret. */
interface CertificateSource {
  readonly pem?: string;
  readonly configMapName?: string;
  readonly secretName?: string;
  readonly key?: string;
}

/**
 * A CA certificate by which the daemon trusts a registry.
 *
 * @see https://docs.docker.com/engine/security/certificates/
 */
export class RegistryCertificate {
  /**
   * A certificate given as PEM text.
   *
   * @param registry the registry's host, with its port unless that is 443
   * @param pem the certificate
   */
  public static fromPem(registry: string, pem: string): RegistryCertificate {
    ensure(/^\s*-----BEGIN CERTIFICATE-----/.test(pem), 'pem', 'must begin with -----BEGIN CERTIFICATE-----', pem.slice(0, 30));
    ensure(!pem.includes('PRIVATE KEY'), 'pem', 'must not hold a private key', '-----BEGIN … PRIVATE KEY-----', 'a CA is trusted by its certificate alone');
    return new RegistryCertificate(registry, { pem });
  }

  /**
   * A certificate in a ConfigMap of the cache's namespace.
   *
   * @param registry the registry's host, with its port unless that is 443
   * @param configMapName the name of the ConfigMap
   * @param key the key of the certificate, by default `ca.crt`
   */
  public static fromConfigMap(registry: string, configMapName: string, key: string = 'ca.crt'): RegistryCertificate {
    requireDnsSubdomain('configMapName', configMapName);
    return new RegistryCertificate(registry, { configMapName, key });
  }

  /**
   * A certificate in a Secret of the cache's namespace.
   *
   * @param registry the registry's host, with its port unless that is 443
   * @param secretName the name of the Secret
   * @param key the key of the certificate, by default `ca.crt`
   */
  public static fromSecret(registry: string, secretName: string, key: string = 'ca.crt'): RegistryCertificate {
    requireDnsSubdomain('secretName', secretName);
    return new RegistryCertificate(registry, { secretName, key });
  }

  private constructor(
    /**
     * The registry's host, with its port unless that is 443.
     */
    public readonly registry: string,
    private readonly source: CertificateSource,
  ) {
    ensure(/^[a-zA-Z0-9]([\w.-]*[a-zA-Z0-9])?(:\d+)?$/.test(registry), 'registry', 'must be a host with an optional port', registry, 'leave scheme and path out');
    requireDataKey('key', source.key);
  }

  /**
   * @internal
   */
  public get _source(): CertificateSource {
    return this.source;
  }
}
