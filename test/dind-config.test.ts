import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { DaemonConfig, DindConfig, DindConfigProps, DindDeployment, RegistryCertificate } from '../src';
import { containerOf, daemonProps, manifestOf, newChart, podSpecOf } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

const PEM = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';

function config(props?: DindConfigProps): DindConfig {
  return new DindConfig(newChart(), 'config', props);
}

function trusting(...registryCertificates: RegistryCertificate[]): DindDeployment {
  const chart = newChart();
  const made = new DindConfig(chart, 'trusting', { daemonConfig: DaemonConfig.of({ registryCertificates }) });
  return new DindDeployment(chart, 'docker', { ...daemonProps(chart), config: made });
}

describe('the ConfigMap of the daemon', () => {
  test('holds daemon.json and the scripts as they stand in the source', () => {
    const source = (name: string): string => readFileSync(join(__dirname, '../src/scripts', name), 'utf8');
    const { data } = manifestOf(config());

    expect(Object.keys(data)).toEqual(['daemon.json', 'prune.sh', 'start.sh']);
    expect(data['prune.sh']).toBe(source('prune.sh'));
    expect(data['start.sh']).toBe(source('start.sh'));
    expect(JSON.parse(data['daemon.json'])).toEqual(DaemonConfig.of().toJson());
  });

  test('holds a daemon.json that one can read', () => {
    expect(manifestOf(config({ daemonConfig: DaemonConfig.of({ logDriver: 'local' }) })).data['daemon.json']).toBe([
      '{', '  "features": {', '    "containerd-snapshotter": false', '  },', '  "log-driver": "local",', '  "shutdown-timeout": 15', '}', '',
    ].join('\n'));
  });

  test('has a digest that follows what the daemon reads, and nothing else', () => {
    const plain = config();

    expect(plain.digest).toMatch(/^[0-9a-f]{10}$/);
    expect(config({ name: 'other', labels: { team: 'web' } }).digest).toBe(plain.digest);
    expect(config({ daemonConfig: DaemonConfig.of({ mtu: 1400 }) }).digest).not.toBe(plain.digest);
    expect(config({ daemonConfig: DaemonConfig.of({ registryCertificates: [RegistryCertificate.fromPem('registry.example.com', PEM)] }) }).digest)
      .not.toBe(plain.digest);
  });

  test('carries certificates that are given as text, and no others', () => {
    const registryCertificates = [RegistryCertificate.fromSecret('a.example.com', 'ca'), RegistryCertificate.fromPem('b.example.com', PEM)];
    const { data } = manifestOf(config({ daemonConfig: DaemonConfig.of({ registryCertificates }) }));

    expect(Object.keys(data)).toEqual(['daemon.json', 'prune.sh', 'registry-ca-1.crt', 'start.sh']);
    expect(data['registry-ca-1.crt']).toBe(PEM);
  });
});

describe('the certificates of registries', () => {
  test('are mounted where dockerd looks for them, each from its place', () => {
    const daemon = trusting(
      RegistryCertificate.fromPem('a.example.com:5000', PEM),
      RegistryCertificate.fromConfigMap('b.example.com', 'company-ca'),
      RegistryCertificate.fromSecret('b.example.com', 'other-ca', 'root.pem'),
    );

    expect(podSpecOf(daemon).volumes).toContainEqual({
      name: 'registry-certificates',
      projected: {
        sources: [
          { configMap: { name: 'trusting', items: [{ key: 'registry-ca-0.crt', path: 'a.example.com:5000/ca-0.crt' }] } },
          { configMap: { name: 'company-ca', items: [{ key: 'ca.crt', path: 'b.example.com/ca-1.crt' }] } },
          { secret: { name: 'other-ca', items: [{ key: 'root.pem', path: 'b.example.com/ca-2.crt' }] } },
        ],
      },
    });
    expect(containerOf(daemon).volumeMounts).toContainEqual({ name: 'registry-certificates', mountPath: '/etc/docker/certs.d', readOnly: true });
  });

  test('leave no volume behind where there are none', () => {
    expect(podSpecOf(trusting()).volumes.map(({ name }) => name)).toEqual(['data', 'config', 'server-tls']);
  });
});

describeDefaults('DindConfigProps', [
  ['daemonConfig', 'DaemonConfig.of()', () => {
    expect(manifestOf(config()).data['daemon.json']).toBe(manifestOf(config({ daemonConfig: DaemonConfig.of() })).data['daemon.json']);
  }],
]);
