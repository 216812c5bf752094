import { setTimeout as sleep } from 'node:timers/promises';
import { ExecResult } from '../harness/docker/engine';
import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { dockerVersionsUnderTest } from '../harness/docker/versions';
import { eventually } from '../harness/kubernetes/eventually';
import { repetitions } from '../harness/size';
import { CACHE_NAMESPACE, CLIENT_NAMESPACE, CLIENT_SECRET, SERVER_SECRET } from './support/cache-daemon';
import { CacheWithJobs } from './support/cache-with-jobs';
import { CiJob, JobResult } from './support/ci-job';
import { issue } from './support/issue';
import { IssuedDocuments, SecretData } from './support/issued-documents';
import { RestartTimes, watchRestart } from './support/restart-watch';
import { servedCertificate } from './support/served-certificate';

const LOOK = ['sh', '/etc/dind-cache/alive.sh', 'alive'];
/** What a job does, with its number in place of `$JOB`: it waits, builds, and runs what it has built. */
const BUILD_AND_RUN = `
printf 'FROM base:1\\nRUN echo %s > /job && sleep 1\\n' "$JOB" | docker build --progress=plain -t "app:$JOB" -
[ "$(docker run --rm "app:$JOB" cat /job)" = "$JOB" ]`;

describe.each(dockerVersionsUnderTest())('renewal on Docker %s', version => {
  let outer: OuterDaemon;

  beforeAll(async () => {
    outer = await startOuterDaemon();
  });

  afterAll(async () => {
    await outer?.release();
  });

  /** The test looks instead of the kubelet, and waits for nothing. */
  describe('look by look', () => {
    let cache: CacheWithJobs;
    let job: CiJob;
    let renewal: IssuedDocuments;

    beforeAll(async () => {
      cache = await CacheWithJobs.start(outer, { version, probePeriodSeconds: 3600 });
      job = await cache.startJob();
    });

    afterAll(() => cache?.dispose());

    const inDaemon = (command: string[], ...environment: string[]): Promise<ExecResult> =>
      cache.pod.container().exec(['env', ...environment, ...command]);
    const look = async (leaving = 0): Promise<string> => {
      const { exitCode } = await inDaemon(LOOK, 'SETTLED_SECONDS=0', `LEAVING_SECONDS=${leaving}`);
      expect(exitCode).toBe(0);
      return (await inDaemon(['sh', '-c', 'cat /run/dind-cache/draining 2>/dev/null'])).output.trim();
    };
    const comeAndGo = async (): Promise<void> => {
      expect((await job.shell('docker version')).exitCode).toBe(0);
    };

    test('a Secret that is written again with what it held is nothing new', async () => {
      cache.daemon.issued.apply(cache.daemon.player);
      expect([await look(), await look()]).toEqual(['', '']);
    });

    test('a client that came and went since the last look keeps the daemon', async () => {
      renewal = await cache.renewServerCertificate();
      expect(await look(3600)).toBe('');
      await comeAndGo();
      expect(await look(3600)).toBe('');
      expect(await look(3600)).toBe('renewal');
    });

    test('a client that came and went while the daemon was leaving the Service brings it back', async () => {
      await comeAndGo();
      expect(await look(3600)).toBe('');
    });

    test('a client that stays connected keeps the daemon, though it asks for nothing', async () => {
      const watcher = job.shell('timeout 3 docker events');
      await eventually('the watcher is connected', async () => (await inDaemon(['grep', '-q', ':0948 .* 01 ', '/proc/net/tcp6'])).exitCode === 0);
      expect([await look(3600), await look(3600)]).toEqual(['', '']);
      await watcher;
    });

    test('a certificate that the daemon would not start with changes nothing', async () => {
      const [renewed, other] = [renewal, await issue(outer, { version })].map(each => each.data(CACHE_NAMESPACE, SERVER_SECRET));
      const mistakes: SecretData[] = [{ 'key.pem': other['key.pem'] }, { 'ca.pem': other['ca.pem'] }, { 'cert.pem': Buffer.alloc(0) }];
      for (const mistake of mistakes) {
        cache.daemon.player.writeSecret(CACHE_NAMESPACE, SERVER_SECRET, { ...renewed, ...mistake });
        expect([await look(), await look(), await look()]).toEqual(['', '', '']);
      }
      expect(await cache.pod.container().log()).toContain('alive: the mounted certificate is incomplete, or not of its CA or key');
      expect(cache.pod.container().restarts).toBe(0);
    });

    test('a daemon that is being stopped is left to its hook', async () => {
      renewal.apply(cache.daemon.player);
      await inDaemon(['sh', '-c', 'echo stop > /run/dind-cache/draining']);
      expect([await look(), await look(), await look()]).toEqual(['stop', 'stop', 'stop']);
      await inDaemon(['rm', '/run/dind-cache/draining']);
    });

    test('a certificate that is put back brings the daemon back', async () => {
      expect(await look(3600)).toBe('renewal');
      cache.daemon.issued.apply(cache.daemon.player);
      expect(await look(3600)).toBe('');
    });

    test('a daemon that has left the Service and is not used is stopped, and starts with the new certificate', async () => {
      renewal.apply(cache.daemon.player);
      expect(await look(3600)).toBe('renewal');
      await inDaemon(LOOK, 'SETTLED_SECONDS=0', 'LEAVING_SECONDS=0');
      await eventually('the container was restarted', async () => cache.pod.container().restarts === 1);
      expect(cache.pod.container().exitCodes).toEqual([0]);
      await cache.pod.untilReady(60);
      expect((await servedCertificate(cache.pod.ip)).serialNumber).toBe(renewal.certificate(CACHE_NAMESPACE, SERVER_SECRET).serialNumber);
    });
  });

  /** The kubelet looks oftener and the script waits less than in a cluster, in proportion. */
  describe('under jobs', () => {
    let cache: CacheWithJobs;
    let job: CiJob;

    beforeAll(async () => {
      const daemonEnvironment = { SETTLED_SECONDS: '2', LEAVING_SECONDS: '4' };
      cache = await CacheWithJobs.start(outer, { version, probePeriodSeconds: 2, daemonEnvironment });
      job = await cache.startJob();
      await cache.daemon.client.importBase('base:1');
    });

    afterAll(() => cache?.dispose());

    const served = async (): Promise<string> => (await servedCertificate(cache.pod.ip)).serialNumber;
    const serialOf = (documents: IssuedDocuments): string => documents.certificate(CACHE_NAMESPACE, SERVER_SECRET).serialNumber;

    test('a build that runs meanwhile ends well, and the new certificate is served afterwards', async () => {
      const build = job.run(BUILD_AND_RUN.replace('sleep 1', 'sleep 12'), { JOB: 'long' });
      const renewed = await cache.renewServerCertificate();
      expect((await build).exitCode).toBe(0);
      expect(cache.pod.container().restarts).toBe(0);
      await eventually('the daemon was restarted', async () => cache.pod.container().restarts === 1 && cache.pod.ready, { deadlineSeconds: 90 });
      expect(await served()).toBe(serialOf(renewed));
    });

    test(`jobs that come at every moment of ${repetitions.renewals} renewals all end well`, async () => {
      const certificate = cache.daemon.issued.data(CLIENT_NAMESPACE, CLIENT_SECRET);
      const times: RestartTimes[] = [];
      const jobs = await whileJobsRun(job, async () => {
        for (let renewal = 0; renewal < repetitions.renewals; renewal += 1) {
          const [restart, renewed] = await Promise.all([watchRestart(cache.pod, certificate), cache.renewServerCertificate()]);
          expect(await served()).toBe(serialOf(renewed));
          times.push(restart);
        }
      });
      process.stderr.write(`${jobs.length} jobs across ${times.length} renewals; from the daemon's start to the API behind its Service: `
        + `${median(times.map(({ apiUp }) => apiUp))} s; floor, to the API itself: ${median(times.map(({ floor }) => floor))} s (medians)\n`);
      expect(jobs.filter(({ exitCode }) => exitCode !== 0)).toEqual([]);
      expect(jobs.length).toBeGreaterThan(repetitions.renewals);
    }, 600_000);
  });
});

/** Runs one job after the other, with pauses of different lengths, until some work is done. */
async function whileJobsRun(job: CiJob, work: () => Promise<void>): Promise<JobResult[]> {
  const results: JobResult[] = [];
  let working = true;
  const loop = async (): Promise<void> => {
    for (let number = 1; working; number += 1) {
      results.push(await job.run(BUILD_AND_RUN, { JOB: `loop-${number}` }));
      await sleep((number * 7 % 10) * 1000);
    }
  };
  const looping = loop();
  await work().finally(() => { working = false; });
  await looping;
  return results;
}

function median(values: number[]): string {
  return [...values].sort((a, b) => a - b)[Math.floor(values.length / 2)].toFixed(1);
}
