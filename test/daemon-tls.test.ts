import { Testing } from 'cdk8s';
import { CertificateKeys, DaemonTls, DindCache, DindDeployment, DindService, ExistingTlsSecretsOptions, PruneCronJob } from '../src';
import { cacheProps, containerOf, daemonProps, Manifest, newChart, podSpecOf, pruneProps } from './fixtures';
import { standardErrorOf } from './support/captured';
import { describeDefaults } from './support/describe-defaults';

const SECRETS = { serverSecretName: 'server-tls', clientSecretName: 'client-tls' };

function daemon(tls: DaemonTls): DindDeployment {
  const chart = newChart();
  return new DindDeployment(chart, 'docker', { ...daemonProps(chart), tls });
}

function serverVolume(keys?: CertificateKeys): Manifest {
  return podSpecOf(daemon(DaemonTls.existingSecrets({ ...SECRETS, keys }))).volumes.find(({ name }) => name === 'server-tls')!;
}

describe('TLS with Secrets that exist', () => {
  const tls = DaemonTls.existingSecrets(SECRETS);

  test("mounts the server's files where the entrypoint finds them, each named, readable by root alone", () => {
    const container = containerOf(daemon(tls));

    expect(serverVolume()).toEqual({
      name: 'server-tls',
      secret: {
        secretName: 'server-tls',
        defaultMode: 0o400,
        items: [{ key: 'ca.pem', path: 'ca.pem' }, { key: 'cert.pem', path: 'cert.pem' }, { key: 'key.pem', path: 'key.pem' }],
      },
    });
    expect(container.volumeMounts).toContainEqual({ name: 'server-tls', mountPath: '/certs/server', readOnly: true });
    expect(container.env).toContainEqual({ name: 'DOCKER_TLS_CERTDIR', value: '/certs' });
  });

  test("never lets the pod start without its Secret, nor mounts a client's", () => {
    expect(serverVolume().secret).not.toHaveProperty('optional');
    expect(JSON.stringify(podSpecOf(daemon(tls)))).not.toContain('client-tls');
  });

  test('listens on 2376 and leaves the flags to the entrypoint', () => {
    const container = containerOf(daemon(tls));

    expect(container.ports).toEqual([{ name: 'docker', containerPort: 2376 }]);
    expect(container.args).toEqual(['--config-file=/etc/dind-cache/daemon.json']);
  });

  test('maps keys of other names', () => {
    const keys = { ca: 'ca.crt', certificate: 'tls.crt', privateKey: 'tls.key' };

    expect(serverVolume(keys).secret.items).toEqual([{ key: 'ca.crt', path: 'ca.pem' }, { key: 'tls.crt', path: 'cert.pem' }, { key: 'tls.key', path: 'key.pem' }]);
    expect(new DindService(newChart(), 'docker', { tls: DaemonTls.existingSecrets({ ...SECRETS, keys }) }).endpoint.clientSecretItems)
      .toEqual({ 'ca.crt': 'ca.pem', 'tls.crt': 'cert.pem', 'tls.key': 'key.pem' });
  });

  test.each<[string, Partial<ExistingTlsSecretsOptions>, string]>([
    ['a Secret of the server that cannot exist', { serverSecretName: '' },
      "'serverSecretName' must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit, got ''"],
    ['a Secret of the client that cannot exist', { clientSecretName: 'A' },
      "'clientSecretName' must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit, got 'A'"],
    ['one Secret for both', { clientSecretName: 'server-tls' },
      "'clientSecretName' must not be the server's Secret, got 'server-tls'; a job that holds the server's key can pose as the daemon"],
    ['a key that no Secret has', { keys: { privateKey: 'tls/key' } }, "'keys.privateKey' must consist of letters, digits, '-', '_' and '.', got 'tls/key'"],
  ])('refuses %s', (_, options, message) => {
    expect(() => DaemonTls.existingSecrets({ ...SECRETS, ...options })).toThrow(new Error(message));
  });
});

describe('plaintext', () => {
  const tls = DaemonTls.plaintext();

  test('listens on 2375, says --tls=false aloud and mounts nothing below /certs', () => {
    const container = containerOf(daemon(tls));

    expect(container.ports).toEqual([{ name: 'docker', containerPort: 2375 }]);
    expect(container.args).toEqual(['--config-file=/etc/dind-cache/daemon.json', '--tls=false']);
    expect(container.env).toEqual([{ name: 'DOCKER_TLS_CERTDIR', value: '' }]);
    expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/var/lib/docker', '/etc/dind-cache']);
  });

  test('gives clients the address and nothing of TLS', () => {
    const { endpoint } = new DindService(newChart(), 'docker', { tls });

    expect(endpoint).toEqual({
      host: 'docker.ci.svc', port: 2375, dockerHost: 'tcp://docker.ci.svc:2375', environment: { DOCKER_HOST: 'tcp://docker.ci.svc:2375', DOCKER_BUILDKIT: '1' },
    });
    const { env, volumeMounts } = containerOf(new PruneCronJob(newChart(), 'prune', { ...pruneProps(newChart()), endpoint }));
    expect(JSON.stringify([env, volumeMounts])).not.toContain('cert');
  });

  test('is warned of', () => {
    const chart = newChart();
    new DindCache(chart, 'docker', cacheProps({ tls }));

    expect(standardErrorOf(() => Testing.synth(chart))).toBe('[Warning at chart/docker/Deployment] without TLS whoever reaches the port is root on the builder node, '
      + 'and any RUN step of any build reaches it from inside (plaintext)\n');
  });
});

describeDefaults('CertificateKeys', [
  ['ca', "'ca.pem'", () => expect(serverVolume({ certificate: 'x' }).secret.items[0]).toEqual({ key: 'ca.pem', path: 'ca.pem' })],
  ['certificate', "'cert.pem'", () => expect(serverVolume({ ca: 'x' }).secret.items[1]).toEqual({ key: 'cert.pem', path: 'cert.pem' })],
  ['privateKey', "'key.pem'", () => expect(serverVolume({ ca: 'x' }).secret.items[2]).toEqual({ key: 'key.pem', path: 'key.pem' })],
]);

describeDefaults('ExistingTlsSecretsOptions', [
  ['keys', '- ca.pem, cert.pem and key.pem, as Docker names them', () => {
    expect(serverVolume().secret.items).toMatchObject([{ key: 'ca.pem' }, { key: 'cert.pem' }, { key: 'key.pem' }]);
  }],
]);

describeDefaults('DaemonTls', [
  ['serverSecretName', '- none, the daemon listens without TLS', () => expect(DaemonTls.plaintext().serverSecretName).toBeUndefined()],
  ['clientSecretName', '- none, the daemon listens without TLS', () => expect(DaemonTls.plaintext().clientSecretName).toBeUndefined()],
]);
