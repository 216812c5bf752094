import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testUnless } from '../support/conditional-test';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { NO_MOUNT_NAMESPACE } from './support/mount-namespace';
import { Environment, Files, linesOf, program, runScript, ScriptResult } from './support/run-script';
import { lookUp, NEAREST_SHELL, reasonToSkip, Shell, SHELLS } from './support/shells';

const FAKE_DOCKER = readFileSync(join(__dirname, 'support/fake-docker.sh'), 'utf8');
const MEGABYTE = 1e6;
const HOUR = 3600;
const NOW = Math.floor(Date.now() / 1000);

/** A volume of 1000 MB of which 600 may be used. */
const SETTINGS = {
  CAPACITY: String(1000 * MEGABYTE), TARGET: String(600 * MEGABYTE), CRITICAL: String(950 * MEGABYTE), GRACE: String(6 * HOUR), OLD: String(24 * HOUR),
  GC_MAX: '400', GC_FREE: '350', GC_RESERVED: '100', TMPDIR: '/tmp',
};

interface Result extends ScriptResult {
  readonly calls: string[];
  /** The names of the images that are left. */
  readonly images: string[];
}

afterEach(removeTemporaryFolders);

function prune(shell: Shell, daemon: Files = {}, settings: Environment = {}): Result {
  const folder = temporaryFolder();
  program(folder, 'docker', FAKE_DOCKER);
  Object.entries(daemon).forEach(([name, text]) => program(folder, name, `${text}\n`));
  const result = runScript(shell, 'prune.sh', folder, { ...SETTINGS, ...settings });
  const images = linesOf(join(folder, 'images')).map(line => line.split(' ').slice(3).join(' '));
  return { ...result, calls: linesOf(join(folder, 'calls')), images };
}

/** An image that was last tagged some hours ago. */
function image(id: string, hoursAgo: number, megabytes: number, ...names: string[]): string {
  return [id, NOW - hoursAgo * HOUR, megabytes, ...names].join(' ');
}

function timestamp(hoursAgo: number): string {
  return new Date((NOW - hoursAgo * HOUR) * 1000).toISOString();
}

const OVER = [image('i1', 20, 300, 'newer:1'), image('i2', 40, 300, 'oldest:1'), image('i3', 30, 300, 'older:1')].join('\n');

describe.each(SHELLS)('prune.sh in $name', shell => {
  const trial = (name: string, body: () => void): void => testUnless(reasonToSkip(shell), name, body);

  trial('removes the least recently tagged first, and no more than it takes', () => {
    const { status, images, stdout } = prune(shell, { images: OVER });

    expect(status).toBe(0);
    expect(images).toEqual(['newer:1', 'older:1']);
    expect(stdout).toMatch(/prune: removed image oldest:1, last tagged or pulled \d+ s ago\n/);
    expect(stdout).toMatch(/prune: use 900000000 -> 600000000 bytes, 1 image names removed\n$/);
  });

  trial('never removes names that a pattern keeps, images that a label keeps, and images of containers', () => {
    const { images } = prune(shell, {
      images: [image('i1', 90, 300, 'base/a:1'), image('i2', 80, 300, 'labelled:1'), image('i3', 70, 300, 'running:1'), image('i4', 60, 300, 'app:1')].join('\n'),
      labelled: 'i2',
      containers: 'c1 i3 -',
    }, { KEEP: 'other:* base/*', KEEP_LABEL: 'keep' });

    expect(images).toEqual(['base/a:1', 'labelled:1', 'running:1']);
  });

  trial('removes leftovers of a certain age, containers by their end', () => {
    const { calls, stdout } = prune(shell, {
      containers: [`c1 i9 ${timestamp(25)}`, `c2 i9 ${timestamp(23)}`, 'c3 i9 -'].join('\n'),
      volumes: [`v1 ${timestamp(25)}`, `v2 ${timestamp(1)}`].join('\n'),
    });

    expect(calls.filter(call => / (rm|prune) /.test(call))).toEqual([
      'container rm -v c1', 'volume rm v1', 'network prune -f --filter until=86400s', 'image prune -f --filter until=86400s',
    ]);
    expect(stdout).toContain('prune: removed container c1, ended ');
    expect(stdout).toContain('prune: removed anonymous volume v1, created ');
  });

  ['CAPACITY', 'TARGET', 'CRITICAL'].forEach(setting => {
    trial(`does nothing without ${setting}`, () => {
      const { status, stderr, calls } = prune(shell, { images: OVER }, { [setting]: '' });

      expect(status).not.toBe(0);
      expect(stderr).toContain(setting);
      expect(calls).toEqual([]);
    });
  });

  testUnless(reasonToSkip(shell) ?? NO_MOUNT_NAMESPACE, 'sees how full the volume is where it is mounted', () => {
    const folder = temporaryFolder();
    const volume = temporaryFolder();
    program(folder, 'docker', FAKE_DOCKER);
    const before = `mount -t tmpfs -o size=10m tmpfs ${volume}; dd if=/dev/zero of=${volume}/data bs=1024 count=8192 2>/dev/null`;
    const { stdout } = runScript(shell, 'prune.sh', folder, { ...SETTINGS, CAPACITY: String(10 * 1024 ** 2), TARGET: '1', DATA_DIR: volume }, { before });

    expect(stdout).not.toContain('not mounted here');
    expect(stdout).toContain('prune: use 8388608 is above the target 1: freeing\n');
    expect(linesOf(join(folder, 'calls')).filter(call => call.startsWith('system df'))).toEqual([]);
  });
});

