import { createPrivateKey, X509Certificate } from 'node:crypto';
import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { dockerVersionsUnderTest } from '../harness/docker/versions';
import { synthesizeCache } from './support/cache-under-test';
import { issue, IssuedDocuments, SecretData, stateSecret, without } from './support/issued-documents';

const DAY = 86_400_000;
const [SERVER_AUTH, CLIENT_AUTH] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'];

describe.each(dockerVersionsUnderTest())('the issuer on docker:%s-dind', version => {
  const cache = synthesizeCache({ version });
  const [server, client] = [`${cache.name}-server-tls`, `${cache.name}-client-tls`];
  const secrets = [`dind-cache/${stateSecret(cache)}`, `dind-cache/${server}`, `dind-cache/${client}`, `gitlab-runner/${client}`];
  let outer: OuterDaemon;
  let first: IssuedDocuments;
  let state: SecretData;

  const stateOf = (documents: IssuedDocuments): SecretData => documents.data(cache.namespace, stateSecret(cache));
  const issueAfter = (issuerEnvironment: Record<string, string>, before: SecretData = state, clientNamespaces?: string[]): Promise<IssuedDocuments> =>
    issue(outer, synthesizeCache({ version, issuerEnvironment, clientNamespaces }), before);

  beforeAll(async () => {
    outer = await startOuterDaemon();
    first = await issue(outer, cache);
    state = stateOf(first);
  });

  afterAll(async () => {
    await outer?.release();
  });

  test('writes one document for each Secret that its Role names, as a user without rights', () => {
    expect([...first.patches.keys()]).toEqual(secrets);
    expect([...first.owners]).toEqual([65532]);
  });

  test('each document sets all data of a Secret, with the keys that Docker reads, and nothing else', () => {
    for (const [secret, text] of first.patches) {
      const [{ value, ...rest }, ...others] = JSON.parse(text) as [{ value: Record<string, string> }];
      expect([rest, others]).toEqual([{ op: 'add', path: '/data' }, []]);
      expect(Object.values(value).every(each => /^[A-Za-z0-9+/]+=*$/.test(each))).toBe(true);
      if (secret !== secrets[0]) expect(Object.keys(value)).toEqual(['ca.pem', 'cert.pem', 'key.pem']);
    }
  });

  test('the key of the CA stands in the state and nowhere else', () => {
    const key = state['ca-key.pem'].toString('base64');
    expect([...first.patches].filter(([, text]) => text.includes(key)).map(([secret]) => secret)).toEqual([secrets[0]]);
  });

  test('the CA is ECDSA P-256, valid for ten years, and signs itself', () => {
    const ca = new X509Certificate(state['ca.pem']);
    expect(ca.publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1');
    expect([ca.ca, ca.verify(ca.publicKey), days(ca)]).toEqual([true, true, 3650]);
  });

  test("the server's certificate is for serverAuth alone and valid for a year, by every name of the Service", () => {
    const certificate = first.certificate('dind-cache', server);
    expect([certificate.keyUsage, days(certificate), certificate.ca]).toEqual([[SERVER_AUTH], 365, false]);
    expect(certificate.subjectAltName?.split(', ')).toEqual([
      'DNS:docker-dind', 'DNS:docker-dind.dind-cache', 'DNS:docker-dind.dind-cache.svc', 'DNS:docker-dind.dind-cache.svc.cluster.local', 'DNS:localhost',
    ]);
  });

  test("each namespace has a client's certificate of its own, for clientAuth alone", () => {
    const certificates = ['dind-cache', 'gitlab-runner'].map(namespace => first.certificate(namespace, client));
    expect(certificates.map(({ keyUsage, subject, ca }) => [keyUsage, subject, ca])).toEqual([
      [[CLIENT_AUTH], 'CN=client-dind-cache', false], [[CLIENT_AUTH], 'CN=client-gitlab-runner', false],
    ]);
    expect(certificates[0].publicKey.equals(certificates[1].publicKey)).toBe(false);
  });

  test('every certificate is of the CA that stands beside it, and its key belongs to it', () => {
    const ca = new X509Certificate(state['ca.pem']);
    for (const [namespace, name] of [['dind-cache', server], ['dind-cache', client], ['gitlab-runner', client]]) {
      const data = first.data(namespace, name);
      expect(data['ca.pem']).toEqual(state['ca.pem']);
      expect(first.certificate(namespace, name).verify(ca.publicKey)).toBe(true);
      expect(first.certificate(namespace, name).checkPrivateKey(createPrivateKey(data['key.pem']))).toBe(true);
    }
  });

  test('a run with nothing to do writes the same bytes, so an emptied copy is filled again', async () => {
    expect([...(await issue(outer, cache, state)).patches]).toEqual([...first.patches]);
  });

  test("a new client's namespace gets a certificate, and nothing else changes", async () => {
    const after = await issueAfter({}, state, ['gitlab-runner', 'tekton']);
    expect([...after.patches.keys()]).toEqual([...secrets, `tekton/${client}`]);
    expect(after.certificate('tekton', client).subject).toBe('CN=client-tekton');
    expect(stateOf(after)).toMatchObject(state);
    for (const secret of secrets.slice(1)) expect(after.patches.get(secret)).toBe(first.patches.get(secret));
  });

  test("the certificate of a namespace that is no client's any more goes from the state", async () => {
    const after = stateOf(await issueAfter({}, state, ['tekton']));
    const kept = Object.entries(state).filter(([key]) => !key.startsWith('client-gitlab-runner-'));
    expect(Object.keys(after)).toEqual([...kept.map(([key]) => key), ...['cert.pem', 'key.pem', 'request'].map(key => `client-tekton-${key}`)].sort());
    expect(after).toMatchObject(Object.fromEntries(kept));
  });

  test('a certificate is renewed in the last third of its life and not before', async () => {
    const young = await issueAfter({ DAYS: '1080' });
    expect(young.log).toContain('issue: server: kept');
    expect(young.certificate('dind-cache', server).serialNumber).toBe(first.certificate('dind-cache', server).serialNumber);

    const old = await issueAfter({ DAYS: '1110' });
    expect(old.log).toContain('issue: server: new certificate');
    expect(old.certificate('dind-cache', server).serialNumber).not.toBe(first.certificate('dind-cache', server).serialNumber);
    expect(days(old.certificate('gitlab-runner', client))).toBe(1110);
    expect(stateOf(old)['ca.pem']).toEqual(state['ca.pem']);
  });

  test('a CA in the last third of its life is replaced with all that it has issued', async () => {
    const after = await issueAfter({ CA_DAYS: '11000' });
    const ca = new X509Certificate(stateOf(after)['ca.pem']);
    expect(ca.fingerprint256).not.toBe(new X509Certificate(state['ca.pem']).fingerprint256);
    for (const [namespace, name] of [['dind-cache', server], ['gitlab-runner', client]]) {
      expect(after.certificate(namespace, name).verify(ca.publicKey)).toBe(true);
    }
  });

  test.each(['server-cert.pem', 'server-key.pem', 'server-request', 'ca-key.pem', 'ca.pem'])('a state that has lost its %s is made whole', async lost => {
    const after = await issue(outer, cache, without(state, lost));
    const data = after.data('dind-cache', server);
    expect(after.certificate('dind-cache', server).verify(new X509Certificate(stateOf(after)['ca.pem']).publicKey)).toBe(true);
    expect(after.certificate('dind-cache', server).checkPrivateKey(createPrivateKey(data['key.pem']))).toBe(true);
    expect(Object.keys(stateOf(after))).toEqual(Object.keys(state));
  });
});

function days({ validFrom, validTo }: X509Certificate): number {
  return (Date.parse(validTo) - Date.parse(validFrom)) / DAY;
}
