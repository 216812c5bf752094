import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../harness/docker/command';
import { ROOT } from './repository';

/** Packs the library as it would be published, and returns the archive. */
export async function pack(folder: string): Promise<string> {
  await run('npm', ['pack', '--pack-destination', folder], { cwd: ROOT });
  const [archive] = readdirSync(folder).filter(file => file.endsWith('.tgz'));
  return join(folder, archive);
}

/** The files of a packed package. */
export async function filesOf(archive: string): Promise<string[]> {
  const listing = await run('tar', ['-tzf', archive]);
  return listing.trim().split('\n').map(file => file.replace(/^package\//, ''));
}
