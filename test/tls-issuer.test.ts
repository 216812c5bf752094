import { BuilderNode, DaemonTls, DockerImages, TlsIssuer, TlsIssuerProps } from '../src';
import { Container, identities, issuerProps, manifestOf, manifestsBelow, mutualTls, newChart, podSpecOf } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

function issuer(props: Partial<TlsIssuerProps> = {}): TlsIssuer {
  const chart = newChart();
  return new TlsIssuer(chart, 'docker-tls', { ...issuerProps(chart), instance: 'docker', clientNamespaces: ['gitlab-runner'], ...props });
}

/** The container that fills the folders. */
function scriptContainer(props: Partial<TlsIssuerProps> = {}): Container {
  return podSpecOf(issuer(props)).initContainers[0];
}

function settings(props: Partial<TlsIssuerProps> = {}): { readonly [name: string]: string } {
  return Object.fromEntries(scriptContainer(props).env.map(({ name, value }) => [name, value]));
}

describe('the issuer of self-issued certificates', () => {
  test('has Secrets for its state, the daemon and the clients of each namespace, its own among them', () => {
    expect(manifestsBelow(issuer()).filter(({ kind }) => kind === 'Secret').map(({ metadata }) => `${metadata.namespace}/${metadata.name}`)).toEqual([
      'ci/docker-tls-state', 'ci/docker-server-tls', 'ci/docker-client-tls', 'gitlab-runner/docker-client-tls',
    ]);
    expect(issuer().clientNamespaces).toEqual(['ci', 'gitlab-runner']);
  });

  test('issues for the names of the Service, then publishes each folder as a Secret', () => {
    expect(settings({ tls: DaemonTls.selfIssued({ clusterDomain: 'example.com', additionalServerNames: ['docker.example.com', 'docker'] }) })).toEqual({
      STATE_SECRET: '/state',
      ISSUED: '/issued',
      SERVER_NAMES: 'DNS:docker,DNS:docker.ci,DNS:docker.ci.svc,DNS:docker.ci.svc.example.com,DNS:localhost,DNS:docker.example.com',
      CLIENT_NAMESPACES: 'ci gitlab-runner',
      COPIES: [
        '/issued/state ci docker-tls-state', '/issued/server ci docker-server-tls',
        '/issued/client-ci ci docker-client-tls', '/issued/client-gitlab-runner gitlab-runner docker-client-tls',
      ].join('\n'),
      DOCUMENTS: '/documents',
    });
    expect(scriptContainer().command).toEqual(['sh', '/etc/dind-cache/issue.sh']);
  });

  test('mounts what it issued before, which is not there at first', () => {
    expect(podSpecOf(issuer()).volumes).toContainEqual({ name: 'state', secret: { secretName: 'docker-tls-state', optional: true } });
    expect(scriptContainer().volumeMounts).toContainEqual({ name: 'state', mountPath: '/state', readOnly: true });
  });

  test('runs the images that it is told to', () => {
    expect(scriptContainer({ images: DockerImages.official({ registryPrefix: 'example.com' }) }).image).toBe(`example.com/${DockerImages.official().daemon}`);
  });

  test('names each namespace once', () => {
    expect(issuer({ clientNamespaces: ['gitlab-runner', 'ci', 'gitlab-runner'] }).clientNamespaces).toEqual(['ci', 'gitlab-runner']);
  });
});

describe('the issuer of certificates by cert-manager', () => {
  const tls = DaemonTls.certManager({ clientSecretName: 'given' });

  test("publishes the clients' copies; the daemon's Secret is cert-manager's own", () => {
    expect(identities(manifestsBelow(issuer({ tls }))).filter(name => /^(Secret|Certificate|Issuer) /.test(name))).toEqual([
      'Issuer docker-tls-bootstrap', 'Certificate docker-tls-ca', 'Issuer docker-tls-ca',
      'Certificate docker-tls-server', 'Certificate docker-tls-client-ci', 'Certificate docker-tls-client-gitlab-runner',
      'Secret given', 'Secret given',
    ]);
    expect(scriptContainer({ tls }).command).toEqual(['sh', '/etc/dind-cache/publish.sh']);
    expect(settings({ tls })).toEqual({ COPIES: '/issued/client-ci ci given\n/issued/client-gitlab-runner gitlab-runner given', DOCUMENTS: '/documents' });
  });

  test('reads the certificate of each namespace under the names that Docker reads', () => {
    const { volumes } = podSpecOf(issuer({ tls }));
    const items = [{ key: 'ca.crt', path: 'ca.pem' }, { key: 'tls.crt', path: 'cert.pem' }, { key: 'tls.key', path: 'key.pem' }];

    expect(volumes).toContainEqual({ name: 'client-1', secret: { secretName: 'docker-tls-client-gitlab-runner', defaultMode: 0o444, items } });
    expect(scriptContainer({ tls }).volumeMounts).toContainEqual({ name: 'client-1', mountPath: '/issued/client-gitlab-runner', readOnly: true });
  });

  test('never sees the key of the CA', () => {
    expect(JSON.stringify(podSpecOf(issuer({ tls })).volumes)).not.toContain('docker-tls-ca');
  });
});

describe('an issuer refuses', () => {
  const others = 'must be DaemonTls.selfIssued() or DaemonTls.certManager()';
  test.each<[string, Partial<TlsIssuerProps>, string]>([
    ['Secrets that exist', { tls: mutualTls() }, `'tls' ${others}, got 'existingSecrets'; nothing is issued for the others`],
    ['plaintext', { tls: DaemonTls.plaintext() }, `'tls' ${others}, got 'plaintext'; nothing is issued for the others`],
    ['a namespace that cannot exist', { clientNamespaces: ['a.b'] },
      "'clientNamespaces' must consist of lower-case letters, digits and '-', and begin and end with a letter or digit, got 'a.b'"],
    ['a name with no room for the digest', { name: 'd'.repeat(53) }, `'name' must have at most 52 characters, got '${'d'.repeat(53)}'`],
  ])('%s', (_, props, message) => {
    expect(() => issuer(props)).toThrow(new Error(message));
  });
});

describeDefaults('TlsIssuerProps', [
  ['clientNamespaces', "- none but the cache's own", () => expect(issuer({ clientNamespaces: undefined }).clientNamespaces).toEqual(['ci'])],
  ['images', 'DockerImages.official()', () => expect(manifestOf(issuer())).toEqual(manifestOf(issuer({ images: DockerImages.official() })))],
  ['builderNode', '- they run anywhere', () => {
    expect(podSpecOf(issuer())).not.toHaveProperty('affinity');
    expect(podSpecOf(issuer({ builderNode: BuilderNode.hostname('node1') }))).toHaveProperty('affinity');
  }],
]);
