import { Chart, Cron, Testing } from 'cdk8s';
import { CertificateKeys, CertManagerTlsOptions, DaemonTls, DindCache, DindDeployment, DindService, ExistingTlsSecretsOptions, PruneCronJob } from '../src';
import { cacheProps, containerOf, daemonProps, Manifest, manifestsBelow, newChart, podSpecOf, pruneProps } from './fixtures';
import { standardErrorOf } from './support/captured';
import { describeDefaults } from './support/describe-defaults';

const SECRETS = { serverSecretName: 'server-tls', clientSecretName: 'client-tls' };
const SUBDOMAIN = "must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit";

function daemon(tls: DaemonTls): DindDeployment {
  const chart = newChart();
  return new DindDeployment(chart, 'docker', { ...daemonProps(chart), tls });
}

function cache(tls: DaemonTls): DindCache {
  return new DindCache(newChart(), 'docker', cacheProps({ tls }));
}

function volumeWith(keys?: CertificateKeys): Manifest {
  return serverVolume(DaemonTls.existingSecrets({ ...SECRETS, keys }));
}

function serverVolume(tls: DaemonTls): Manifest {
  return podSpecOf(daemon(tls)).volumes.find(({ name }) => name === 'server-tls')!;
}

describe.each([
  ['self-issued', DaemonTls.selfIssued(), 'docker-server-tls', ['ca.pem', 'cert.pem', 'key.pem']],
  ["cert-manager's", DaemonTls.certManager(), 'docker-server-tls', ['ca.crt', 'tls.crt', 'tls.key']],
  ['existing', DaemonTls.existingSecrets(SECRETS), 'server-tls', ['ca.pem', 'cert.pem', 'key.pem']],
])('TLS with %s certificates', (_, tls, secretName, [ca, certificate, privateKey]) => {
  test("mounts the server's files where the entrypoint finds them, each named, readable by root alone", () => {
    const container = containerOf(daemon(tls));

    expect(serverVolume(tls)).toEqual({
      name: 'server-tls',
      secret: { secretName, defaultMode: 0o400, items: [{ key: ca, path: 'ca.pem' }, { key: certificate, path: 'cert.pem' }, { key: privateKey, path: 'key.pem' }] },
    });
    expect(container.volumeMounts).toContainEqual({ name: 'server-tls', mountPath: '/certs/server', readOnly: true });
    expect(container.env).toContainEqual({ name: 'DOCKER_TLS_CERTDIR', value: '/certs' });
  });

  test("never lets the pod start without its Secret, nor mounts a client's", () => {
    expect(serverVolume(tls).secret).not.toHaveProperty('optional');
    expect(JSON.stringify(podSpecOf(daemon(tls)))).not.toMatch(/client-tls|"optional"/);
  });

  test('listens on 2376 and leaves the flags to the entrypoint', () => {
    const container = containerOf(daemon(tls));

    expect(container.ports).toEqual([{ name: 'docker', containerPort: 2376 }]);
    expect(container.env).toContainEqual({ name: 'API_PORT', value: '2376' });
    expect(container.args).toEqual(['--config-file=/etc/dind-cache/daemon.json']);
  });
});

