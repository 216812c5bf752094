import { generateKeyPairSync } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { CertificateAuthority, KeyPair } from './certificates';
import { writeKubeconfig } from './kubeconfig';

/** Files and addresses that the components of one control plane share. */
export class Layout {
  /** etcd's unix socket. */
  public readonly etcdSocket: string;
  /** What the API server presents. */
  public readonly serving: KeyPair;
  /** Path of the key that signs and verifies the tokens of service accounts. */
  public readonly serviceAccountKey: string;
  private readonly authority: CertificateAuthority;

  /**
   * @param folder folder of everything that the control plane writes
   * @param port port of the API server on the loopback interface
   */
  constructor(public readonly folder: string, public readonly port: number) {
    this.etcdSocket = path.join(folder, 'etcd.sock');
    this.authority = new CertificateAuthority(folder);
    this.serving = this.authority.issue('kube-apiserver', { commonName: 'kube-apiserver', altNames: ['IP:127.0.0.1', 'DNS:localhost'] });
    this.serviceAccountKey = writeServiceAccountKey(path.join(folder, 'service-accounts.key'));
  }

  /** Path of the certificate of the authority that signed everybody's certificate. */
  public get authorityCertificate(): string {
    return this.authority.certificate;
  }

  /** Writes a kubeconfig file for a user, as its client certificate names him, and returns its path. */
  public kubeconfigOf(user: string, group?: string): string {
    const name = user.replace(/[^a-z0-9-]/g, '-');
    return writeKubeconfig(path.join(this.folder, `${name}.kubeconfig`), {
      server: `https://127.0.0.1:${this.port}`,
      authority: this.authority.certificate,
      client: this.authority.issue(name, { commonName: user, organization: group }),
    });
  }
}

function writeServiceAccountKey(file: string): string {
  const { privateKey } = generateKeyPairSync('ec', { namedCurve: 'P-256' });
  fs.writeFileSync(file, privateKey.export({ type: 'sec1', format: 'pem' }), { mode: 0o600 });
  return file;
}
