import * as fs from 'node:fs';
import * as path from 'node:path';
import { run } from './command';
import { makeRunFolder, removeTree } from './outer-daemon';

/** A small real disk: an ext4 file system in a file, mounted. */
export class SmallDisk {
  private constructor(private readonly folder: string, public readonly mountPoint: string) {}

  /** Makes and mounts a disk of so many bytes. */
  public static async create(bytes: number): Promise<SmallDisk> {
    const folder = makeRunFolder();
    const [image, mountPoint] = [path.join(folder, 'disk.img'), path.join(folder, 'mounted')];
    await run('truncate', ['-s', String(bytes), image]);
    await run('mkfs.ext4', ['-q', '-m', '0', image]);
    fs.mkdirSync(mountPoint);
    await run('mount', ['-o', 'loop', image, mountPoint]);
    fs.rmdirSync(path.join(mountPoint, 'lost+found'));
    return new SmallDisk(folder, mountPoint);
  }

  /** Share of the disk that is in use, between 0 and 1. */
  public used(): number {
    const { bavail, blocks } = fs.statfsSync(this.mountPoint);
    return 1 - bavail / blocks;
  }

  /** Unmounts and removes the disk. */
  public async remove(): Promise<void> {
    await removeTree(this.folder);
  }
}
