import { k8s } from 'cdk8s-plus-27';

/**
 * The keys under which a Secret holds a CA certificate, a certificate and its private key.
 */
export interface SecretKeys {
  readonly ca: string;
  readonly certificate: string;
  readonly privateKey: string;
}

/** The files that Docker reads, as keys. */
export const DOCKER_KEYS: SecretKeys = { ca: 'ca.pem', certificate: 'cert.pem', privateKey: 'key.pem' };

/** The keys that cert-manager writes. */
export const CERT_MANAGER_KEYS: SecretKeys = { ca: 'ca.crt', certificate: 'tls.crt', privateKey: 'tls.key' };

/**
 * Where the daemon's and its clients' certificates stand.
 */
export interface TlsSecrets {
  readonly serverSecretName: string;
  readonly serverKeys: SecretKeys;
  readonly clientSecretName: string;
  readonly clientKeys: SecretKeys;
}

/**
 * A volume with the files that Docker reads.
 *
 * Naming each key makes the kubelet hold the pod back while one is missing; with a file missing, the image's entrypoint would make a CA of its own.
 */
export function certificateVolume(name: string, secretName: string, keys: SecretKeys, defaultMode: number): k8s.Volume {
  const items = Object.entries(fileNames(keys)).map(([key, path]) => ({ key, path }));
  return { name, secret: { secretName, defaultMode, items } };
}

/**
 * The file that each key of a Secret becomes.
 */
export function fileNames(keys: SecretKeys): { [key: string]: string } {
  return { [keys.ca]: DOCKER_KEYS.ca, [keys.certificate]: DOCKER_KEYS.certificate, [keys.privateKey]: DOCKER_KEYS.privateKey };
}
