import { ApiObject, JsonPatch, Size } from 'cdk8s';
import { BuilderNode, CacheVolume, DindCacheChart } from '../../src';
import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { PlayedPod } from '../harness/docker/played-pod';
import { Container, Probe } from '../harness/docker/pod-spec';
import { daemonsUnderTest } from '../harness/docker/versions';
import { eventually } from '../harness/kubernetes/eventually';
import { sized } from '../harness/size';
import { CacheDaemon } from './support/cache-daemon';
import { signalDockerd } from './support/dockerd';
import { buildLayeredImage, heavyBuild } from './support/layered-image';
import { BASE } from './support/verified-project';

const IMAGE = sized({
  quick: { layers: 10, megabytesPerLayer: 200, filesPerLayer: 500 },
  full: { layers: 40, megabytesPerLayer: 500, filesPerLayer: 5000 },
});
const GIGABYTES = IMAGE.layers * IMAGE.megabytesPerLayer / 1000;

const HEAVY_SECONDS = sized({ quick: 20, full: 60 });

/** The budget of the liveness probe is minutes: the quick size looks more often, and is otherwise as emitted. */
const LIVENESS_PERIOD_SECONDS = sized({ quick: 2, full: undefined });

describe.each(daemonsUnderTest())('the probes of Docker $version with the $imageStore store', daemon => {
  let outer: OuterDaemon;
  let cache: CacheDaemon;
  let hanging: CacheDaemon;
  let restart: Promise<Restart>;
  let probes: Required<Pick<Container, 'startupProbe' | 'readinessProbe' | 'livenessProbe'>>;

  beforeAll(async () => {
    outer = await startOuterDaemon();
    const volume = CacheVolume.local({ node: BuilderNode.hostname('node1'), path: '/mnt/docker', capacity: Size.gibibytes(100) });
    cache = await CacheDaemon.create(outer, { ...daemon, chart: { volume }, patch: lookMoreOften });
    probes = cache.manifests.podTemplate('Deployment').template.spec.containers[0] as typeof probes;
    hanging = await CacheDaemon.start(outer, { ...daemon, patch: lookMoreOften });
    // Takes its time while the other tests run; the last test is about it.
    restart = hangUntilRestarted(outer, hanging.pod, probes.livenessProbe);
    restart.catch(() => undefined);
  });

  afterAll(async () => {
    await hanging?.dispose();
    await cache?.dispose();
    await outer?.release();
  });

  test('are green on start', async () => {
    await cache.start();
    expect(cache.pod.container().started).toBe(true);
    await cache.client.importBase(BASE);
  });

  test('do not fail once while eight heavy builds run', async () => {
    const { pod, client } = cache;
    const failed = failures(pod);
    const builds = Promise.all(Array.from({ length: 8 }, (_, at) => heavyBuild(client, `heavy-${at}`, HEAVY_SECONDS)));
    const slowest = await slowestUntil(builds, pod, probes.livenessProbe);
    await builds;

    print(`slowest answer to a probe during eight heavy builds: ${slowest.toFixed(2)} s of ${probes.livenessProbe.timeoutSeconds} s`);
    expect(failures(pod)).toEqual(failed);
    expect([pod.ready, pod.container().restarts]).toEqual([true, 0]);
  });

  test('readiness is red within its budget when the daemon hangs, and green again when it goes on', async () => {
    const { pod } = cache;
    await signalDockerd(outer, pod, 'SIGSTOP');
    const red = await secondsUntil('readiness is red', () => !pod.ready, budget(probes.readinessProbe))
      .finally(() => signalDockerd(outer, pod, 'SIGCONT'));
    const green = await secondsUntil('readiness is green', () => pod.ready, budget({ ...probes.readinessProbe, failureThreshold: 1 }));

    print(`readiness: red ${red.toFixed(1)} s after SIGSTOP, green ${green.toFixed(1)} s after SIGCONT`);
    expect(pod.container().restarts).toBe(0);
    expect((await cache.client.tryRun(['version'])).exitCode).toBe(0);
  });

  test(`the start-up budget is enough after a kill with ${GIGABYTES} GB of layers`, async () => {
    const { pod, client } = cache;
    await buildLayeredImage(client, IMAGE);
    const { restarts } = pod.container();
    await pod.container().kill('SIGKILL');
    // A probe of a daemon that does not listen yet fails at once.
    const { periodSeconds = 10, failureThreshold = 3 } = probes.startupProbe;
    const seconds = await secondsUntil('the daemon is ready again', () => pod.container().restarts > restarts && pod.ready, periodSeconds * failureThreshold);

    print(`ready ${seconds.toFixed(1)} s after SIGKILL with ${GIGABYTES} GB of layers, of a budget of ${periodSeconds * failureThreshold} s`);
    expect(pod.container().restarts).toBe(restarts + 1);
    expect(await client.run(['run', '--rm', 'layered:1', 'cat', '/0/1'])).toBe('0-1\n');
  });

  test(`liveness, asked ${LIVENESS_PERIOD_SECONDS === undefined ? 'as emitted' : `every ${LIVENESS_PERIOD_SECONDS} s`}, is red within its budget when the daemon hangs, and the container is started anew`, async () => {
    const { red, ready } = await restart;
    print(`liveness: red and preStop done ${red.toFixed(1)} s after SIGSTOP, ready again after ${ready.toFixed(1)} s`);
    expect(hanging.pod.container().exitCodes).toEqual([137]);
    expect((await hanging.client.tryRun(['version'])).exitCode).toBe(0);
  });
});

