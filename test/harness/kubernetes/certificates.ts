import { execFileSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** A certificate and its key, as paths of PEM files. */
export interface KeyPair {
  readonly certificate: string;
  readonly key: string;
}

/** Who a certificate stands for. */
export interface Subject {
  /** The user name that Kubernetes sees in a client certificate. */
  readonly commonName: string;
  /** The group that Kubernetes sees in a client certificate. */
  readonly organization?: string;
  /** Subject alternative names in OpenSSL's notation. */
  readonly altNames?: string[];
}

const EXTENSIONS_OF_CA = ['basicConstraints = critical, CA:TRUE', 'keyUsage = critical, keyCertSign, cRLSign'];
const EXTENSIONS_OF_LEAF = ['basicConstraints = critical, CA:FALSE', 'keyUsage = critical, digitalSignature', 'extendedKeyUsage = serverAuth, clientAuth'];

/** A certificate authority for one run, valid for one day. */
export class CertificateAuthority {
  private readonly own: KeyPair;

  constructor(private readonly folder: string) {
    this.own = this.create('ca', { commonName: 'control-plane-ca' }, EXTENSIONS_OF_CA, []);
  }

  /** Path of the authority's certificate. */
  public get certificate(): string {
    return this.own.certificate;
  }

  /** Issues a certificate for servers and clients. */
  public issue(name: string, subject: Subject): KeyPair {
    return this.create(name, subject, EXTENSIONS_OF_LEAF, ['-CA', this.own.certificate, '-CAkey', this.own.key]);
  }

  private create(name: string, subject: Subject, extensions: string[], signer: string[]): KeyPair {
    const [config, certificate, key] = ['cnf', 'crt', 'key'].map(suffix => path.join(this.folder, `${name}.${suffix}`));
    fs.writeFileSync(config, requestConfig(subject, extensions));
    const request = ['req', '-x509', '-config', config, '-nodes', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-days', '1'];
    execFileSync('openssl', [...request, ...signer, '-keyout', key, '-out', certificate], { stdio: 'pipe' });
    return { certificate, key };
  }
}

function requestConfig({ commonName, organization, altNames = [] }: Subject, extensions: string[]): string {
  return [
    '[req]', 'prompt = no', 'distinguished_name = subject', 'x509_extensions = extensions',
    '[subject]', `CN = ${commonName}`, ...(organization ? [`O = ${organization}`] : []),
    '[extensions]', ...extensions, ...(altNames.length > 0 ? [`subjectAltName = ${altNames.join(',')}`] : []),
    '',
  ].join('\n');
}