describe('prune.sh', () => {
  const shell = NEAREST_SHELL;
  const trial = (name: string, body: () => void): void => testUnless(reasonToSkip(shell), name, body);

  trial('frees nothing below the target', () => {
    const { status, stdout, images, calls } = prune(shell, { images: image('i1', 1000, 600, 'app:1') });

    expect(status).toBe(0);
    expect(stdout).toContain('prune: use 600000000 is below the target 600000000: nothing to free\n');
    expect(images).toEqual(['app:1']);
    expect(calls.filter(call => /^(image rm|buildx)/.test(call))).toEqual([]);
  });

  trial("collects build cache to the daemon's own sizes, before and after", () => {
    const { calls } = prune(shell, { images: OVER });
    const collected = 'buildx prune -af --reserved-space 100 --max-used-space 400 --min-free-space 350';

    expect(calls.filter(call => /^(image rm|buildx)/.test(call))).toEqual([collected, 'image rm oldest:1', collected]);
  });

  trial('keeps what was tagged within the grace, however full the volume', () => {
    expect(prune(shell, { images: image('i1', 5, 940, 'app:1') }).images).toEqual(['app:1']);
  });

  trial('shortens the grace to a tenth when the volume is nearly full, and says so', () => {
    const { images, stdout } = prune(shell, { images: [image('i1', 0.5, 500, 'just:1'), image('i2', 1, 460, 'recent:1')].join('\n') });

    expect(images).toEqual(['just:1']);
    expect(stdout).toContain('prune: use is above 950000000: images are protected for 2160 s only\n');
  });

  trial('keeps an image that is tagged anew between the look and the removal', () => {
    const { images, stdout, status } = prune(shell, { images: OVER, retagged: String(NOW) });

    expect(images).toHaveLength(3);
    expect(stdout).toContain('prune: kept oldest:1: used meanwhile\n');
    expect(status).toBe(0);
  });

  trial('removes by name and content at once where the store can compare', () => {
    const { calls } = prune(shell, { images: OVER, info: '[[driver-type io.containerd.snapshotter.v1]]' });

    expect(calls).toContain('image rm oldest:1@i2');
  });

  trial('starts the clock of an image whose time is not known, and leaves it alone', () => {
    const { calls, images } = prune(shell, { images: 'i1 0 900 pulled:1 pulled:latest' });

    expect(calls).toContain('tag i1 pulled:1');
    expect(images).toHaveLength(1);
  });

  trial('keeps house only before the time of day that it is told', () => {
    expect(prune(shell, {}, { DAILY: '0000' }).calls.filter(call => / (rm|prune) /.test(call))).toEqual([]);
    expect(prune(shell, {}, { DAILY: '2401' }).calls).toContain('network prune -f --filter until=86400s');
  });

  trial('takes another prune, and what is gone or in use already, for no failure', () => {
    const { status, stdout } = prune(shell, {
      'images': OVER,
      'network-prune.failure': 'Error response from daemon: a prune operation is already running',
      'image-rm.failure': 'Error response from daemon: conflict: unable to remove repository reference "oldest:1" (must force)',
      'buildx-prune.failure': 'Error: No such image: oldest:1',
    });

    expect(status).toBe(0);
    expect(stdout).toContain('prune: skipped: Error response from daemon: a prune operation is already running\n');
    expect(stdout).not.toContain('FAILED');
  });

  ['network-prune', 'image-prune', 'buildx-prune', 'image-rm'].forEach(operation => {
    trial(`fails when ${operation} fails, and says why, but does the rest`, () => {
      const { status, stdout, calls } = prune(shell, { images: OVER, [`${operation}.failure`]: 'no space left on device' });

      expect(status).toBe(1);
      expect(stdout).toMatch(new RegExp(`prune: FAILED: docker ${operation.replace('-', ' ')}.*: no space left on device\n`));
      expect(calls).toContain('image rm oldest:1');
    });
  });

  trial('fails and touches nothing when the daemon does not answer', () => {
    const { status, stdout, calls } = prune(shell, { 'info.failure': 'ERROR: Cannot connect to the Docker daemon at tcp://docker:2376.' });

    expect(status).toBe(1);
    expect(stdout).toBe('prune: the daemon does not answer\n');
    expect(calls).toHaveLength(1);
  });

  trial('fails and removes no image when it cannot tell how full the volume is', () => {
    const folder = temporaryFolder();
    program(folder, 'docker', FAKE_DOCKER);
    program(folder, 'images', OVER);
    program(folder, 'awk', `#!/bin/sh\ncase $* in *capacity=*|*store=*) exit 2 ;; esac\nexec ${lookUp('awk')} "$@"\n`);
    const { status, stdout } = runScript(shell, 'prune.sh', folder, SETTINGS);

    expect(status).toBe(1);
    expect(stdout).toContain('prune: FAILED: the use of the volume is not known\n');
    expect(linesOf(join(folder, 'images'))).toHaveLength(3);
  });

  trial('says when it cannot see the volume itself', () => {
    expect(prune(shell).stdout).toContain('prune: the volume is not mounted here, or not a file system of its own: use is what the daemon says\n');
    expect(prune(shell, {}, { DATA_DIR: '/' }).stdout).toContain('not a file system of its own');
  });
});
