import { randomUUID } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkRequirements } from '../kubernetes/requirements';
import { run } from './command';
import { Engine } from './engine';
import { findForeignDaemon } from './foreign-daemon';
import { Bridge, OwnDaemon } from './own-daemon';
import { cacheRoot, withLock } from './shared-cache';

/** Label of every container, with the process that started it. */
export const OWNER_LABEL = 'cdk8s-dind-cache.owner';

/** The Docker daemon whose containers play pods. */
export interface OuterDaemon {
  readonly engine: Engine;
  readonly bridge: Bridge;
  /** Lets the daemon go; the last process to do so stops it, unless it is the machine's own. */
  release(): Promise<void>;
}

/**
 * Gives a daemon that runs privileged containers: the machine's own if it has one, else one that is started.
 *
 * Processes that run at the same time share it.
 */
export async function startOuterDaemon(): Promise<OuterDaemon> {
  if (process.getuid?.() !== 0) throw new Error('the docker suite mounts, adds addresses and runs privileged containers: run it as root');
  checkRequirements({ what: 'the docker suite', folder: cacheRoot(), diskGiB: 10, memoryGiB: 4 });
  return withLock('outer-daemon', async () => {
    const foreign = await findForeignDaemon();
    const daemon = foreign ?? new OwnDaemon();
    if (daemon instanceof OwnDaemon && !await daemon.engine.ping()) await daemon.stop().then(() => daemon.start());
    fs.mkdirSync(runsFolder(), { recursive: true });
    await removeLeftovers(daemon.engine, true);
    const user = path.join(runsFolder(), `${process.pid}-user-${randomUUID()}`);
    fs.writeFileSync(user, '');
    return { engine: daemon.engine, bridge: daemon.bridge, release: () => release(daemon, user) };
  });
}

/** Makes a folder for what one run writes, on the disk of the cache; it goes with the process's other leftovers. */
export function makeRunFolder(): string {
  fs.mkdirSync(runsFolder(), { recursive: true });
  return fs.mkdtempSync(path.join(runsFolder(), `${process.pid}-`));
}

async function release(daemon: { engine: Engine }, user: string): Promise<void> {
  await withLock('outer-daemon', async () => {
    fs.rmSync(user, { force: true });
    const users = (): string[] => fs.readdirSync(runsFolder()).filter(name => name.includes('-user-'));
    await removeLeftovers(daemon.engine, users().some(name => owner(name) === process.pid));
    if (users().length === 0 && daemon instanceof OwnDaemon) await daemon.stop();
  });
}

/** Removes the containers, mounts and folders of processes that were killed before they could, and of this one when it has no use for them. */
async function removeLeftovers(engine: Engine, keepOwn: boolean): Promise<void> {
  const inUse = (pid: number): boolean => (pid === process.pid ? keepOwn : fs.existsSync(`/proc/${pid}`));
  for (const { Id, Labels } of await engine.containersWithLabel(OWNER_LABEL)) {
    if (!inUse(Number(Labels[OWNER_LABEL]))) await engine.remove(Id);
  }
  for (const name of fs.readdirSync(runsFolder())) {
    if (!inUse(owner(name))) await removeTree(path.join(runsFolder(), name));
  }
}

function owner(name: string): number {
  return Number(name.split('-')[0]);
}

/** Removes a folder after what is mounted below it. */
export async function removeTree(folder: string): Promise<void> {
  const mounts = fs.readFileSync('/proc/self/mounts', 'utf8').split('\n').map(line => line.split(' ')[1] ?? '');
  for (const mount of mounts.filter(each => each.startsWith(`${folder}/`)).reverse()) await run('umount', [mount]);
  fs.rmSync(folder, { recursive: true, force: true });
}

function runsFolder(): string {
  return path.join(cacheRoot(), 'runs');
}
