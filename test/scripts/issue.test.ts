import { X509Certificate } from 'node:crypto';
import { cpSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testUnless } from '../support/conditional-test';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { Environment, runScript, ScriptResult } from './support/run-script';
import { lookUp, NEAREST_SHELL, reasonToSkip, Shell, SHELLS } from './support/shells';

const NO_OPENSSL = lookUp('openssl') === undefined ? 'openssl is not installed' : undefined;
const DAY = 24 * 3600 * 1000;
const SERVER_AUTH = '1.3.6.1.5.5.7.3.1';
const CLIENT_AUTH = '1.3.6.1.5.5.7.3.2';

/** What one run issues, and what it keeps for the next. */
interface Run extends ScriptResult {
  /** A file that was issued. */
  readonly file: (path: string) => string;
  readonly certificate: (path: string) => X509Certificate;
  readonly kept: string[];
  readonly documents: string[];
}

/** The Secret of the state: what a run leaves is what the next one finds. */
class Cache {
  private readonly state = temporaryFolder();

  constructor(private readonly shell: Shell) {}

  public run(environment: Environment = {}): Run {
    const issued = temporaryFolder();
    const documents = join(temporaryFolder(), 'documents');
    mkdirSync(documents);
    const result = runScript(this.shell, 'issue.sh', temporaryFolder(), {
      STATE_SECRET: this.state, ISSUED: issued, SERVER_NAMES: 'DNS:docker,DNS:docker.ci.svc', CLIENT_NAMESPACES: 'ci gitlab-runner',
      COPIES: `${issued}/server ci server-tls`, DOCUMENTS: documents, ...environment,
    });
    if (result.status === 0) {
      rmSync(this.state, { recursive: true });
      cpSync(join(issued, 'state'), this.state, { recursive: true });
    }
    const file = (path: string): string => readFileSync(join(issued, path), 'utf8');
    return { ...result, file, certificate: path => new X509Certificate(file(path)), kept: readdirSync(this.state).sort(), documents: readdirSync(documents) };
  }

  public damage(name: string): void {
    writeFileSync(join(this.state, name), '');
  }
}

afterEach(removeTemporaryFolders);

function daysLeft({ validTo }: X509Certificate): number {
  return Math.round((Date.parse(validTo) - Date.now()) / DAY);
}

describe.each(SHELLS)('issue.sh in $name', shell => {
  const trial = (name: string, body: () => void): void => testUnless(reasonToSkip(shell) ?? NO_OPENSSL, name, body);

  trial('issues a CA, a certificate for the daemon and one for each client namespace, and publishes', () => {
    const { status, stderr, certificate, file, documents } = new Cache(shell).run();
    const ca = certificate('server/ca.pem');

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    ['server', 'client-ci', 'client-gitlab-runner'].forEach(folder => {
      expect(file(`${folder}/ca.pem`)).toBe(file('server/ca.pem'));
      expect(certificate(`${folder}/cert.pem`).verify(ca.publicKey)).toBe(true);
      expect(certificate(`${folder}/cert.pem`).ca).toBe(false);
      expect(file(`${folder}/key.pem`)).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    });
    expect(ca.ca).toBe(true);
    expect(documents).toEqual(['ci.server-tls.json']);
  });

  trial('writes what is there already when there is nothing to do', () => {
    const cache = new Cache(shell);
    const first = cache.run();
    const second = cache.run();

    expect(second.stdout).toContain('issue: server: kept\nissue: client-ci: kept\nissue: client-gitlab-runner: kept\n');
    ['server/ca.pem', 'server/cert.pem', 'server/key.pem', 'client-ci/cert.pem'].forEach(path => expect(second.file(path)).toBe(first.file(path)));
  });

  trial('does nothing without its settings', () => {
    ['STATE_SECRET', 'ISSUED', 'SERVER_NAMES', 'CLIENT_NAMESPACES'].forEach(setting => {
      const { status, stderr, documents } = new Cache(shell).run({ [setting]: '' });

      expect(status).not.toBe(0);
      expect(stderr).toContain(setting);
      expect(documents).toEqual([]);
    });
  });
});

