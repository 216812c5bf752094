import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';

/** Folder of what is expensive to make, outside the clone. */
export function cacheRoot(): string {
  const root = path.join(process.env.XDG_CACHE_HOME || path.join(os.homedir(), '.cache'), 'cdk8s-dind-cache');
  fs.mkdirSync(root, { recursive: true });
  return root;
}

/** Short digest of everything that a result depends on. */
export function recipeDigest(recipe: unknown): string {
  return createHash('sha256').update(JSON.stringify(recipe)).digest('hex').slice(0, 12);
}

/**
 * Makes a folder of the cache unless it is there already, and returns it.
 *
 * Two processes do not make it twice, and a killed one leaves nothing that looks finished.
 */
export async function cachedFolder(name: string, recipe: unknown, make: (folder: string) => Promise<void>): Promise<string> {
  const folder = path.join(cacheRoot(), `${name}-${recipeDigest(recipe)}`);
  if (fs.existsSync(folder)) return folder;
  return withLock(path.basename(folder), async () => {
    if (fs.existsSync(folder)) return folder;
    const unfinished = `${folder}.unfinished`;
    fs.rmSync(unfinished, { recursive: true, force: true });
    fs.mkdirSync(unfinished);
    await timed(`making ${path.basename(folder)}`, () => make(unfinished));
    fs.renameSync(unfinished, folder);
    return folder;
  });
}

/** Runs `work` while no other process runs work under the same name; the kernel frees the lock of a killed process. */
export async function withLock<T>(name: string, work: () => Promise<T>): Promise<T> {
  const holder = spawn('flock', [path.join(cacheRoot(), `${name}.lock`), 'sh', '-c', 'echo held; cat'], { stdio: ['pipe', 'pipe', 'inherit'] });
  await Promise.race([once(holder.stdout, 'data'), once(holder, 'exit').then(() => { throw new Error(`flock could not lock '${name}'`); })]);
  try {
    return await work();
  } finally {
    holder.stdin.end();
    if (holder.exitCode === null) await once(holder, 'exit');
  }
}

/** Says on standard error what takes long and how long it took. */
export async function timed<T>(what: string, work: () => Promise<T>): Promise<T> {
  const start = performance.now();
  process.stderr.write(`${what} …\n`);
  const result = await work();
  process.stderr.write(`${what}: done in ${((performance.now() - start) / 1000).toFixed(1)} s\n`);
  return result;
}
