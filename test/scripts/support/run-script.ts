import { spawnSync } from 'node:child_process';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { temporaryFolder } from '../../support/temporary-folder';
import { isolated } from './mount-namespace';
import { searchPath, Shell } from './shells';

const SCRIPTS = resolve(__dirname, '../../../src/scripts');

/** Files of a folder by their names. */
export interface Files {
  readonly [name: string]: string;
}

/** Environment variables by their names. */
export interface Environment {
  readonly [name: string]: string;
}

/** What came of a script. */
export interface ScriptResult {
  readonly pid: number;
  readonly status: number | null;
  readonly signal: string | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** Makes a program of a folder, which a search path may begin with. */
export function program(folder: string, name: string, text: string): void {
  writeFileSync(join(folder, name), text, { mode: 0o755 });
}

/** How a script is run beside its environment. */
export interface RunOptions {
  readonly args?: readonly string[];
  /** What happens in sh before, in a mount namespace of the script's own; none is made where nothing is said. */
  readonly before?: string;
  /** Whether the script has a network of its own too, in which nobody talks to anybody. */
  readonly quiet?: boolean;
  readonly cwd?: string;
}

/** Runs one of the library's scripts in a shell, with the folder's programs first on the search path and no environment but the given. */
export function runScript(shell: Shell, name: string, folder: string, env: Environment, options: RunOptions = {}): ScriptResult {
  const { args = [], before, quiet = false, cwd } = options;
  const script = [...shell.command, join(SCRIPTS, name), ...args];
  const [command, commandArgs] = before === undefined ? [script[0], script.slice(1)] : isolated(before, script, quiet ? ['--net'] : []);
  const path = [folder, searchPath(shell, temporaryFolder())].join(':');
  const { pid, status, signal, stdout, stderr } = spawnSync(command, commandArgs, { cwd, encoding: 'utf8', env: { PATH: path, ...env } });
  return { pid, status, signal, stdout, stderr };
}

/** The lines of a file, none if it is not there. */
export function linesOf(file: string): string[] {
  return existsSync(file) ? readFileSync(file, 'utf8').split('\n').filter(line => line !== '') : [];
}
