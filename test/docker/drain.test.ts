import { Duration } from 'cdk8s';
import { ExecResult } from '../harness/docker/engine';
import { LocalRegistry } from '../harness/docker/local-registry';
import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { daemonsUnderTest } from '../harness/docker/versions';
import { eventually } from '../harness/kubernetes/eventually';
import { sized } from '../harness/size';
import { CACHE_NAME } from './support/cache-daemon';
import { CacheWithJobs } from './support/cache-with-jobs';
import { CiJob, JobResult } from './support/ci-job';
import { PortForward } from './support/port-forward';

/** How long what runs during a drain takes. */
const SECONDS = sized({ quick: 6, full: 20 });
const BYTES_PER_SECOND = 1_000_000;
/** How long nothing must have run before the hook believes it. */
const QUIET_SECONDS = 2;

describe.each(daemonsUnderTest())('draining Docker $version with the $imageStore store', ({ version, imageStore }) => {
  let outer: OuterDaemon;
  let registry: LocalRegistry;
  let slow: PortForward;
  let cache: CacheWithJobs;
  let job: CiJob;
  let hook: string[];
  let image: string;

  beforeAll(async () => {
    outer = await startOuterDaemon();
    const address = outer.bridge.gateway;
    registry = await LocalRegistry.start({ address });
    slow = await PortForward.open({ host: address, port: Number(registry.host.split(':')[1]) }, { address, bytesPerSecond: BYTES_PER_SECOND });
    const daemonConfig = { insecureRegistries: [`${address}:${slow.port}`] };
    const daemonEnvironment = { QUIET_SECONDS: String(QUIET_SECONDS) };
    cache = await CacheWithJobs.start(outer, { version, imageStore, daemonConfig, daemonEnvironment, chart: { drainTimeout: Duration.minutes(2) } });
    hook = cache.daemon.manifests.podTemplate('Deployment', CACHE_NAME).template.spec.containers[0].lifecycle!.preStop!.exec.command;
    job = await cache.startJob();
    await cache.daemon.client.importBase('base:1');
    image = `${address}:${slow.port}/app:1`;
  });

  afterAll(async () => {
    await cache?.dispose();
    slow?.close();
    await registry?.stop();
    await outer?.release();
  });

  const inDaemon = (command: string, timeoutSeconds?: number): Promise<ExecResult> => cache.pod.container().exec(['sh', '-c', command], timeoutSeconds);
  const whenTrue = (what: string, command: string): Promise<unknown> => eventually(what, async () => (await inDaemon(command)).exitCode === 0);
  /** Runs the hook without stopping the daemon, and takes back what it has marked. */
  const runHook = async (...environment: string[]): Promise<number> => {
    const start = performance.now();
    expect((await cache.pod.container().exec(['env', ...environment, ...hook], 300)).exitCode).toBe(0);
    const seconds = (performance.now() - start) / 1000;
    expect((await inDaemon('rm /run/dind-cache/draining')).exitCode).toBe(0);
    return seconds;
  };
  /** Replaces the daemon while a job runs, and returns what became of both. */
  const replaceDuring = async (script: string, running: () => Promise<unknown>): Promise<JobResult> => {
    await cache.pod.untilReady(60);
    const { pod } = cache;
    const result = job.run(script);
    await running();
    const replaced = cache.daemon.recreate();
    const ended = await result;
    expect(pod.container().exitCodes).toEqual([]);
    await replaced;
    expect(pod.container().exitCodes).toEqual([0]);
    return ended;
  };

  test('the hook returns at its first look when nothing runs', async () => {
    expect(await runHook()).toBeLessThan(1.5);
  });

  test('the hook returns at its first look when the daemon is dead', async () => {
    await inDaemon('mv /run/docker.sock /run/moved.sock');
    expect(await runHook()).toBeLessThan(1.5);
    await inDaemon('mv /run/moved.sock /run/docker.sock');
  });

  test('the hook gives up a hung daemon after its first look', async () => {
    await inDaemon('pgrep -x dockerd | xargs kill -STOP');
    const seconds = await runHook();
    await inDaemon('pgrep -x dockerd | xargs kill -CONT');
    expect(seconds).toBeGreaterThan(4);
    expect(seconds).toBeLessThan(8);
  });

  test('the hook keeps to its bound', async () => {
    const build = job.run(buildThatTakes(12));
    await whenTrue('the build runs', 'pgrep -f "sleep 12"');
    const seconds = await runHook('DRAIN_SECONDS=3');
    expect(seconds).toBeGreaterThan(2);
    expect(seconds).toBeLessThan(5);
    expect((await build).exitCode).toBe(0);
  });

  test('a build ends well before the daemon stops', async () => {
    const { exitCode } = await replaceDuring(buildThatTakes(SECONDS), () => whenTrue('the build runs', `pgrep -f "sleep ${SECONDS}"`));
    expect(exitCode).toBe(0);
  });

  test('a push ends well before the daemon stops', async () => {
    await job.run(`head -c ${SECONDS * BYTES_PER_SECOND} /dev/urandom > /tmp/file && tar -c -C /tmp file | docker import - ${image}`);
    const { exitCode, seconds } = await replaceDuring(`docker push ${image}`, () => eventually('layers are on their way', async () => slow.connections > 0));
    expect([exitCode, seconds > SECONDS]).toEqual([0, true]);
  });

  test('a pull ends well before the daemon stops', async () => {
    await job.run(`docker image rm ${image}`);
    const { exitCode, seconds } = await replaceDuring(`docker pull ${image}`, () => eventually('layers are on their way', async () => slow.connections > 0));
    expect([exitCode, seconds > SECONDS]).toEqual([0, true]);
  });

  test('a container that nobody is connected to ends well before the daemon stops', async () => {
    const { output } = await replaceDuring(`docker run -d base:1 sleep ${SECONDS}`, () => whenTrue('the container runs', 'docker ps -q | grep .'));
    const id = output.trim();
    await cache.pod.untilReady(60);
    expect((await job.run(`docker inspect -f '{{ .State.ExitCode }}' ${id}`)).output).toBe('0\n');
  });

  test('jobs that arrive while it drains wait, and so do the next commands of one that runs', async () => {
    await cache.pod.untilReady(60);
    const { pod } = cache;
    const running = job.run(`${buildThatTakes(15, 'running')} && docker run --rm running echo ran`);
    await whenTrue('the build runs', 'pgrep -f "sleep 15"');
    const replaced = cache.daemon.recreate();
    await eventually('the pod has left the Service', async () => !pod.ready, { deadlineSeconds: 15 });
    expect(pod.container().exitCodes).toEqual([]);
    const arriving = [1, 2, 3].map(each => job.run(buildThatTakes(1, `arriving-${each}`)));

    const [first, ...others] = await Promise.all([running, ...arriving]);
    await replaced;
    expect([first.exitCode, first.output]).toEqual([0, expect.stringContaining('ran\n')]);
    for (const { exitCode, output } of others) {
      expect([exitCode, output]).toEqual([0, expect.stringMatching(/^docker daemon .*: the connection is refused: the daemon starts, drains or is down; waiting\n/)]);
    }
  });
});

function buildThatTakes(seconds: number, tag = 'app'): string {
  return `printf 'FROM base:1\\nRUN echo ${tag} %s && sleep ${seconds}\\n' "$(date +%s)" | docker build --progress=plain -t ${tag} -`;
}
