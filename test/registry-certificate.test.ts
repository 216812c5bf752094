import { DaemonConfig, DindConfig, DindDeployment, RegistryCertificate } from '../src';
import { daemonProps, newChart, podSpecOf } from './fixtures';

const PEM = '-----BEGIN CERTIFICATE-----\nMA==\n-----END CERTIFICATE-----\n';

describe("a registry's certificate", () => {
  test.each([
    ['a text', RegistryCertificate.fromPem('registry.example.com:5000', PEM)],
    ['a ConfigMap', RegistryCertificate.fromConfigMap('registry.example.com:5000', 'company-ca')],
    ['a Secret', RegistryCertificate.fromSecret('registry.example.com:5000', 'company-ca')],
  ])('that stands in %s knows its registry', (_, certificate) => {
    expect(certificate.registry).toBe('registry.example.com:5000');
  });

  test('stands under the key ca.crt unless told otherwise', () => {
    const chart = newChart();
    const registryCertificates = [RegistryCertificate.fromConfigMap('a', 'ca'), RegistryCertificate.fromSecret('b', 'ca')];
    const config = new DindConfig(chart, 'trusting', { daemonConfig: DaemonConfig.of({ registryCertificates }) });
    const { volumes } = podSpecOf(new DindDeployment(chart, 'docker', { ...daemonProps(chart), config }));

    expect(volumes.find(({ projected }) => projected)!.projected.sources).toEqual([
      { configMap: { name: 'ca', items: [{ key: 'ca.crt', path: 'a/ca-0.crt' }] } }, { secret: { name: 'ca', items: [{ key: 'ca.crt', path: 'b/ca-1.crt' }] } },
    ]);
  });

  const subdomain = "must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit";
  const host = "'registry' must be a host with an optional port";
  test.each<[string, () => RegistryCertificate, string]>([
    ['a URL', () => RegistryCertificate.fromConfigMap('https://registry.example.com', 'ca'), `${host}, got 'https://registry.example.com'; leave scheme and path out`],
    ['a path out of the folder', () => RegistryCertificate.fromPem('../registry', PEM), `${host}, got '../registry'; leave scheme and path out`],
    ['a text that is no certificate', () => RegistryCertificate.fromPem('registry', 'MIIB'), "'pem' must begin with -----BEGIN CERTIFICATE-----, got 'MIIB'"],
    ['a key beside the certificate, and does not show it', () => RegistryCertificate.fromPem('registry', `${PEM}-----BEGIN PRIVATE KEY-----\nsecret\n`),
      "'pem' must not hold a private key, got '-----BEGIN … PRIVATE KEY-----'; a CA is trusted by its certificate alone"],
    ['a ConfigMap that cannot exist', () => RegistryCertificate.fromConfigMap('registry', 'A'), `'configMapName' ${subdomain}, got 'A'`],
    ['a Secret that cannot exist', () => RegistryCertificate.fromSecret('registry', 'A'), `'secretName' ${subdomain}, got 'A'`],
    ['a key that no object has', () => RegistryCertificate.fromSecret('registry', 'ca', 'a/b'), "'key' must consist of letters, digits, '-', '_' and '.', got 'a/b'"],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });

  test('shows no more of a wrong text than its beginning', () => {
    expect(() => RegistryCertificate.fromPem('registry', 'x'.repeat(1000))).toThrow(new Error(
      `'pem' must begin with -----BEGIN CERTIFICATE-----, got '${'x'.repeat(30)}'`,
    ));
  });
});
