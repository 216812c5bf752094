import { X509Certificate } from 'node:crypto';
import { tryRun } from '../../harness/docker/command';

/** The certificate that a daemon shows, as openssl sees it. */
export async function servedCertificate(host: string, port = 2376): Promise<X509Certificate> {
  const { stdout, stderr } = await tryRun('openssl', ['s_client', '-connect', `${host}:${port}`, '-showcerts'], { timeoutSeconds: 10 });
  const [pem] = stdout.match(/-----BEGIN CERTIFICATE-----[^]*?-----END CERTIFICATE-----/) ?? [];
  if (!pem) throw new Error(`no certificate from ${host}:${port}: ${stderr}`);
  return new X509Certificate(pem);
}
