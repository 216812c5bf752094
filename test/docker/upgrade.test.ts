import { makeRunFolder, OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { daemonsUnderTest, DaemonUnderTest, dockerVersionsUnderTest } from '../harness/docker/versions';
import { CacheDaemon } from './support/cache-daemon';
import { CacheMountProject } from './support/cache-mount-project';
import { dataFolder } from './support/data-folder';
import { BASE, VerifiedProject } from './support/verified-project';

interface Change {
  readonly from: string;
  readonly to: string;
  readonly imageStore: DaemonUnderTest['imageStore'];
}

/** Every way up, and the way back from the newest; where one version is run, its way to itself. */
function changes(): Change[] {
  const versions = dockerVersionsUnderTest();
  const up = versions.flatMap((from, at) => versions.slice(at + 1).map(to => ({ from, to })));
  const [newest, previous] = [...versions].reverse();
  const ways = previous === undefined ? [{ from: newest, to: newest }] : [...up, { from: newest, to: previous }];
  const stores = [...new Set(daemonsUnderTest().map(({ imageStore }) => imageStore))];
  return stores.flatMap(imageStore => ways.map(way => ({ ...way, imageStore })));
}

describe.each(changes())('on the data of Docker $from with the $imageStore store, Docker $to', ({ from, to, imageStore }) => {
  const project = new VerifiedProject('app');
  const withMount = new CacheMountProject();
  let outer: OuterDaemon;
  let cache: CacheDaemon;

  beforeAll(async () => {
    const data = dataFolder(makeRunFolder());
    outer = await startOuterDaemon();
    const before = await CacheDaemon.start(outer, { version: from, imageStore, ...data });
    try {
      await before.client.importBase(BASE);
      expect(await project.build(before.client)).toBe(0);
      expect(await withMount.build(before.client)).toBe('empty');
      await before.client.run(['run', '--name', 'job', '-v', 'results:/results', BASE, 'sh', '-c', 'echo kept > /results/file; echo logged']);
      await before.player.stop(before.pod);
    } finally {
      await before.dispose();
    }
    cache = await CacheDaemon.start(outer, { version: to, imageStore, ...data });
  });

  afterAll(async () => {
    await cache?.dispose();
    await outer?.release();
  });

  test('is the one that answers', async () => {
    expect(await cache.client.run(['version', '--format', '{{ .Server.Version }}'])).toContain(to);
  });

  test('has the images, which run', async () => {
    await project.verify(cache.client);
    expect(await cache.client.run(['run', '--rm', '--pull=never', BASE, 'echo', 'ran'])).toBe('ran\n');
  });

  test('has 7 of 7 steps cached, and 4 after a change of the source', async () => {
    expect(await project.build(cache.client)).toBe(7);
    project.changeSource();
    expect(await project.build(cache.client)).toBe(4);
    await project.verify(cache.client);
  });

  test('has the content of cache mounts', async () => {
    expect(await withMount.build(cache.client)).toBe('filled');
  });

  test('has volumes, and containers with their logs', async () => {
    expect(await cache.client.run(['run', '--rm', '-v', 'results:/results', BASE, 'cat', '/results/file'])).toBe('kept\n');
    expect(await cache.client.run(['logs', 'job'])).toBe('logged\n');
    await cache.client.run(['start', '--attach', 'job']);
  });
});
