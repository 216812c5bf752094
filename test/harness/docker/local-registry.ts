import { ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { eventually } from '../kubernetes/eventually';
import { freePort } from '../kubernetes/free-port';
import { unpackDebianPackages } from './debian-packages';
import { makeRunFolder, removeTree } from './outer-daemon';
import { cachedFolder } from './shared-cache';

/** Where a registry listens and what it is. */
export interface LocalRegistryProps {
  /** Address of this machine that the daemons reach. */
  readonly address: string;
  /** @default - one that is free */
  readonly port?: number;
  /** Makes it a pull-through cache of another registry. @default - no */
  readonly mirrorOf?: string;
}

/** Debian's docker-registry on an address of this machine. */
export class LocalRegistry {
  private constructor(private readonly process: ChildProcess, private readonly folder: string, public readonly host: string) {}

  /** Starts a registry with an empty storage. */
  public static async start(props: LocalRegistryProps): Promise<LocalRegistry> {
    const { address, port = await freePort(), mirrorOf } = props;
    const unpacked = await cachedFolder('docker-registry', 'trixie', folder => unpackDebianPackages('trixie', ['docker-registry'], folder));
    const folder = makeRunFolder();
    const config = path.join(folder, 'config.json');
    fs.writeFileSync(config, JSON.stringify({
      version: '0.1',
      log: { level: 'warn' },
      storage: { filesystem: { rootdirectory: path.join(folder, 'data') }, delete: { enabled: true } },
      http: { addr: `${address}:${port}` },
      ...(mirrorOf ? { proxy: { remoteurl: mirrorOf } } : {}),
    }));
    const log = fs.openSync(path.join(folder, 'registry.log'), 'w');
    const child = spawn(path.join(unpacked, 'usr/bin/docker-registry'), ['serve', config], { stdio: ['ignore', log, log] });
    fs.closeSync(log);
    await eventually(`the registry answers at ${address}:${port}`, async () => (await fetch(`http://${address}:${port}/v2/`)).ok, { deadlineSeconds: 20 });
    return new LocalRegistry(child, folder, `${address}:${port}`);
  }

  /** What the registry has printed. */
  public log(): string {
    return fs.readFileSync(path.join(this.folder, 'registry.log'), 'utf8');
  }

  /** Stops the registry and removes its storage. */
  public async stop(): Promise<void> {
    this.process.kill('SIGTERM');
    if (this.process.exitCode === null) await once(this.process, 'exit');
    await removeTree(this.folder);
  }
}
