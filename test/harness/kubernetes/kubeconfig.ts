import * as fs from 'node:fs';
import { KeyPair } from './certificates';

/** What a client needs to reach an API server. */
export interface Access {
  readonly server: string;
  /** Path of the certificate that the API server's is checked against. */
  readonly authority: string;
  readonly client: KeyPair;
}

/** Writes a kubeconfig file (JSON is YAML) and returns its path. */
export function writeKubeconfig(file: string, { server, authority, client }: Access): string {
  const config = {
    'apiVersion': 'v1',
    'kind': 'Config',
    'clusters': [{ name: 'test', cluster: { server, 'certificate-authority': authority } }],
    'users': [{ name: 'test', user: { 'client-certificate': client.certificate, 'client-key': client.key } }],
    'contexts': [{ name: 'test', context: { cluster: 'test', user: 'test' } }],
    'current-context': 'test',
  };
  fs.writeFileSync(file, JSON.stringify(config, undefined, 2), { mode: 0o600 });
  return file;
}