describe('TLS with issued certificates', () => {
  test.each([['selfIssued', DaemonTls.selfIssued()], ['certManager', DaemonTls.certManager()]])('by %s comes with its issuer and with Secrets for clients', (_, tls) => {
    const made = cache(tls);

    expect(made.tlsIssuer).toBeDefined();
    expect(made.endpoint).toMatchObject({ clientSecretName: 'docker-client-tls', clientSecretItems: { 'ca.pem': 'ca.pem', 'cert.pem': 'cert.pem', 'key.pem': 'key.pem' } });
  });

  const issued: [string, CertManagerTlsOptions, string][] = [
    ['a domain that cannot exist', { clusterDomain: 'cluster.local.' }, `'clusterDomain' ${SUBDOMAIN}, got 'cluster.local.'`],
    ['a Secret that cannot exist', { clientSecretName: 'A' }, `'clientSecretName' ${SUBDOMAIN}, got 'A'`],
    ['a name that cannot exist', { additionalServerNames: ['docker', 'DNS:x'] }, `'additionalServerNames' ${SUBDOMAIN}, got 'DNS:x'`],
    ['a schedule that cannot be', { schedule: Cron.schedule({ minute: '0', hour: '24' }) },
      "'schedule' must have a hour from 0 to 23, as a value, list, range or step, got '0 24 * * *'"],
  ];
  test.each(issued)('refuses %s', (_, options, message) => {
    expect(() => DaemonTls.selfIssued(options)).toThrow(new Error(message));
    expect(() => DaemonTls.certManager(options)).toThrow(new Error(message));
  });

  test('refuses an issuer that cannot exist', () => {
    expect(() => DaemonTls.certManager({ caIssuer: { name: 'A' } })).toThrow(new Error(`'caIssuer.name' ${SUBDOMAIN}, got 'A'`));
    expect(() => DaemonTls.certManager({ caIssuer: { name: 'ca', kind: 'AWSPCAIssuer' } })).toThrow(new Error(
      "'caIssuer.kind' must be 'Issuer' or 'ClusterIssuer', got 'AWSPCAIssuer'",
    ));
  });
});

describe('TLS with Secrets that exist', () => {
  test('issues nothing', () => {
    const made = cache(DaemonTls.existingSecrets(SECRETS));

    expect(made.tlsIssuer).toBeUndefined();
    expect(manifestsBelow(made).map(({ kind }) => kind)).not.toContain('Secret');
  });

  test('maps keys of other names', () => {
    const keys = { ca: 'ca.crt', certificate: 'tls.crt', privateKey: 'tls.key' };

    expect(volumeWith(keys).secret.items).toEqual([{ key: 'ca.crt', path: 'ca.pem' }, { key: 'tls.crt', path: 'cert.pem' }, { key: 'tls.key', path: 'key.pem' }]);
    expect(new DindService(newChart(), 'docker', { tls: DaemonTls.existingSecrets({ ...SECRETS, keys }) }).endpoint.clientSecretItems)
      .toEqual({ 'ca.crt': 'ca.pem', 'tls.crt': 'cert.pem', 'tls.key': 'key.pem' });
  });

  test.each<[string, Partial<ExistingTlsSecretsOptions>, string]>([
    ['a Secret of the server that cannot exist', { serverSecretName: '' }, `'serverSecretName' ${SUBDOMAIN}, got ''`],
    ['a Secret of the client that cannot exist', { clientSecretName: 'A' }, `'clientSecretName' ${SUBDOMAIN}, got 'A'`],
    ['one Secret for both', { clientSecretName: 'server-tls' },
      "'clientSecretName' must not be the server's Secret, got 'server-tls'; a job that holds the server's key can pose as the daemon"],
    ['one key for two files', { keys: { ca: 'x', certificate: 'x' } }, "'keys' must be three different ones, got {\"ca\":\"x\",\"certificate\":\"x\",\"privateKey\":\"key.pem\"}"],
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
    expect(container.env).toEqual(expect.arrayContaining([{ name: 'DOCKER_TLS_CERTDIR', value: '' }, { name: 'API_PORT', value: '2375' }]));
    expect(container.volumeMounts.map(({ mountPath }) => mountPath)).toEqual(['/var/lib/docker', '/etc/dind-cache']);
  });

  test('gives clients the address and nothing of TLS', () => {
    const { endpoint } = new DindService(newChart(), 'docker', { tls });

    expect(endpoint).toMatchObject({ host: 'docker.ci.svc', port: 2375, dockerHost: 'tcp://docker.ci.svc:2375' });
    expect(JSON.stringify(endpoint.environment)).not.toMatch(/TLS|CERT/);
    const { env, volumeMounts } = containerOf(new PruneCronJob(newChart(), 'prune', { ...pruneProps(newChart()), endpoint }));
    expect(JSON.stringify([env, volumeMounts])).not.toMatch(/cert|tls/i);
  });

  test('issues nothing', () => {
    expect(cache(tls).tlsIssuer).toBeUndefined();
  });

  test('is warned of', () => {
    expect(standardErrorOf(() => Testing.synth(Chart.of(cache(tls))))).toBe('[Warning at chart/docker/Deployment] without TLS whoever reaches the port '
      + 'is root on the builder node, and any RUN step of any build reaches it from inside (plaintext)\n');
  });
});

