import { spawnSync } from 'node:child_process';
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testUnless } from '../support/conditional-test';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { NO_MOUNT_NAMESPACE } from './support/mount-namespace';
import { Environment, program, runScript, ScriptResult } from './support/run-script';
import { lookUp, reasonToSkip, Shell, SHELLS } from './support/shells';

const NO_OPENSSL = lookUp('openssl') === undefined ? 'openssl is not installed' : undefined;

const DOCKER = '#!/bin/sh\n[ "${DEAD:-}" != yes ] || exit 1\ncase $* in *" ps "*) [ "${BUSY:-}" != yes ] || echo 4a7f7eebae0f ;; esac\n';

/** The daemon's container from one probe to the next: what it keeps, what is mounted, what its log says. */
class Container {
  private readonly folder = temporaryFolder();
  private readonly state = join(this.folder, 'state');
  private readonly server = join(this.folder, 'certs', 'server');
  private readonly process = join(this.folder, 'process');

  constructor(private readonly shell: Shell) {
    program(this.folder, 'docker', DOCKER);
    [this.state, this.server, join(this.process, 'fd')].forEach(folder => mkdirSync(folder, { recursive: true }));
    writeFileSync(join(this.process, 'fd', '1'), '');
  }

  /** Asks as the kubelet does. The process that the daemon's pid file names is the probe itself, so that it shows whether it would be stopped. */
  public ask(question: string, env: Environment = {}): ScriptResult {
    const before = `mount --bind ${this.process} /proc/1; echo $$ > /run/docker.pid; [ -e /var/run/docker.pid ] || echo $$ > /var/run/docker.pid`;
    const settings = { STATE: this.state, API_PORT: '2376', DOCKER_TLS_CERTDIR: join(this.folder, 'certs'), SETTLED_SECONDS: '0', LEAVING_SECONDS: '0', ...env };
    return runScript(this.shell, 'alive.sh', this.folder, settings, { args: [question], before, quiet: true });
  }

  /** Puts a certificate of its own CA, or of another's key, where the Secret is mounted. */
  public mountCertificate(): void {
    openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:P-256', '-nodes', '-subj', '/CN=docker', '-days', '1',
      '-keyout', join(this.server, 'key.pem'), '-out', join(this.server, 'cert.pem'));
    writeFileSync(join(this.server, 'ca.pem'), readFileSync(join(this.server, 'cert.pem')));
  }

  public breakCertificate(): void {
    writeFileSync(join(this.server, 'key.pem'), '');
  }

  /** What start.sh does when the daemon loads what is mounted. */
  public load(): void {
    const { stdout } = spawnSync('sha256sum', ['ca.pem', 'cert.pem'].map(file => join(this.server, file)), { encoding: 'utf8' });
    writeFileSync(join(this.state, 'certificate'), stdout);
  }

  public get draining(): string | undefined {
    const marker = join(this.state, 'draining');
    return existsSync(marker) ? readFileSync(marker, 'utf8').trim() : undefined;
  }

  public set draining(reason: string) {
    writeFileSync(join(this.state, 'draining'), `${reason}\n`);
  }

  public get log(): string {
    return readFileSync(join(this.process, 'fd', '1'), 'utf8');
  }
}

afterEach(removeTemporaryFolders);

function openssl(...args: string[]): void {
  const { status, stderr } = spawnSync('openssl', args, { encoding: 'utf8' });
  expect({ status, stderr: status === 0 ? '' : stderr }).toEqual({ status: 0, stderr: '' });
}

/** A container whose certificate has been renewed since the daemon loaded it. */
function renewed(shell: Shell): Container {
  const container = new Container(shell);
  container.mountCertificate();
  container.load();
  container.mountCertificate();
  return container;
}

describe.each(SHELLS)('alive.sh in $name', shell => {
  const trial = (name: string, body: () => void): void => testUnless(reasonToSkip(shell) ?? NO_MOUNT_NAMESPACE ?? NO_OPENSSL, name, body);

  trial('says whether the daemon answers, to each question', () => {
    ['startup', 'ready', 'alive'].forEach(question => {
      expect(new Container(shell).ask(question)).toMatchObject({ status: 0, stdout: '', stderr: '' });
      expect(new Container(shell).ask(question, { DEAD: 'yes' }).status).toBe(1);
    });
  });

  trial('takes a draining daemon for alive, but not for ready', () => {
    const container = new Container(shell);
    container.draining = 'stop';

    expect(container.ask('ready')).toMatchObject({ status: 1, stdout: 'draining: stop\n' });
    expect(container.ask('startup').status).toBe(0);
    expect(container.ask('alive').status).toBe(0);
    expect(container.draining).toBe('stop');
  });

  trial('lets a daemon run that has loaded the certificate that is mounted', () => {
    const container = new Container(shell);
    container.mountCertificate();
    container.load();
    container.draining = 'renewal';

    expect(container.ask('alive')).toMatchObject({ status: 0, signal: null });
    expect(container.draining).toBeUndefined();
  });

  trial('stops an idle daemon for a renewed certificate once it is settled and out of the Service', () => {
    const container = renewed(shell);

    expect(container.ask('alive')).toMatchObject({ status: 0, signal: null });
    expect(container.draining).toBeUndefined();
    expect(container.ask('alive', { SETTLED_SECONDS: '60' })).toMatchObject({ status: 0, signal: null });
    expect(container.draining).toBeUndefined();
    expect(container.ask('alive', { LEAVING_SECONDS: '60' })).toMatchObject({ status: 0, signal: null });
    expect(container.draining).toBe('renewal');
    expect(container.log).toBe('');

    expect(container.ask('alive').signal).toBe('SIGTERM');
    expect(container.log).toBe('alive: the certificate was renewed and nothing runs: stopping to load it\n');
  });

  trial('never stops a daemon on which something runs, and brings it back into the Service', () => {
    const container = renewed(shell);
    container.ask('alive');
    container.ask('alive', { LEAVING_SECONDS: '60' });
    expect(container.draining).toBe('renewal');

    expect(container.ask('alive', { BUSY: 'yes' })).toMatchObject({ status: 0, signal: null });
    expect(container.draining).toBeUndefined();
  });

  trial('keeps a certificate that works rather than load one that does not', () => {
    const container = renewed(shell);
    container.breakCertificate();
    container.ask('alive');

    expect(container.ask('alive')).toMatchObject({ status: 0, signal: null });
    expect(container.log).toContain('alive: the mounted certificate is incomplete, or not of its CA or key: keeping the one that is loaded\n');
  });
});
