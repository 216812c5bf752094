import { setTimeout as sleep } from 'node:timers/promises';
import { ExecResult } from '../harness/docker/engine';
import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { dockerVersionsUnderTest } from '../harness/docker/versions';
import { eventually } from '../harness/kubernetes/eventually';
import { repetitions } from '../harness/size';
import { CiJob, JobResult } from './support/ci-job';
import { issue, IssuedDocuments, SecretData } from './support/issued-documents';
import { PlayedCache } from './support/played-cache';
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
    let played: PlayedCache;
    let job: CiJob;
    let renewal: IssuedDocuments;

    beforeAll(async () => {
      played = await PlayedCache.start(outer, { version, probePeriodSeconds: 3600 });
      job = await played.startJob();
    });

    afterAll(() => played?.dispose());

    const inDaemon = (command: string[], ...environment: string[]): Promise<ExecResult> =>
      played.pod.container().exec(['env', ...environment, ...command]);
    const look = async (leaving = 0): Promise<string> => {
      const { exitCode } = await inDaemon(LOOK, 'SETTLED_SECONDS=0', `LEAVING_SECONDS=${leaving}`);
      expect(exitCode).toBe(0);
      return (await inDaemon(['sh', '-c', 'cat /run/dind-cache/draining 2>/dev/null'])).output.trim();
    };
    const comeAndGo = async (): Promise<void> => {
      expect((await job.shell('docker version')).exitCode).toBe(0);
    };

    test('a Secret that is written again with what it held is nothing new', async () => {
      played.issued!.apply(played.player);
      expect([await look(), await look()]).toEqual(['', '']);
    });

    test('a client that came and went since the last look keeps the daemon', async () => {
      renewal = await played.renewServerCertificate();
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
      const { cache, player } = played;
      const name = `${cache.name}-server-tls`;
      const renewed = renewal.data(cache.namespace, name);
      const other = (await issue(outer, cache)).data(cache.namespace, name);
      const mistakes: SecretData[] = [{ 'key.pem': other['key.pem'] }, { 'ca.pem': other['ca.pem'] }, { 'cert.pem': Buffer.alloc(0) }];
      for (const mistake of mistakes) {
        player.writeSecret(cache.namespace, name, { ...renewed, ...mistake });
        expect([await look(), await look(), await look()]).toEqual(['', '', '']);
      }
      expect(await played.pod.container().log()).toContain('alive: the mounted certificate is incomplete, or not of its CA or key');
      expect(played.pod.container().restarts).toBe(0);
    });

    test('a daemon that is being stopped is left to its hook', async () => {
      renewal.apply(played.player);
      await inDaemon(['sh', '-c', 'echo stop > /run/dind-cache/draining']);
      expect([await look(), await look(), await look()]).toEqual(['stop', 'stop', 'stop']);
      await inDaemon(['rm', '/run/dind-cache/draining']);
    });

    test('a certificate that is put back brings the daemon back', async () => {
      expect(await look(3600)).toBe('renewal');
      played.issued!.apply(played.player);
      expect(await look(3600)).toBe('');
    });

    test('a daemon that has left the Service and is not used is stopped, and starts with the new certificate', async () => {
      renewal.apply(played.player);
      expect(await look(3600)).toBe('renewal');
      await inDaemon(LOOK, 'SETTLED_SECONDS=0', 'LEAVING_SECONDS=0');
      await eventually('the container was restarted', async () => played.pod.container().restarts === 1);
      expect(played.pod.container().exitCodes).toEqual([0]);
      await played.pod.untilReady(60);
      expect((await servedCertificate(played.pod.ip)).serialNumber).toBe(renewal.certificate('dind-cache', `${played.cache.name}-server-tls`).serialNumber);
    });
  });

  /** The kubelet looks oftener and the script waits less than in a cluster, in proportion. */
  describe('under jobs', () => {
    let played: PlayedCache;
    let job: CiJob;

    beforeAll(async () => {
      // a kubelet has long forgotten the last renewal when the next one comes
      const options = { restartBackoffSeconds: 0 };
      const daemonEnvironment = { SETTLED_SECONDS: '2', LEAVING_SECONDS: '4' };
      played = await PlayedCache.start(outer, { version, probePeriodSeconds: 2, daemonEnvironment }, options);
      job = await played.startJob();
      await played.importBase('base:1');
    });

    afterAll(() => played?.dispose());

    const served = async (): Promise<string> => (await servedCertificate(played.pod.ip)).serialNumber;
    const serialOf = (documents: IssuedDocuments): string => documents.certificate('dind-cache', `${played.cache.name}-server-tls`).serialNumber;

    test('a build that runs meanwhile ends well, and the new certificate is served afterwards', async () => {
      const build = job.run(BUILD_AND_RUN.replace('sleep 1', 'sleep 12'), { JOB: 'long' });
      const renewed = await played.renewServerCertificate();
      expect((await build).exitCode).toBe(0);
      expect(played.pod.container().restarts).toBe(0);
      await eventually('the daemon was restarted', async () => played.pod.container().restarts === 1 && played.pod.ready, { deadlineSeconds: 90 });
      expect(await served()).toBe(serialOf(renewed));
    });

    test(`jobs that come at every moment of ${repetitions.renewals} renewals all end well`, async () => {
      const certificate = played.issued!.data('gitlab-runner', `${played.cache.name}-client-tls`);
      const times: RestartTimes[] = [];
      const jobs = await whileJobsRun(job, async () => {
        for (let renewal = 0; renewal < repetitions.renewals; renewal += 1) {
          const [restart, renewed] = await Promise.all([watchRestart(played.pod, certificate), played.renewServerCertificate()]);
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
