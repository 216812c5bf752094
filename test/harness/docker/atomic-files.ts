import * as fs from 'node:fs';
import * as path from 'node:path';

/** Content and mode of a file, by its path below the volume. */
export type Files = ReadonlyMap<string, { readonly content: Buffer; readonly mode: number }>;

let generation = 0;

/**
 * Writes the files of a ConfigMap or Secret into a volume as the kubelet does: all of them change at once.
 *
 * The files are links through `..data`, a link that is replaced in one step by that to a new folder.
 */
export function writeFilesAtomically(volume: string, files: Files, group?: number): void {
  const folder = `..generation_${generation += 1}`;
  const link = path.join(volume, '..data');
  const previous = fs.existsSync(link) ? fs.readlinkSync(link) : undefined;
  for (const [name, { content, mode }] of files) writeFile(path.join(volume, folder, name), content, mode, group);
  fs.mkdirSync(path.join(volume, folder), { recursive: true });
  fs.symlinkSync(folder, path.join(volume, '..data_tmp'));
  fs.renameSync(path.join(volume, '..data_tmp'), link);
  linkNames(volume, new Set([...files.keys()].map(name => name.split('/')[0])));
  if (previous !== undefined) fs.rmSync(path.join(volume, previous), { recursive: true });
}

function writeFile(file: string, content: Buffer, mode: number, group: number | undefined): void {
  fs.mkdirSync(path.dirname(file), { recursive: true, mode: 0o755 });
  fs.writeFileSync(file, content);
  if (group !== undefined) fs.chownSync(file, 0, group);
  // The kubelet lets the pod's group read what is the pod's.
  fs.chmodSync(file, group === undefined ? mode : mode | 0o440);
}

function linkNames(volume: string, names: ReadonlySet<string>): void {
  const present = new Set(fs.readdirSync(volume).filter(name => !name.startsWith('..')));
  for (const name of present) if (!names.has(name)) fs.rmSync(path.join(volume, name));
  for (const name of names) if (!present.has(name)) fs.symlinkSync(path.join('..data', name), path.join(volume, name));
}
