import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { testUnless } from '../support/conditional-test';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { NO_MOUNT_NAMESPACE } from './support/mount-namespace';
import { Environment, program, runScript, ScriptResult } from './support/run-script';
import { reasonToSkip, Shell, SHELLS } from './support/shells';

const PID_FILES = ['/run/docker.pid', '/run/docker/containerd/containerd.pid'];
const CERTIFICATES = ['ca.pem', 'cert.pem', 'key.pem'];

/** Stands in for the image's entrypoint: tells what it was started with and what it found. */
const ENTRYPOINT = `#!/bin/sh
echo "entrypoint: pid $$"
printf 'argument: %s\\n' "$@"
cd /run && echo "/run holds: $(echo * */* */*/*)"
[ ! -e dind-cache/certificate ] || sha256sum -c dind-cache/certificate
exit "\${ENTRYPOINT_STATUS:-0}"
`;

interface Situation {
  readonly args?: string[];
  readonly env?: Environment;
  /** What happens in sh, in the mount namespace, before the script starts. */
  readonly before?: string;
}

afterEach(removeTemporaryFolders);

function start(shell: Shell, { args = [], env = {}, before = '' }: Situation): ScriptResult {
  const folder = temporaryFolder();
  program(folder, 'dockerd-entrypoint.sh', ENTRYPOINT);
  return runScript(shell, 'start.sh', folder, env, { args, before });
}

function expectStarted({ status, stderr, stdout }: ScriptResult): void {
  expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
  expect(stdout).toContain('entrypoint: pid');
  PID_FILES.forEach(file => expect(stdout).not.toContain(file.replace('/run/', '')));
}

function expectRefused(result: ScriptResult, message: string): void {
  expect(result).toMatchObject({ status: 1, stdout: '', stderr: `start: ${message}\n` });
}

function certificates(...files: string[]): string {
  const folder = temporaryFolder();
  mkdirSync(join(folder, 'server'));
  files.forEach(file => writeFileSync(join(folder, 'server', file), 'not empty'));
  return folder;
}

describe.each(SHELLS)('start.sh in $name', shell => {
  const trial = (name: string, body: () => void): void => testUnless(reasonToSkip(shell) ?? NO_MOUNT_NAMESPACE, name, body);

  trial("becomes the image's entrypoint, with dockerd's flags as they are", () => {
    const result = start(shell, { args: ['--mtu=1450', '--label=a  b', ''] });

    expectStarted(result);
    expect(result.stdout).toBe(`entrypoint: pid ${result.pid}\nargument: --mtu=1450\nargument: --label=a  b\nargument: \n/run holds: dind-cache */* */*/*\n`);
  });

  trial('ends as the entrypoint ends', () => {
    expect(start(shell, { env: { ENTRYPOINT_STATUS: '7' } }).status).toBe(7);
  });

  trial('removes the pid files of a killed daemon, also those that name a live process', () => {
    const before = `mkdir -p /run/docker/containerd; echo 999999 > ${PID_FILES[0]}; echo $$ > ${PID_FILES[1]}`;

    expectStarted(start(shell, { before }));
  });

  trial('removes nothing else from /run', () => {
    const { stdout } = start(shell, { before: 'mkdir -p /run/docker; echo 1 > /run/docker/other.pid' });

    expect(stdout).toContain('/run holds: dind-cache docker docker/other.pid */*/*\n');
  });

  trial('needs no certificates without TLS', () => {
    expectStarted(start(shell, { env: { DOCKER_TLS_CERTDIR: '' } }));
  });

  trial("starts when the server's files are complete", () => {
    expectStarted(start(shell, { env: { DOCKER_TLS_CERTDIR: certificates(...CERTIFICATES) } }));
  });

  trial('records which certificate the daemon loads, so that a renewed one can be told from it', () => {
    const folder = certificates(...CERTIFICATES);

    expect(start(shell, { env: { DOCKER_TLS_CERTDIR: folder } }).stdout).toContain(`${folder}/server/ca.pem: OK\n${folder}/server/cert.pem: OK\n`);
  });

  trial('forgets what the last run kept', () => {
    const { stdout } = start(shell, { before: 'mkdir /run/dind-cache; echo stop > /run/dind-cache/draining' });

    expect(stdout).toContain('/run holds: dind-cache */* */*/*\n');
  });

  CERTIFICATES.forEach(missing => {
    const others = CERTIFICATES.filter(file => file !== missing);

    trial(`refuses to start without ${missing}`, () => {
      expectRefused(start(shell, { env: { DOCKER_TLS_CERTDIR: certificates(...others) } }), `the server's Secret holds no ${missing}`);
    });

    trial(`refuses to start with an empty ${missing}`, () => {
      const folder = certificates(...others);
      writeFileSync(join(folder, 'server', missing), '');

      expectRefused(start(shell, { env: { DOCKER_TLS_CERTDIR: folder } }), `the server's Secret holds no ${missing}`);
    });
  });

  trial('refuses to start without the Secret', () => {
    expectRefused(start(shell, { env: { DOCKER_TLS_CERTDIR: temporaryFolder() } }), "the server's Secret holds no ca.pem");
  });

  trial('starts on a volume that is the root of a mounted file system', () => {
    const disk = temporaryFolder();
    const data = temporaryFolder();

    expectStarted(start(shell, { before: `mount -t tmpfs tmpfs ${disk}; mount --bind ${disk} ${data}`, env: { REQUIRE_MOUNT_POINT: data } }));
  });

  trial('refuses to start on a folder of another file system, mounted into the container', () => {
    const disk = temporaryFolder();
    const data = temporaryFolder();
    const before = `mount -t tmpfs tmpfs ${disk}; mkdir ${disk}/docker; mount --bind ${disk}/docker ${data}`;

    expectRefused(start(shell, { before, env: { REQUIRE_MOUNT_POINT: data } }),
      "the volume's path on the node is not a mount point (it is the folder '/docker' of another file system): mount the data disk");
  });

  trial('refuses to start where nothing is mounted', () => {
    const data = temporaryFolder();

    expectRefused(start(shell, { env: { REQUIRE_MOUNT_POINT: data } }),
      "the volume's path on the node is not a mount point (it is the folder '' of another file system): mount the data disk");
  });

  trial('looks at what was mounted last', () => {
    const data = temporaryFolder();
    const before = `mount --bind ${temporaryFolder()} ${data}; mount -t tmpfs tmpfs ${data}`;

    expectStarted(start(shell, { before, env: { REQUIRE_MOUNT_POINT: data } }));
  });
});
