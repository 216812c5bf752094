import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { KubernetesObject } from '../harness/docker/pod-spec';
import { daemonsUnderTest } from '../harness/docker/versions';
import { eventually } from '../harness/kubernetes/eventually';
import { CacheDaemon } from './support/cache-daemon';
import { dataFolder } from './support/data-folder';
import { BASE, VerifiedProject } from './support/verified-project';

interface Deployment extends KubernetesObject {
  readonly spec: { readonly strategy: object };
}

describe.each(daemonsUnderTest())('the data of Docker $version with the $imageStore store', daemon => {
  const project = new VerifiedProject('app');
  let outer: OuterDaemon;
  let cache: CacheDaemon;
  let second: CacheDaemon;

  beforeAll(async () => {
    const data = dataFolder();
    outer = await startOuterDaemon();
    cache = await CacheDaemon.start(outer, { ...daemon, ...data });
    second = await CacheDaemon.create(outer, { ...daemon, ...data });
    await cache.client.importBase(BASE);
    expect(await project.build(cache.client)).toBe(0);
  });

  afterAll(async () => {
    await second?.dispose();
    await cache?.dispose();
    await outer?.release();
  });

  test('a second daemon, as a rolling update would start it, gives up and harms nothing', async () => {
    const pod = await second.player.startDeployment();
    let waiting = true;
    const exitCode = eventually('the second daemon gives up', async () => pod.container().exitCodes[0], { deadlineSeconds: 120 }).finally(() => { waiting = false; });
    exitCode.catch(() => undefined);
    do {
      project.changeSource();
      expect(await project.build(cache.client)).toBe(4);
      await project.verify(cache.client);
    } while (waiting);

    expect(await exitCode).not.toBe(0);
    expect(pod.events.filter(event => event.endsWith('is ready'))).toEqual([]);
    expect((await second.client.tryRun(['version'])).exitCode).not.toBe(0);
    await second.player.remove(pod);
    expect([cache.pod.ready, cache.pod.container().restarts]).toEqual([true, 0]);
    expect(await project.build(cache.client)).toBe(7);
  });

  test('the strategy Recreate, which stops before it starts, keeps 7 of 7 steps cached', async () => {
    expect(cache.manifests.get<Deployment>('Deployment').spec.strategy).toEqual({ type: 'Recreate' });
    const { ip } = cache.pod;
    await cache.recreate();

    expect(cache.pod.ip).not.toBe(ip);
    expect(await project.build(cache.client)).toBe(7);
    await project.verify(cache.client);
  });
});