function serverNames(tls: DaemonTls): string {
  return podSpecOf(cache(tls).tlsIssuer!).initContainers[0].env.find(({ name }) => name === 'SERVER_NAMES')!.value as string;
}

function scheduleOf(tls: DaemonTls): string {
  return manifestsBelow(cache(tls).tlsIssuer!).find(({ kind }) => kind === 'CronJob')!.spec.schedule as string;
}

describeDefaults('IssuedTlsOptions', [
  ['clusterDomain', "'cluster.local'", () => {
    expect(serverNames(DaemonTls.selfIssued())).toContain('DNS:docker.ci.svc.cluster.local,');
    expect(serverNames(DaemonTls.selfIssued({ clusterDomain: 'example.com' }))).toContain('DNS:docker.ci.svc.example.com,');
  }],
  ['additionalServerNames', '- none', () => {
    expect(serverNames(DaemonTls.selfIssued())).toBe('DNS:docker,DNS:docker.ci,DNS:docker.ci.svc,DNS:docker.ci.svc.cluster.local,DNS:localhost');
    expect(serverNames(DaemonTls.selfIssued({ additionalServerNames: ['docker.example.com'] }))).toMatch(/,DNS:docker\.example\.com$/);
  }],
  ['clientSecretName', "- the cache's name and '-client-tls'", () => {
    expect(cache(DaemonTls.selfIssued()).endpoint.clientSecretName).toBe('docker-client-tls');
    expect(cache(DaemonTls.certManager({ clientSecretName: 'given' })).endpoint.clientSecretName).toBe('given');
  }],
  ['schedule', "Cron.schedule({ minute: '17', hour: '3' })", () => {
    expect(scheduleOf(DaemonTls.selfIssued())).toBe('17 3 * * *');
    expect(scheduleOf(DaemonTls.certManager({ schedule: Cron.hourly() }))).toBe('0 * * * *');
  }],
]);

function issuersOf(tls: DaemonTls): Manifest[] {
  return manifestsBelow(cache(tls)).filter(({ kind }) => kind === 'Certificate').map(({ spec }) => spec.issuerRef as Manifest);
}

describeDefaults('CertManagerIssuer', [
  ['kind', "'Issuer'", () => issuersOf(DaemonTls.certManager({ caIssuer: { name: 'company' } })).forEach(issuer => expect(issuer.kind).toBe('Issuer'))],
]);

describeDefaults('CertManagerTlsOptions', [
  ['caIssuer', "- a CA of the cache's own", () => {
    expect(issuersOf(DaemonTls.certManager()).map(({ name }) => name as string)).toEqual(['docker-tls-bootstrap', ...Array(3).fill('docker-tls-ca')]);
  }],
]);

describeDefaults('CertificateKeys', [
  ['ca', "'ca.pem'", () => expect(volumeWith({ certificate: 'x' }).secret.items[0]).toEqual({ key: 'ca.pem', path: 'ca.pem' })],
  ['certificate', "'cert.pem'", () => expect(volumeWith({ ca: 'x' }).secret.items[1]).toEqual({ key: 'cert.pem', path: 'cert.pem' })],
  ['privateKey', "'key.pem'", () => expect(volumeWith({ ca: 'x' }).secret.items[2]).toEqual({ key: 'key.pem', path: 'key.pem' })],
]);

describeDefaults('ExistingTlsSecretsOptions', [
  ['keys', '- ca.pem, cert.pem and key.pem, as Docker names them', () => {
    expect(volumeWith().secret.items).toMatchObject([{ key: 'ca.pem' }, { key: 'cert.pem' }, { key: 'key.pem' }]);
  }],
]);
