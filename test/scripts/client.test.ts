import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testUnless } from '../support/conditional-test';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { Environment, linesOf, program, runScript, ScriptResult } from './support/run-script';
import { lookUp, NEAREST_SHELL, reasonToSkip, Shell, SHELLS } from './support/shells';

const NO_GIT = lookUp('git') === undefined ? 'git is not installed' : undefined;
const YEAR = 365.25 * 24 * 3600 * 1000;

/** Fails as often as FAILURES says, and says why as a client does. */
const DOCKER = `#!/bin/sh
echo "$*" >> "\${0%/*}/calls"
[ "$(wc -l < "\${0%/*}/calls")" -le "\${FAILURES:-0}" ] || exit 0
echo "$REASON" >&2
exit 1
`;

interface Result extends ScriptResult {
  readonly calls: string[];
}

afterEach(removeTemporaryFolders);

function client(shell: Shell, env: Environment = {}, cwd?: string): Result {
  const folder = temporaryFolder();
  program(folder, 'docker', DOCKER);
  const result = runScript(shell, 'client.sh', folder, {
    DOCKER_HOST: 'tcp://docker:2376', DOCKER_CERT_PATH: '/certs/client', HOME: folder, DIND_CACHE_WAIT_SECONDS: '30', ...env,
  }, { cwd });
  return { ...result, calls: linesOf(join(folder, 'calls')) };
}

/** The id under which the daemon keeps the build context, if one is set. */
function buildNode(shell: Shell, env: Environment): string | undefined {
  const BUILDX_CONFIG = join(temporaryFolder(), 'buildx');
  expect(client(shell, { BUILDX_CONFIG, ...env }).status).toBe(0);
  const file = join(BUILDX_CONFIG, '.buildNodeID');
  return existsSync(file) ? readFileSync(file, 'utf8') : undefined;
}

const PROJECT = { CI_SERVER_URL: 'https://gitlab.example.com', CI_PROJECT_ID: '7' };

describe.each(SHELLS)('client.sh in $name', shell => {
  const trial = (name: string, body: () => void): void => testUnless(reasonToSkip(shell), name, body);

  trial('says nothing when the daemon answers', () => {
    expect(client(shell)).toMatchObject({ status: 0, stdout: '', stderr: '', calls: ['version'] });
  });

  trial('waits for a daemon that restarts, and says so once', () => {
    const { status, stderr, calls } = client(shell, { FAILURES: '1', REASON: 'dial tcp 10.0.0.1:2376: connect: connection refused' });

    expect(status).toBe(0);
    expect(stderr).toBe('docker daemon tcp://docker:2376: the connection is refused: the daemon starts, drains or is down; waiting\n');
    expect(calls).toHaveLength(2);
  });

  trial("names the daemon's copy of the build context after the project, so that the next job finds it", () => {
    const id = buildNode(shell, PROJECT);

    expect(id).toMatch(/^[0-9a-f]{16}$/);
    expect(buildNode(shell, PROJECT)).toBe(id);
    expect(buildNode(shell, { ...PROJECT, CI_PROJECT_ID: '8' })).not.toBe(id);
    expect(buildNode(shell, { ...PROJECT, DIND_CACHE_KEY: 'masked' })).not.toBe(id);
  });
});

