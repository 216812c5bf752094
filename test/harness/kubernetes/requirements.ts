import * as fs from 'node:fs';
import * as os from 'node:os';

const GIB = 1024 ** 3;

/** What a suite or a build needs of the machine. */
export interface Requirements {
  /** Who asks, for the message. */
  readonly what: string;
  /** An existing folder on the disk that will be written. */
  readonly folder: string;
  /** Free disk space in GiB. */
  readonly diskGiB: number;
  /** Available memory in GiB. */
  readonly memoryGiB: number;
}

/** Throws an error that says what the machine lacks, before anything is started. */
export function checkRequirements({ what, folder, diskGiB, memoryGiB }: Requirements): void {
  const disk = fs.statfsSync(folder);
  const lacks = [
    lack(`disk below ${folder}`, diskGiB, disk.bavail * disk.bsize),
    lack('memory', memoryGiB, os.freemem()),
  ].filter(message => message !== undefined);
  if (lacks.length > 0) throw new Error(`${what} needs ${lacks.join(' and ')}`);
}

function lack(what: string, neededGiB: number, freeBytes: number): string | undefined {
  const freeGiB = freeBytes / GIB;
  return freeGiB < neededGiB ? `${neededGiB} GiB of free ${what}, got ${freeGiB.toFixed(1)} GiB` : undefined;
}
