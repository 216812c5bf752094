import * as fs from 'node:fs';
import { Size } from 'cdk8s';
import { BuilderNode, CacheVolume } from '../../src';
import { makeRunFolder, OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { SmallDisk } from '../harness/docker/small-disk';
import { daemonsUnderTest } from '../harness/docker/versions';
import { eventually } from '../harness/kubernetes/eventually';
import { CacheDaemon } from './support/cache-daemon';
import { dataFolder } from './support/data-folder';

const PID_FILES = ['/run/docker.pid', '/run/docker/containerd/containerd.pid'];

describe.each(daemonsUnderTest())('start.sh of Docker $version with the $imageStore store', daemon => {
  let outer: OuterDaemon;

  beforeAll(async () => {
    outer = await startOuterDaemon();
  });

  afterAll(async () => {
    await outer?.release();
  });

  describe('when the same container is started again after a kill', () => {
    let cache: CacheDaemon;

    beforeAll(async () => {
      cache = await CacheDaemon.start(outer, { ...daemon, player: { reuseContainers: true } });
    });

    afterAll(async () => {
      await cache?.dispose();
    });

    const restart = async (): Promise<void> => {
      const container = cache.pod.container();
      const { id, restarts } = container;
      await container.kill('SIGKILL');
      await eventually('the container was restarted', async () => container.restarts > restarts);
      await cache.pod.untilReady();
      expect([container.id, container.exitCodes.pop()]).toEqual([id, 137]);
    };

    test('pid files that the kill has left are no hindrance', async () => {
      const { output } = await cache.pod.container().exec(['cat', ...PID_FILES]);
      expect(output).toMatch(/^\d+\s*\d+\s*$/);
      await restart();
    });

    test.each(PID_FILES)('%s that names a live process which is none of the daemon is no hindrance', async file => {
      // The first process of a container is always alive, and never dockerd or containerd.
      expect((await cache.pod.container().exec(['sh', '-c', `printf 1 > ${file}`])).exitCode).toBe(0);
      await restart();
      expect((await cache.pod.container().exec(['cat', file])).output).not.toBe('1');
    });
  });

  describe('with requireMountPoint', () => {
    const volume = CacheVolume.local({
      node: BuilderNode.hostname('node1'), path: '/mnt/docker', capacity: Size.gibibytes(1), requireMountPoint: true,
    });
    let cache: CacheDaemon;
    let disk: SmallDisk | undefined;

    afterEach(async () => {
      await cache?.dispose();
      await disk?.remove();
    });

    test('refuses a plain directory, and writes nothing there', async () => {
      const data = makeRunFolder();
      const { player } = dataFolder(data);
      cache = await CacheDaemon.create(outer, { ...daemon, chart: { volume }, player: { ...player, restartBackoffSeconds: 60 } });
      const container = (await cache.player.startDeployment()).container();
      await eventually('the container has ended twice, and has to wait', async () => container.exitCodes.length === 2);

      expect(container.exitCodes).toEqual([1, 1]);
      expect(await container.log()).toBe(
        `start: the volume's path on the node is not a mount point (it is the folder '${data}' of another file system): mount the data disk\n`,
      );
      expect(fs.readdirSync(data)).toEqual([]);
    });

    test('starts on the root of a mounted ext4', async () => {
      disk = await SmallDisk.create(1024 ** 3);
      cache = await CacheDaemon.start(outer, { ...daemon, chart: { volume }, ...dataFolder(disk.mountPoint) });
      expect(fs.readdirSync(disk.mountPoint)).toContain('buildkit');
    });
  });
});
