import * as fs from 'node:fs';
import * as path from 'node:path';
import { run } from './command';
import { requireDebianPackages, unpackDebianSource } from './debian-packages';
import { cachedFolder } from './shared-cache';

/** What the program depends on: the suite whose source has the release of upstream's images, and what is set besides its defaults. */
export const BUSYBOX_RECIPE = {
  suite: 'trixie',
  settings: {
    CONFIG_STATIC: true,
    // Does not compile with every kernel's headers, and no image needs it.
    CONFIG_TC: false,
  },
};

/**
 * Builds BusyBox with all its applets, unless that was done before, and returns the program.
 *
 * Debian's own package lacks applets and options that Alpine's has, such as `mountpoint`, `flock`, `pgrep` and `find -delete`.
 */
export async function busyboxProgram(): Promise<string> {
  const folder = await cachedFolder(`busybox-${process.arch}`, BUSYBOX_RECIPE, async unfinished => {
    await requireDebianPackages(['bzip2', 'gcc', 'libc6-dev', 'make']);
    const work = path.join(unfinished, 'source');
    fs.mkdirSync(work);
    const source = await unpackDebianSource(BUSYBOX_RECIPE.suite, 'busybox', work);
    await run('make', ['defconfig'], { cwd: source });
    configure(path.join(source, '.config'));
    await run('nice', ['-n', '10', 'make', '-j2'], { cwd: source });
    fs.copyFileSync(path.join(source, 'busybox'), path.join(unfinished, 'busybox'));
    fs.rmSync(work, { recursive: true });
  });
  return path.join(folder, 'busybox');
}

function configure(file: string): void {
  const lines = fs.readFileSync(file, 'utf8').split('\n').map(line => {
    const [name, enabled] = Object.entries(BUSYBOX_RECIPE.settings).find(([each]) => new RegExp(`\\b${each}\\b`).test(line)) ?? [];
    if (name === undefined) return line;
    return enabled ? `${name}=y` : `# ${name} is not set`;
  });
  fs.writeFileSync(file, lines.join('\n'));
}
