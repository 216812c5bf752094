import { createPrivateKey, X509Certificate } from 'node:crypto';
import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { dockerVersionsUnderTest } from '../harness/docker/versions';
import { CACHE_NAMESPACE, CLIENT_NAMESPACE, CLIENT_SECRET, SERVER_SECRET, STATE_SECRET } from './support/cache-daemon';
import { issue, IssueProps } from './support/issue';
import { IssuedDocuments, SecretData, without } from './support/issued-documents';

const DAY = 86_400_000;
const [SERVER_AUTH, CLIENT_AUTH] = ['1.3.6.1.5.5.7.3.1', '1.3.6.1.5.5.7.3.2'];

describe.each(dockerVersionsUnderTest())('the issuer on docker:%s-dind', version => {
  const secrets = [
    `${CACHE_NAMESPACE}/${STATE_SECRET}`, `${CACHE_NAMESPACE}/${SERVER_SECRET}`, `${CACHE_NAMESPACE}/${CLIENT_SECRET}`, `${CLIENT_NAMESPACE}/${CLIENT_SECRET}`,
  ];
  let outer: OuterDaemon;
  let first: IssuedDocuments;
  let state: SecretData;

  const stateOf = (documents: IssuedDocuments): SecretData => documents.data(CACHE_NAMESPACE, STATE_SECRET);
  const issueAgain = (props: Omit<IssueProps, 'version'> = {}): Promise<IssuedDocuments> => issue(outer, { version, state, ...props });

  beforeAll(async () => {
    outer = await startOuterDaemon();
    first = await issue(outer, { version });
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
    const certificate = first.certificate(CACHE_NAMESPACE, SERVER_SECRET);
    expect([certificate.keyUsage, days(certificate), certificate.ca]).toEqual([[SERVER_AUTH], 365, false]);
    expect(certificate.subjectAltName?.split(', ')).toEqual([
      'DNS:docker-dind', 'DNS:docker-dind.dind-cache', 'DNS:docker-dind.dind-cache.svc', 'DNS:docker-dind.dind-cache.svc.cluster.local', 'DNS:localhost',
    ]);
  });

  test("each namespace has a client's certificate of its own, for clientAuth alone", () => {
    const certificates = [CACHE_NAMESPACE, CLIENT_NAMESPACE].map(namespace => first.certificate(namespace, CLIENT_SECRET));
    expect(certificates.map(({ keyUsage, subject, ca }) => [keyUsage, subject, ca])).toEqual([
      [[CLIENT_AUTH], 'CN=client-dind-cache', false], [[CLIENT_AUTH], 'CN=client-gitlab-runner', false],
    ]);
    expect(certificates[0].publicKey.equals(certificates[1].publicKey)).toBe(false);
  });

  test('every certificate is of the CA that stands beside it, and its key belongs to it', () => {
    const ca = new X509Certificate(state['ca.pem']);
    for (const [namespace, name] of [[CACHE_NAMESPACE, SERVER_SECRET], [CACHE_NAMESPACE, CLIENT_SECRET], [CLIENT_NAMESPACE, CLIENT_SECRET]]) {
      const data = first.data(namespace, name);
      expect(data['ca.pem']).toEqual(state['ca.pem']);
      expect(first.certificate(namespace, name).verify(ca.publicKey)).toBe(true);
      expect(first.certificate(namespace, name).checkPrivateKey(createPrivateKey(data['key.pem']))).toBe(true);
    }
  });

  test('a run with nothing to do writes the same bytes, so an emptied copy is filled again', async () => {
    expect([...(await issueAgain()).patches]).toEqual([...first.patches]);
  });

  test("a new client's namespace gets a certificate, and nothing else changes", async () => {
    const after = await issueAgain({ clientNamespaces: [CLIENT_NAMESPACE, 'tekton'] });
    expect([...after.patches.keys()]).toEqual([...secrets, `tekton/${CLIENT_SECRET}`]);
    expect(after.certificate('tekton', CLIENT_SECRET).subject).toBe('CN=client-tekton');
    expect(stateOf(after)).toMatchObject(state);
    for (const secret of secrets.slice(1)) expect(after.patches.get(secret)).toBe(first.patches.get(secret));
  });

  test("the certificate of a namespace that is no client's any more goes from the state", async () => {
    const after = stateOf(await issueAgain({ clientNamespaces: ['tekton'] }));
    const kept = Object.entries(state).filter(([key]) => !key.startsWith('client-gitlab-runner-'));
    expect(Object.keys(after)).toEqual([...kept.map(([key]) => key), ...['cert.pem', 'key.pem', 'request'].map(key => `client-tekton-${key}`)].sort());
    expect(after).toMatchObject(Object.fromEntries(kept));
  });

  test('a certificate is renewed in the last third of its life and not before', async () => {
    const young = await issueAgain({ environment: { DAYS: '1080' } });
    expect(young.log).toContain('issue: server: kept');
    expect(young.certificate(CACHE_NAMESPACE, SERVER_SECRET).serialNumber).toBe(first.certificate(CACHE_NAMESPACE, SERVER_SECRET).serialNumber);

    const old = await issueAgain({ environment: { DAYS: '1110' } });
    expect(old.log).toContain('issue: server: new certificate');
    expect(old.certificate(CACHE_NAMESPACE, SERVER_SECRET).serialNumber).not.toBe(first.certificate(CACHE_NAMESPACE, SERVER_SECRET).serialNumber);
    expect(days(old.certificate(CLIENT_NAMESPACE, CLIENT_SECRET))).toBe(1110);
    expect(stateOf(old)['ca.pem']).toEqual(state['ca.pem']);
  });

  test('a CA in the last third of its life is replaced with all that it has issued', async () => {
    const after = await issueAgain({ environment: { CA_DAYS: '11000' } });
    const ca = new X509Certificate(stateOf(after)['ca.pem']);
    expect(ca.fingerprint256).not.toBe(new X509Certificate(state['ca.pem']).fingerprint256);
    for (const [namespace, name] of [[CACHE_NAMESPACE, SERVER_SECRET], [CLIENT_NAMESPACE, CLIENT_SECRET]]) {
      expect(after.certificate(namespace, name).verify(ca.publicKey)).toBe(true);
    }
  });

  test.each(['server-cert.pem', 'server-key.pem', 'server-request', 'ca-key.pem', 'ca.pem'])('a state that has lost its %s is made whole', async lost => {
    const after = await issueAgain({ state: without(state, lost) });
    const data = after.data(CACHE_NAMESPACE, SERVER_SECRET);
    expect(after.certificate(CACHE_NAMESPACE, SERVER_SECRET).verify(new X509Certificate(stateOf(after)['ca.pem']).publicKey)).toBe(true);
    expect(after.certificate(CACHE_NAMESPACE, SERVER_SECRET).checkPrivateKey(createPrivateKey(data['key.pem']))).toBe(true);
    expect(Object.keys(stateOf(after))).toEqual(Object.keys(state));
  });
});

function days({ validFrom, validTo }: X509Certificate): number {
  return (Date.parse(validTo) - Date.parse(validFrom)) / DAY;
}
