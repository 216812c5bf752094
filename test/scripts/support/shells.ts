import { accessSync, constants, mkdirSync, symlinkSync } from 'node:fs';
import { delimiter, join } from 'node:path';

/** A POSIX shell that the scripts must run in; the images have BusyBox's. */
export interface Shell {
  readonly name: string;
  readonly command: readonly [program: string, ...args: string[]];
  /** What the scripts call beside the shell, where the program itself provides it. */
  readonly tools?: readonly string[];
}

/** What the scripts call beside the shell and may find in BusyBox. */
const TOOLS = [
  'awk', 'base64', 'cat', 'cp', 'cut', 'date', 'df', 'dirname', 'grep', 'mkdir', 'mktemp', 'rm', 'sed', 'sha256sum', 'sort', 'stat', 'timeout', 'touch', 'tr', 'xargs',
];

/** Every shell that the scripts are tried in. */
export const SHELLS: readonly Shell[] = [
  { name: 'BusyBox', command: ['busybox', 'sh'], tools: TOOLS },
  { name: 'dash', command: ['dash'] },
  { name: 'bash', command: ['bash'] },
];

/** The shell for what does not depend on it: the nearest to that of the images. */
export const NEAREST_SHELL: Shell = SHELLS.find(shell => reasonToSkip(shell) === undefined) ?? SHELLS[0];

/** The file that a program's name stands for, if there is one. */
export function lookUp(program: string): string | undefined {
  return (process.env.PATH ?? '').split(delimiter).map(folder => join(folder, program)).find(isExecutable);
}

/** Why the shell cannot be tried here. */
export function reasonToSkip({ command: [program] }: Shell): string | undefined {
  return lookUp(program) === undefined ? `${program} is not installed` : undefined;
}

/** A search path on which the shell's own tools come first, made in the folder. */
export function searchPath({ command: [program], tools = [] }: Shell, folder: string): string {
  const own = join(folder, 'tools');
  mkdirSync(own);
  tools.forEach(tool => symlinkSync(lookUp(program)!, join(own, tool)));
  return [own, process.env.PATH].join(delimiter);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
