import * as path from 'node:path';
import { run } from '../harness/docker/command';
import { makeRunFolder, OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { daemonsUnderTest } from '../harness/docker/versions';
import { eventually } from '../harness/kubernetes/eventually';
import { repetitions } from '../harness/size';
import { CacheDaemon } from './support/cache-daemon';
import { BASE, INSTALL_STEP, VerifiedProject } from './support/verified-project';

/** A build lasts about as long from its first long step on. */
const BUILD_MILLISECONDS = 3000;

/** How a daemon ends and what comes after it: a Deployment's new pod, or as with `docker restart` the same container, with all files that were left. */
const ENDS = [
  { signal: 'SIGKILL', successor: 'a new pod' },
  { signal: 'SIGKILL', successor: 'the same container' },
  { signal: 'SIGTERM', successor: 'the same container' },
] as const;

const ROUNDS = Array.from({ length: repetitions.kills }, (_, round) => ({ round: round + 1, ...ENDS[round % ENDS.length] }));

describe.each(daemonsUnderTest())('Docker $version with the $imageStore store, ended in the middle of builds', daemon => {
  const finished = new VerifiedProject('finished');
  let outer: OuterDaemon;
  let cache: CacheDaemon;

  beforeAll(async () => {
    outer = await startOuterDaemon();
    cache = await CacheDaemon.start(outer, { ...daemon, player: { reuseContainers: true } });
    await cache.client.importBase(BASE);
    expect(await finished.build(cache.client)).toBe(0);
  });

  afterAll(async () => {
    await cache?.dispose();
    await outer?.release();
  });

  test.each(ROUNDS)('round $round: after $signal $successor starts, the interrupted build completes, and what was built before is cached', async ({ round, signal, successor }) => {
    const interrupted = new VerifiedProject(`interrupted-${round}`);
    const build = interrupted.tryBuild(cache.client);
    await eventually('the build is in its first long step', async () => run('pgrep', ['-f', `^${INSTALL_STEP}`]), { intervalMilliseconds: 20 });
    // Spreads the moments over all that a build does.
    await new Promise(resolve => { setTimeout(resolve, BUILD_MILLISECONDS * (round - 1) / ROUNDS.length); });
    await (successor === 'a new pod' ? replace(cache) : restart(cache, signal));

    expect(await build).not.toBe(0);
    expect(await finished.build(cache.client)).toBe(7);
    await interrupted.build(cache.client);
    await interrupted.verify(cache.client);
    await finished.verify(cache.client);
  });

  test('every layer is as it was when it was built', async () => {
    const archive = path.join(makeRunFolder(), 'image.tar');
    // A graph driver puts each layer together again and compares it with the digest of what was written.
    for (const image of [finished.image, ...ROUNDS.map(({ round }) => `interrupted-${round}:1`)]) await cache.client.run(['save', '-o', archive, image]);
  });
});

/** Takes the pod away without any grace, as a lost node does, and starts another one. */
async function replace(cache: CacheDaemon): Promise<void> {
  await cache.player.remove(cache.pod);
  await cache.start();
}

/** Sends a signal to the container's first process and waits until the pod is ready again. */
async function restart({ pod }: CacheDaemon, signal: NodeJS.Signals): Promise<void> {
  const container = pod.container();
  const [{ id }, ended] = [container, container.exitCodes.length];
  await container.kill(signal);
  await eventually('the container has ended', async () => container.exitCodes.length > ended);
  await pod.untilReady();
  expect([container.id, container.exitCodes[ended]]).toEqual([id, signal === 'SIGKILL' ? 137 : 0]);
}