describe('client.sh', () => {
  const shell = NEAREST_SHELL;
  const trial = (name: string, body: () => void): void => testUnless(reasonToSkip(shell), name, body);

  const certificate = 'the certificate is not accepted: ';
  const tls = "one side speaks TLS and the other does not: compare DOCKER_TLS_VERIFY and DOCKER_HOST with the cache's endpoint";
  const missing = "the client's certificate is missing in /certs/client: is the Secret mounted there?";
  const causes: [string, string][] = [
    ['unable to resolve docker endpoint: open /certs/client/ca.pem: no such file or directory', missing],
    ['could not read CA certificate "/certs/client/ca.pem": permission denied', missing],
    ['client version 1.24 is too old. Minimum supported API version is 1.44', 'the versions of client and daemon do not fit: client version 1.24 is too old. Minimum supported API version is 1.44'],
    ['remote error: tls: certificate required', `${certificate}remote error: tls: certificate required`],
    ['x509: certificate signed by unknown authority', `${certificate}x509: certificate signed by unknown authority`],
    ['tls: failed to verify certificate: x509: certificate has expired', `${certificate}tls: failed to verify certificate: x509: certificate has expired`],
    ['Error response from daemon: Client sent an HTTP request to an HTTPS server.', tls],
    ['http: first record does not look like a TLS handshake', tls],
  ];
  causes.forEach(([reason, message]) => {
    trial(`does not wait where waiting does not help: ${reason}`, () => {
      expect(client(shell, { FAILURES: '99', REASON: reason })).toMatchObject({ status: 1, stderr: `docker daemon tcp://docker:2376: ${message}\n`, calls: ['version'] });
    });
  });

  const passing: [string, string][] = [
    ['dial tcp: lookup docker on 10.96.0.10:53: no such host', 'the name of tcp://docker:2376 does not resolve: is the cache applied, and its namespace right?'],
    ['Cannot connect to the Docker daemon at tcp://docker:2376. Is the docker daemon running?', 'the connection is refused: the daemon starts, drains or is down'],
    ['read: connection reset by peer', 'the connection is refused: the daemon starts, drains or is down'],
    ['', 'no answer: does a NetworkPolicy let this pod in?'],
    ['something else', 'something else'],
  ];
  passing.forEach(([reason, message]) => {
    trial(`gives up after its wait, in one line: ${reason || 'no answer'}`, () => {
      const { status, stderr } = client(shell, { FAILURES: '99', REASON: reason, DIND_CACHE_WAIT_SECONDS: '0' });

      expect({ status, stderr }).toEqual({ status: 1, stderr: `docker daemon tcp://docker:2376: ${message}\n` });
    });
  });

  trial('lets the whole context be sent where it is told to, or knows no project', () => {
    expect(buildNode(shell, { ...PROJECT, DIND_CACHE_REUSE_CONTEXT: '0' })).toBeUndefined();
    expect(buildNode(shell, {})).toBeUndefined();
    expect(buildNode(shell, { DIND_CACHE_PROJECT: 'other' })).toBeDefined();
  });

  trial('hides the name from other users', () => {
    const BUILDX_CONFIG = temporaryFolder();
    client(shell, { BUILDX_CONFIG, ...PROJECT });

    expect(statSync(join(BUILDX_CONFIG, '.buildNodeID')).mode & 0o777).toBe(0o600);
  });
});

describe('client.sh in a fresh clone', () => {
  const shell = NEAREST_SHELL;
  const trial = (name: string, body: () => void): void => testUnless(reasonToSkip(shell) ?? NO_GIT, name, body);

  function clone(): string {
    const folder = temporaryFolder();
    const git = (...args: string[]): void => {
      const options = ['-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com', '-c', 'commit.gpgsign=false'];
      expect(spawnSync('git', [...options, ...args], { cwd: folder, encoding: 'utf8' })).toMatchObject({ status: 0 });
    };
    mkdirSync(join(folder, 'sub'));
    ['a.txt', 'sub/b c.txt', 'modified.txt'].forEach(file => writeFileSync(join(folder, file), `content of ${file}`));
    git('init', '--quiet');
    git('add', '.');
    git('commit', '--quiet', '--message', 'test: all files');
    writeFileSync(join(folder, 'modified.txt'), 'modified');
    writeFileSync(join(folder, 'untracked.txt'), '');
    return folder;
  }

  function times(folder: string): { readonly [file: string]: number } {
    return Object.fromEntries(['a.txt', 'sub/b c.txt', 'sub', 'modified.txt', 'untracked.txt'].map(file => [file, statSync(join(folder, file)).mtimeMs]));
  }

  trial('gives unmodified tracked files times that follow from their content, when asked to', () => {
    const [one, other] = [clone(), clone()];
    const before = times(one);
    [one, other].forEach(folder => expect(client(shell, { DIND_CACHE_FILE_TIMES: 'content' }, folder)).toMatchObject({ status: 0, stderr: '' }));

    ['a.txt', 'sub/b c.txt', 'sub'].forEach(file => {
      expect(times(one)[file]).toBe(times(other)[file]);
      expect(times(one)[file]).toBeGreaterThanOrEqual(10 * YEAR - 24 * 3600 * 1000);
      expect(times(one)[file]).toBeLessThan(19 * YEAR);
    });
    expect(times(one)['a.txt']).not.toBe(times(one)['sub/b c.txt']);
    ['modified.txt', 'untracked.txt'].forEach(file => expect(times(one)[file]).toBe(before[file]));
  });

  trial('leaves times alone unless asked to', () => {
    const folder = clone();
    const before = times(folder);

    expect(client(shell, {}, folder).status).toBe(0);
    expect(times(folder)).toEqual(before);
  });
});
