import { Chart, Testing } from 'cdk8s';
import { CertManagerIssuer } from '../src';
import { CertManagerCertificates, CertManagerCertificatesProps } from '../src/cert-manager-certificates';
import { Manifest, manifestsBelow, newChart } from './fixtures';
import { standardErrorOf } from './support/captured';
import { describeDefaults } from './support/describe-defaults';

const LONG = 'n'.repeat(63);

function certificates(props: Partial<CertManagerCertificatesProps> = {}): CertManagerCertificates {
  return new CertManagerCertificates(newChart(), 'docker-tls', {
    serverSecretName: 'docker-server-tls', serverNames: ['docker', 'docker.ci.svc'], clientNamespaces: ['gitlab-runner'], ...props,
  });
}

/** The specification of each object, by its kind and name. */
function specs(props: Partial<CertManagerCertificatesProps> = {}): Manifest {
  return Object.fromEntries(manifestsBelow(certificates(props)).map(({ kind, metadata, spec }) => [`${kind} ${metadata.name}`, spec]));
}

function issued(usage: string, others: Manifest): Manifest {
  return {
    duration: '8760h',
    privateKey: { algorithm: 'ECDSA', size: 256, rotationPolicy: 'Always' },
    usages: ['digital signature', usage],
    issuerRef: { name: 'docker-tls-ca', kind: 'Issuer', group: 'cert-manager.io' },
    ...others,
  };
}

describe("cert-manager's objects", () => {
  test("are a CA of the cache's own, from a self-signed start", () => {
    expect(specs()).toMatchObject({
      'Issuer docker-tls-bootstrap': { selfSigned: {} },
      'Issuer docker-tls-ca': { ca: { secretName: 'docker-tls-ca' } },
    });
    expect(specs()['Certificate docker-tls-ca']).toEqual({
      isCA: true,
      commonName: 'dind-cache CA',
      secretName: 'docker-tls-ca',
      duration: '87600h',
      privateKey: { algorithm: 'ECDSA', size: 256 },
      usages: ['cert sign', 'crl sign'],
      issuerRef: { name: 'docker-tls-bootstrap', kind: 'Issuer', group: 'cert-manager.io' },
    });
  });

  test('are a certificate that only a server may use, with its names', () => {
    expect(specs()['Certificate docker-tls-server']).toEqual(
      issued('server auth', { commonName: 'server', dnsNames: ['docker', 'docker.ci.svc'], secretName: 'docker-server-tls' }));
  });

  test('are a certificate for the clients of each namespace that only clients may use', () => {
    const made = specs({ clientNamespaces: ['ci', 'gitlab-runner'] });

    ['ci', 'gitlab-runner'].forEach(namespace => expect(made[`Certificate docker-tls-client-${namespace}`]).toEqual(
      issued('client auth', { commonName: `client-${namespace}`, secretName: `docker-tls-client-${namespace}` })));
  });

  test("stand in the cache's namespace, under the names that are told", () => {
    manifestsBelow(certificates()).forEach(({ metadata }) => expect(metadata.namespace).toBe('ci'));
    expect(certificates().clientSecretName('gitlab-runner')).toBe('docker-tls-client-gitlab-runner');
  });

  test('have common names with room for the longest namespace', () => {
    expect(specs({ clientNamespaces: [LONG] })[`Certificate docker-tls-client-${LONG}`].commonName).toHaveLength(64);
  });
});

describe('a CA that others share', () => {
  test.each<[CertManagerIssuer, string]>([[{ name: 'company' }, 'Issuer'], [{ name: 'company', kind: 'ClusterIssuer' }, 'ClusterIssuer']])('is used with %j', (caIssuer, kind) => {
    expect(Object.keys(specs({ caIssuer }))).toEqual(['Certificate docker-tls-server', 'Certificate docker-tls-client-gitlab-runner']);
    Object.values(specs({ caIssuer })).forEach((spec: Manifest) => expect(spec.issuerRef).toEqual({ name: 'company', kind, group: 'cert-manager.io' }));
  });

  test('is warned of', () => {
    const made = certificates({ caIssuer: { name: 'company', kind: 'ClusterIssuer' } });

    expect(standardErrorOf(() => Testing.synth(Chart.of(made)))).toBe(
      "[Warning at chart/docker-tls] whoever holds a certificate of the CA of ClusterIssuer 'company' is root on the builder node; "
      + "leave 'caIssuer' out for a CA of the cache's own (shared-ca)\n",
    );
  });
});

describeDefaults('CertManagerCertificatesProps', [
  ['caIssuer', "- a CA of the cache's own", () => expect(Object.keys(specs())).toContain('Issuer docker-tls-ca')],
]);
