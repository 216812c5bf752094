import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { Duration } from 'cdk8s';
import { DaemonTls, DindEndpoint, DindService, DindServiceProps } from '../src';
import { manifestOf, mutualTls, newChart } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

function service(props: Partial<DindServiceProps> = {}, id = 'docker'): DindService {
  return new DindService(newChart(), id, { tls: mutualTls(), ...props });
}

function endpoint(tls: DaemonTls): DindEndpoint {
  return service({ tls }).endpoint;
}

describe('the Service of the daemon', () => {
  test("leads to the daemon's pod alone, by the name of its port", () => {
    expect(manifestOf(service()).spec).toEqual({
      type: 'ClusterIP',
      selector: { 'app.kubernetes.io/component': 'daemon', 'app.kubernetes.io/instance': 'docker', 'app.kubernetes.io/name': 'dind-cache' },
      ports: [{ name: 'docker', port: 2376, targetPort: 'docker', protocol: 'TCP' }],
    });
  });

  test('tells clients by plain data all that they need', () => {
    expect(endpoint(mutualTls())).toEqual({
      host: 'docker.ci.svc',
      port: 2376,
      dockerHost: 'tcp://docker.ci.svc:2376',
      environment: {
        DOCKER_HOST: 'tcp://docker.ci.svc:2376',
        DOCKER_BUILDKIT: '1',
        DIND_CACHE_WAIT_SECONDS: '660',
        DIND_CACHE_REUSE_CONTEXT: '1',
        DOCKER_TLS_VERIFY: '1',
        DOCKER_CERT_PATH: '/certs/client',
      },
      clientScript: readFileSync(join(__dirname, '../src/scripts/client.sh'), 'utf8'),
      clientSecretName: 'client-tls',
      clientSecretItems: { 'ca.pem': 'ca.pem', 'cert.pem': 'cert.pem', 'key.pem': 'key.pem' },
      certificateMountPath: '/certs/client',
    });
  });

  test('has clients wait a minute longer than the daemon', () => {
    expect(service({ drainTimeout: Duration.seconds(30) }).endpoint.environment.DIND_CACHE_WAIT_SECONDS).toBe('90');
    expect(() => service({ drainTimeout: Duration.millis(500) })).toThrow(new Error("'drainTimeout' must be a whole number of seconds, got 500 millis"));
  });

  test("has clients send the whole context where a file's time does not tell its change", () => {
    expect(service({ reuseContext: false }).endpoint.environment.DIND_CACHE_REUSE_CONTEXT).toBe('0');
  });

  test('is found under the name that it is given', () => {
    const named = service({ name: 'builds', instance: 'cache' });

    expect(named.endpoint.host).toBe('builds.ci.svc');
    expect(manifestOf(named).spec.selector['app.kubernetes.io/instance']).toBe('cache');
  });

  test.each([
    ['Docker', "'name' must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit, got 'Docker'"],
    ['docker.dind', "'name' must consist of lower-case letters, digits and '-', and begin and end with a letter or digit, got 'docker.dind'"],
    ['1docker', "'name' must begin with a letter, as the names of Services do, got '1docker'"],
  ])('cannot be named %s', (name, message) => {
    expect(() => service({}, name)).toThrow(new Error(message));
  });
});

describeDefaults('DindServiceProps', [
  ['drainTimeout', 'Duration.minutes(10)', () => expect(service().endpoint.environment.DIND_CACHE_WAIT_SECONDS).toBe('660')],
  ['reuseContext', 'true', () => expect(service().endpoint.environment.DIND_CACHE_REUSE_CONTEXT).toBe('1')],
]);

describeDefaults('DindEndpoint', [
  ['clientSecretName', '- none, the daemon listens without TLS', () => expect(endpoint(DaemonTls.plaintext())).not.toHaveProperty('clientSecretName')],
  ['clientSecretItems', '- none, the daemon listens without TLS', () => expect(endpoint(DaemonTls.plaintext())).not.toHaveProperty('clientSecretItems')],
  ['certificateMountPath', '- none, the daemon listens without TLS', () => expect(endpoint(DaemonTls.plaintext())).not.toHaveProperty('certificateMountPath')],
]);
