import { mkdtempSync, readdirSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { delimiter, join } from 'node:path';
import { CommandOptions, run } from '../../harness/docker/command';

/** The root of the repository. */
export const ROOT = join(__dirname, '..', '..', '..');

/** What `npm run synth` writes, committed. */
export const DIST = join(ROOT, 'dist');

/** Runs one of the programs that `npm ci` installs; what it starts by name is installed there, too. */
export function runInstalled(program: string, args: string[], options: CommandOptions = {}): Promise<string> {
  const installed = join(ROOT, 'node_modules', '.bin');
  const path = [options.env?.PATH, installed, process.env.PATH].filter(part => part !== undefined).join(delimiter);
  return run(join(installed, program), args, { cwd: ROOT, ...options, env: { ...options.env, PATH: path } });
}

/** Runs `cdk8s synth` on the examples. */
export function synthesize(outdir: string, args: string[] = [], options: CommandOptions = {}): Promise<string> {
  return runInstalled('cdk8s', ['synth', '--check-upgrade=false', '--output', outdir, ...args], options);
}

/** The text of every file in a folder, by its name. */
export function filesIn(folder: string): Record<string, string> {
  const names = readdirSync(folder, { recursive: true, withFileTypes: true }).filter(entry => entry.isFile());
  return Object.fromEntries(names.map(({ name, parentPath }) => [join(parentPath, name).slice(folder.length + 1), readFileSync(join(parentPath, name), 'utf8')]));
}

/** Gives work a folder of its own, and removes it afterwards. */
export async function inScratch<T>(work: (folder: string) => Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-dind-cache-'));
  try {
    return await work(folder);
  } finally {
    rmSync(folder, { recursive: true });
  }
}
