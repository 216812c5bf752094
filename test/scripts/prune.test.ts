import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { testUnless } from '../support/conditional-test';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { reasonToSkip, searchPath, Shell, SHELLS } from './support/shells';

const SCRIPT = resolve(__dirname, '../../src/scripts/prune.sh');
const ALREADY_RUNNING = 'Error response from daemon: a prune operation is already running';

/** Stands in for the client: writes its arguments down and answers with what lies ready for its first one. */
const DOCKER = `#!/bin/sh
cd "\${0%/*}" || exit 99
echo "$*" >> calls
if [ -e "$1.failure" ]; then
  cat "$1.failure" >&2
  exit 1
fi
[ ! -e "$1.output" ] || cat "$1.output"
`;

interface Answers {
  readonly [file: string]: string;
}

interface Result {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
  readonly calls: string[];
}

afterEach(removeTemporaryFolders);

function prune(shell: Shell, answers: Answers = {}, env: { readonly [name: string]: string } = { OLDER_THAN: '1440m' }): Result {
  const folder = temporaryFolder();
  writeFileSync(join(folder, 'docker'), DOCKER, { mode: 0o755 });
  Object.entries(answers).forEach(([file, text]) => writeFileSync(join(folder, file), `${text}\n`));
  const [program, ...args] = shell.command;
  const { status, stdout, stderr } = spawnSync(program, [...args, SCRIPT], { encoding: 'utf8', env: { PATH: `${folder}:${searchPath(shell, folder)}`, ...env } });
  const calls = join(folder, 'calls');
  return { status, stdout, stderr, calls: existsSync(calls) ? readFileSync(calls, 'utf8').trimEnd().split('\n') : [] };
}

const EVERYTHING = ['container', 'network', 'image'].map(kind => `${kind} prune --force --filter until=1440m`);

describe.each(SHELLS)('prune.sh in $name', shell => {
  const trial = (name: string, body: () => void): void => testUnless(reasonToSkip(shell), name, body);

  trial('removes old containers first, then what only they held, and neither tagged images nor build cache', () => {
    const { calls, status } = prune(shell);

    expect(status).toBe(0);
    expect(calls).toEqual(EVERYTHING);
  });

  trial('keeps to the age that it is given', () => {
    expect(prune(shell, {}, { OLDER_THAN: '5m' }).calls.every(call => call.endsWith(' until=5m'))).toBe(true);
  });

  trial('says what was freed', () => {
    const { stdout, stderr } = prune(shell, {
      'container.output': 'Deleted Containers:\n4a7f7eebae0f\n\nTotal reclaimed space: 212B', 'image.output': 'Total reclaimed space: 0B',
    });

    expect(stdout).toBe('prune: container: Total reclaimed space: 212B\nprune: network: \nprune: image: Total reclaimed space: 0B\n');
    expect(stderr).toBe('');
  });

  trial('takes another prune that is already running for no failure', () => {
    const { status, stdout, stderr, calls } = prune(shell, { 'container.failure': ALREADY_RUNNING, 'image.output': 'Total reclaimed space: 1GB' });

    expect({ status, stderr }).toEqual({ status: 0, stderr: '' });
    expect(stdout).toContain('prune: container: skipped, another prune is at it\n');
    expect(stdout).toContain('prune: image: Total reclaimed space: 1GB\n');
    expect(calls).toEqual(EVERYTHING);
  });

  ['container', 'network', 'image'].forEach(kind => {
    trial(`fails, and says why, when removing each ${kind} fails, but tries the others`, () => {
      const { status, stderr, calls } = prune(shell, { [`${kind}.failure`]: 'Cannot connect to the Docker daemon at tcp://docker:2376.' });

      expect(status).toBe(1);
      expect(stderr).toBe(`prune: ${kind}: FAILED: Cannot connect to the Docker daemon at tcp://docker:2376.\n`);
      expect(calls).toEqual(EVERYTHING);
    });
  });

  trial('fails when one prune fails and a later one is already running', () => {
    expect(prune(shell, { 'container.failure': 'no space left on device', 'image.failure': ALREADY_RUNNING }).status).toBe(1);
  });

  [undefined, ''].forEach(age => {
    trial(`removes nothing with ${age === undefined ? 'no' : 'an empty'} age`, () => {
      const { status, stderr, calls } = prune(shell, {}, age === undefined ? {} : { OLDER_THAN: age });

      expect(status).not.toBe(0);
      expect(stderr).toContain('OLDER_THAN');
      expect(calls).toEqual([]);
    });
  });
});
