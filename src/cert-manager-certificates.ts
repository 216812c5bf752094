import { Construct } from 'constructs';
import {
  Certificate, CertificateSpec, CertificateSpecPrivateKeyAlgorithm, CertificateSpecPrivateKeyRotationPolicy, CertificateSpecUsages, Issuer,
} from '../imports/cert-manager.io';
import { CacheObjectProps } from './cache-object-props';
import { CertManagerIssuer } from './daemon-tls';
import { namespacedMetadata, ObjectMetadata } from './private/metadata';
import { Warnings } from './warnings';

/**
 * Properties of the objects by which cert-manager issues.
 */
export interface CertManagerCertificatesProps extends CacheObjectProps {
  /**
   * The issuer whose CA signs the certificates.
   *
   * @default - a CA of the cache's own
   */
  readonly caIssuer?: CertManagerIssuer;

  /**
   * The name of the Secret with the daemon's certificate.
   */
  readonly serverSecretName: string;

  /**
   * The DNS names of the daemon.
   */
  readonly serverNames: string[];

  /**
   * The namespaces whose clients get a certificate, one for each.
   */
  readonly clientNamespaces: string[];
}

/** One year; what is issued is renewed when a third of it is left, as cert-manager does by default. */
const LIFETIME = '8760h';
const CA_LIFETIME = '87600h';

/**
 * The CA, the daemon's certificate and one for the clients of each namespace, issued by cert-manager.
 *
 * All of them stand in the cache's namespace, so that the CA's key need not be anywhere else; the publisher copies what clients need.
 *
 * @see https://cert-manager.io/docs/configuration/ca/
 */
export class CertManagerCertificates extends Construct {
  private readonly metadata: ObjectMetadata;
  private readonly issuerRef: CertificateSpec['issuerRef'];

  constructor(scope: Construct, id: string, props: CertManagerCertificatesProps) {
    super(scope, id);
    this.metadata = namespacedMetadata(this, id, props);
    this.issuerRef = props.caIssuer ? this.sharedIssuer(props.caIssuer) : this.makeCa();
    this.makeCertificate('Server', 'server', props.serverSecretName, CertificateSpecUsages.SERVER_AUTH, props.serverNames);
    props.clientNamespaces.forEach(namespace =>
      this.makeCertificate(`Client-${namespace}`, `client-${namespace}`, this.clientSecretName(namespace), CertificateSpecUsages.CLIENT_AUTH));
  }

  /**
   * The name of the Secret, in the cache's namespace, that holds the certificate of a namespace's clients.
   */
  public clientSecretName(namespace: string): string {
    return this.nameOf(`client-${namespace}`);
  }

  private nameOf(suffix: string): string {
    return `${this.metadata.name}-${suffix}`;
  }

  private sharedIssuer({ name, kind = 'Issuer' }: CertManagerIssuer): CertificateSpec['issuerRef'] {
    Warnings.of(this)._add('shared-ca', `whoever holds a certificate of the CA of ${kind} '${name}' is root on the builder node; leave 'caIssuer' out for a CA of the cache's own`);
    return { name, kind, group: 'cert-manager.io' };
  }

  private makeCa(): CertificateSpec['issuerRef'] {
    const [bootstrap, ca] = [this.nameOf('bootstrap'), this.nameOf('ca')];
    new Issuer(this, 'Bootstrap', { metadata: { ...this.metadata, name: bootstrap }, spec: { selfSigned: {} } });
    new Certificate(this, 'CaCertificate', {
      metadata: { ...this.metadata, name: ca },
      spec: {
        isCa: true,
        commonName: 'dind-cache CA',
        secretName: ca,
        duration: CA_LIFETIME,
        privateKey: { algorithm: CertificateSpecPrivateKeyAlgorithm.ECDSA, size: 256 },
        usages: [CertificateSpecUsages.CERT_SIGN, CertificateSpecUsages.CRL_SIGN],
        issuerRef: { name: bootstrap, kind: 'Issuer', group: 'cert-manager.io' },
      },
    });
    new Issuer(this, 'CaIssuer', { metadata: { ...this.metadata, name: ca }, spec: { ca: { secretName: ca } } });
    return { name: ca, kind: 'Issuer', group: 'cert-manager.io' };
  }

  private makeCertificate(id: string, name: string, secretName: string, usage: CertificateSpecUsages, dnsNames?: string[]): void {
    new Certificate(this, id, {
      metadata: { ...this.metadata, name: this.nameOf(name) },
      spec: {
        commonName: name.slice(0, 64),
        dnsNames,
        secretName,
        duration: LIFETIME,
        privateKey: { algorithm: CertificateSpecPrivateKeyAlgorithm.ECDSA, size: 256, rotationPolicy: CertificateSpecPrivateKeyRotationPolicy.ALWAYS },
        usages: [CertificateSpecUsages.DIGITAL_SIGNATURE, usage],
        issuerRef: this.issuerRef,
      },
    });
  }
}