/** Seconds from the moment at which a daemon was made to hang. */
interface Restart {
  readonly red: number;
  readonly ready: number;
}

async function hangUntilRestarted(outer: OuterDaemon, pod: PlayedPod, probe: Probe): Promise<Restart> {
  const container = pod.container();
  await signalDockerd(outer, pod, 'SIGSTOP');
  // The hook asks the daemon once, too, and gives up.
  const red = await secondsUntil('preStop has run', () => pod.events.some(event => event.includes('preStop')), budget(probe) + 6);
  const gone = await secondsUntil('the container was started anew', () => container.restarts === 1, (probe.terminationGracePeriodSeconds ?? 30) + 5);
  const ready = await secondsUntil('the daemon is ready', () => pod.ready, 120);
  return { red, ready: red + gone + ready };
}

function lookMoreOften({ cache }: DindCacheChart): void {
  if (LIVENESS_PERIOD_SECONDS === undefined) return;
  ApiObject.of(cache.deployment).addJsonPatch(JsonPatch.replace('/spec/template/spec/containers/0/livenessProbe/periodSeconds', LIVENESS_PERIOD_SECONDS));
}

/** Seconds after which a probe that fails every time has turned red, whenever in its period that began. */
function budget({ periodSeconds = 10, timeoutSeconds = 1, failureThreshold = 3 }: Probe): number {
  return Math.max(periodSeconds, timeoutSeconds) * failureThreshold + periodSeconds;
}

async function secondsUntil(what: string, condition: () => boolean, deadlineSeconds: number): Promise<number> {
  const start = performance.now();
  await eventually(what, async () => condition(), { deadlineSeconds, intervalMilliseconds: 50 });
  return (performance.now() - start) / 1000;
}

/** Every look of a probe that has failed. */
function failures(pod: PlayedPod): string[] {
  return pod.events.filter(event => / probe: /.test(event));
}

/** Asks what a probe asks, again and again; returns the seconds of the slowest answer. */
async function slowestUntil(end: Promise<unknown>, pod: PlayedPod, { exec, timeoutSeconds }: Probe): Promise<number> {
  let [slowest, ended] = [0, false];
  void end.finally(() => { ended = true; }).catch(() => undefined);
  while (!ended) {
    const start = performance.now();
    expect((await pod.container().exec(exec?.command ?? [], timeoutSeconds)).exitCode).toBe(0);
    slowest = Math.max(slowest, (performance.now() - start) / 1000);
  }
  return slowest;
}

function print(line: string): void {
  process.stderr.write(`${line}\n`);
}