describe('issue.sh', () => {
  const shell = NEAREST_SHELL;
  const trial = (name: string, body: () => void): void => testUnless(reasonToSkip(shell) ?? NO_OPENSSL, name, body);

  trial('lets a server serve and a client call, and neither the other way round', () => {
    const { certificate } = new Cache(shell).run();

    expect(certificate('server/cert.pem').keyUsage).toEqual([SERVER_AUTH]);
    expect(certificate('server/cert.pem').subjectAltName).toBe('DNS:docker, DNS:docker.ci.svc');
    expect(certificate('client-ci/cert.pem').keyUsage).toEqual([CLIENT_AUTH]);
    expect(certificate('client-ci/cert.pem').subjectAltName).toBeUndefined();
  });

  trial('issues for ten years and for one, with keys on P-256', () => {
    const { certificate } = new Cache(shell).run();

    expect(daysLeft(certificate('server/ca.pem'))).toBe(3650);
    expect(daysLeft(certificate('server/cert.pem'))).toBe(365);
    ['server/ca.pem', 'server/cert.pem'].forEach(path => expect(certificate(path).publicKey.asymmetricKeyDetails?.namedCurve).toBe('prime256v1'));
  });

  trial('renews a certificate of which a third is left, by the same CA', () => {
    const cache = new Cache(shell);
    // of the ninety days that the second run reckons with, less than a third is left
    const first = cache.run({ DAYS: '29' });
    const second = cache.run({ DAYS: '90' });

    expect(second.file('server/ca.pem')).toBe(first.file('server/ca.pem'));
    expect(daysLeft(second.certificate('server/cert.pem'))).toBe(90);
    expect(cache.run({ DAYS: '90' }).file('server/cert.pem')).toBe(second.file('server/cert.pem'));
  });

  trial('starts anew with a CA of which a third is left, and every certificate with it', () => {
    const cache = new Cache(shell);
    const first = cache.run({ CA_DAYS: '100' });
    const second = cache.run({ CA_DAYS: '400' });

    expect(second.stdout).toContain('issue: new CA\nissue: server: new certificate\n');
    expect(second.file('server/ca.pem')).not.toBe(first.file('server/ca.pem'));
    expect(second.certificate('client-ci/cert.pem').verify(second.certificate('server/ca.pem').publicKey)).toBe(true);
  });

  trial('issues again for other names', () => {
    const cache = new Cache(shell);
    const first = cache.run();
    const second = cache.run({ SERVER_NAMES: 'DNS:builds' });

    expect(second.certificate('server/cert.pem').subjectAltName).toBe('DNS:builds');
    expect(second.file('client-ci/cert.pem')).toBe(first.file('client-ci/cert.pem'));
  });

  trial('issues for a namespace that is new, and forgets one that is a client no longer', () => {
    const cache = new Cache(shell);
    const first = cache.run();
    const second = cache.run({ CLIENT_NAMESPACES: 'ci previews' });

    expect(second.file('client-ci/cert.pem')).toBe(first.file('client-ci/cert.pem'));
    expect(second.kept.filter(name => name.endsWith('-cert.pem'))).toEqual(['client-ci-cert.pem', 'client-previews-cert.pem', 'server-cert.pem']);
  });

  ['server-cert.pem', 'server-key.pem', 'server-request', 'client-ci-key.pem'].forEach(name => {
    trial(`heals an empty ${name}`, () => {
      const cache = new Cache(shell);
      cache.run();
      cache.damage(name);

      const { status, certificate } = cache.run();
      expect(status).toBe(0);
      expect(certificate('server/cert.pem').checkHost('docker')).toBe('docker');
    });
  });

  trial('issues for the longest namespace that there can be', () => {
    const longest = 'n'.repeat(63);
    const { status, certificate } = new Cache(shell).run({ CLIENT_NAMESPACES: longest });

    expect(status).toBe(0);
    expect(certificate(`client-${longest}/cert.pem`).subject).toBe(`CN=client-${longest}`.slice(0, 'CN='.length + 64));
  });
});
