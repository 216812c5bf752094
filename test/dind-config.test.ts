import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Size } from 'cdk8s';
import { DaemonConfig, DindConfig, DindConfigProps, DindDeployment, DockerImages, GcPolicy, RegistryCertificate } from '../src';
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

    const scripts = ['activity.sh', 'alive.sh', 'drain.sh', 'issue.sh', 'prune.sh', 'publish.sh', 'start.sh'];

    expect(Object.keys(data)).toEqual(expect.arrayContaining(['daemon.json', ...scripts]));
    expect(Object.keys(data)).toHaveLength(1 + scripts.length);
    scripts.forEach(name => expect(data[name]).toBe(source(name)));
    expect(JSON.parse(data['daemon.json'])).toEqual(DaemonConfig.of().toJson());
  });

  test('holds a daemon.json that one can read', () => {
    expect(manifestOf(config({ daemonConfig: DaemonConfig.of({ logDriver: 'local' }) })).data['daemon.json']).toBe([
      '{', '  "features": {', '    "containerd-snapshotter": false', '  },', '  "log-driver": "local",', '  "shutdown-timeout": 15', '}', '',
    ].join('\n'));
  });

  test('holds a collection that is sized from the volume, for the version of Docker', () => {
    const gc = (props: DindConfigProps): unknown => JSON.parse(manifestOf(config({ capacity: Size.gibibytes(100), ...props })).data['daemon.json']).builder.gc;

    expect(gc({ gcPolicy: GcPolicy.custom([{ maxUsedSpace: Size.gibibytes(40) }]) })).toEqual({ enabled: true, policy: [{ maxUsedSpace: '40960MiB' }] });
    expect(gc({ images: DockerImages.official({ version: '27.5.1' }) })).toMatchObject({ policy: [{}, {}, { keepStorage: '40960MiB' }, {}] });
  });

  test('has a digest that follows what the daemon reads, and nothing else', () => {
    const plain = config();

    expect(plain.digest).toMatch(/^[0-9a-f]{10}$/);
    expect(config({ name: 'other', labels: { team: 'web' } }).digest).toBe(plain.digest);
    expect(config({ daemonConfig: DaemonConfig.of({ mtu: 1400 }) }).digest).not.toBe(plain.digest);
    expect(config({ capacity: Size.gibibytes(100) }).digest).not.toBe(plain.digest);
    expect(config({ daemonConfig: DaemonConfig.of({ registryCertificates: [RegistryCertificate.fromPem('registry.example.com', PEM)] }) }).digest)
      .not.toBe(plain.digest);
  });

  test('carries certificates that are given as text, and no others', () => {
    const registryCertificates = [RegistryCertificate.fromSecret('a.example.com', 'ca'), RegistryCertificate.fromPem('b.example.com', PEM)];
    const { data } = manifestOf(config({ daemonConfig: DaemonConfig.of({ registryCertificates }) }));

    expect(Object.keys(data).filter(name => name.endsWith('.crt'))).toEqual(['registry-ca-1.crt']);
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
  ['capacity', '- the daemon collects as it does by default', () => expect(JSON.parse(manifestOf(config()).data['daemon.json'])).not.toHaveProperty('builder')],
  ['gcPolicy', 'GcPolicy.shares()', () => {
    const capacity = Size.gibibytes(100);

    expect(config({ capacity }).digest).toBe(config({ capacity, gcPolicy: GcPolicy.shares() }).digest);
  }],
  ['images', 'DockerImages.official()', () => {
    const capacity = Size.gibibytes(100);

    expect(config({ capacity }).digest).toBe(config({ capacity, images: DockerImages.official() }).digest);
  }],
]);
