import { DaemonTls } from '../../src';
import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { dockerVersionsUnderTest } from '../harness/docker/versions';
import { reasonToSkip, SHELLS } from '../scripts/support/shells';
import { testUnless } from '../support/conditional-test';
import { CACHE_NAME, CacheDaemon, CLIENT_NAMESPACE, CLIENT_SECRET } from './support/cache-daemon';
import { CacheWithJobs } from './support/cache-with-jobs';
import { certificateEnvironment } from './support/certificate-folder';
import { CiJob } from './support/ci-job';
import { issue } from './support/issue';
import { SecretData } from './support/issued-documents';
import { PortForward } from './support/port-forward';
import { runInShell } from './support/shell-job';

/** How long the jobs wait for a daemon, and how long one attempt may take. */
const [WAIT_SECONDS, ATTEMPT_SECONDS] = [3, 10];
const NO_TLS = { DOCKER_TLS_VERIFY: '', DOCKER_CERT_PATH: '' };
const MIXED = "one side speaks TLS and the other does not: compare DOCKER_TLS_VERIFY and DOCKER_HOST with the cache's endpoint";

describe.each(dockerVersionsUnderTest())('the client script against Docker %s', version => {
  let outer: OuterDaemon;
  let secure: CacheWithJobs;
  let plain: CacheDaemon;
  let job: CiJob;
  let own: SecretData;
  /** Of another CA. */
  let foreign: SecretData;

  beforeAll(async () => {
    outer = await startOuterDaemon();
    secure = await CacheWithJobs.start(outer, { version });
    const chart = { tls: DaemonTls.plaintext() };
    plain = await CacheDaemon.start(outer, { version, imageStore: 'graphdriver', chart, daemonConfig: { minApiVersion: '1.45' } });
    job = await secure.startJob();
    [own, foreign] = [secure.daemon.issued, await issue(outer, { version })].map(issued => issued.data(CLIENT_NAMESPACE, CLIENT_SECRET));
  });

  afterAll(async () => {
    await secure?.dispose();
    await plain?.dispose();
    await outer?.release();
  });

  const host = (): string => secure.daemon.endpoint.dockerHost;
  const plainHost = (): string => `tcp://${plain.pod.ip}:2375`;
  /** Writes certificates where the job's container finds them. */
  const inJob = async (files: SecretData): Promise<Record<string, string>> => {
    const folder = `/builds/certificates-${Object.values(files).reduce((sum, each) => sum + each.length, 0)}`;
    const writes = Object.entries(files).map(([name, content]) => `echo '${content.toString()}' > ${folder}/${name}`);
    await job.shell([`mkdir -p ${folder}`, ...writes].join('\n'));
    return { DOCKER_CERT_PATH: folder };
  };

  /** What a job says that fails, and how long it took; it must not have gone on. */
  const failedJob = async (environment: Record<string, string>): Promise<{ readonly lines: string[]; readonly seconds: number }> => {
    const { exitCode, output, seconds } = await job.run('echo went on', { DIND_CACHE_WAIT_SECONDS: String(WAIT_SECONDS), ...environment });
    expect([exitCode, output]).toEqual([1, expect.not.stringContaining('went on')]);
    return { lines: output.trimEnd().split('\n'), seconds };
  };
  const failsAtOnce = async (environment: Record<string, string>, message: string | RegExp, at = host()): Promise<void> => {
    const { lines, seconds } = await failedJob(environment);
    expect(lines).toEqual([expect.stringMatching(message)]);
    expect(lines[0].startsWith(`docker daemon ${at}: `)).toBe(true);
    expect(seconds).toBeLessThan(WAIT_SECONDS);
  };
  const failsAfterItsWait = async (environment: Record<string, string>, message: string, at = host()): Promise<void> => {
    const { lines, seconds } = await failedJob(environment);
    const line = `docker daemon ${at}: ${message}`;
    // said once when the wait begins, if it is not over by then, and once when it is over
    expect(lines).toEqual(lines.length === 1 ? [line] : [`${line}; waiting`, line]);
    // the script counts whole seconds
    expect(seconds).toBeGreaterThan(WAIT_SECONDS - 1);
    expect(seconds).toBeLessThan(WAIT_SECONDS + ATTEMPT_SECONDS + 2);
  };

  test('a job goes on without a word when the daemon answers', async () => {
    expect(await job.run('echo went on')).toMatchObject({ exitCode: 0, output: 'went on\n' });
    expect(await job.run('echo went on', { ...NO_TLS, DOCKER_HOST: plainHost() })).toMatchObject({ exitCode: 0, output: 'went on\n' });
  });

  test('a name that does not resolve', async () => {
    const at = 'tcp://docker-dind.elsewhere.svc:2376';
    await failsAfterItsWait({ DOCKER_HOST: at }, `the name of ${at} does not resolve: is the cache applied, and its namespace right?`, at);
  });

  test('a refused connection', async () => {
    const at = host().replace('2376', '2399');
    await failsAfterItsWait({ DOCKER_HOST: at }, 'the connection is refused: the daemon starts, drains or is down', at);
  });

  test('packets that are dropped, as a NetworkPolicy does', async () => {
    const inDaemon = async (rule: string): Promise<void> => {
      const { exitCode, output } = await secure.pod.container().exec(['sh', '-c', `for each in iptables iptables-legacy; do $each ${rule} && exit; done 2>&1; exit 1`]);
      expect([exitCode, output]).toEqual([0, '']);
    };
    const at = `tcp://${secure.pod.ip}:2376`;
    await inDaemon('-I INPUT -p tcp --dport 2376 -j DROP');
    await failsAfterItsWait({ DOCKER_HOST: at }, 'no answer: does a NetworkPolicy let this pod in?', at);
    await inDaemon('-D INPUT -p tcp --dport 2376 -j DROP');
    expect((await job.run('echo went on')).exitCode).toBe(0);
  });

  test('a certificate that is not mounted', async () => {
    await failsAtOnce({ DOCKER_CERT_PATH: '/nowhere' }, /the client's certificate is missing in \/nowhere: is the Secret mounted there\?$/);
  });

  test('a Secret that holds the CA alone', async () => {
    await failsAtOnce(await inJob({ 'ca.pem': own['ca.pem'] }), /the certificate is not accepted: .*tls: certificate required$/);
  });

  test("a certificate of another CA, on the client's side and on the daemon's", async () => {
    await failsAtOnce(await inJob({ ...foreign, 'ca.pem': own['ca.pem'] }), /the certificate is not accepted: .*tls: unknown certificate authority$/);
    await failsAtOnce(await inJob(foreign), /the certificate is not accepted: .*x509: certificate signed by unknown authority/);
  });

  test('a name that is not in the certificate', async () => {
    const at = `tcp://${secure.pod.ip}:2376`;
    await failsAtOnce({ DOCKER_HOST: at }, /the certificate is not accepted: .*x509: cannot validate certificate for /, at);
  });

  test('a client in plain text and a daemon with TLS, and the other way round', async () => {
    await failsAtOnce(NO_TLS, MIXED);
    await failsAtOnce({ DOCKER_HOST: plainHost() }, MIXED, plainHost());
  });

  test('a client that is too old', async () => {
    const message = 'the versions of client and daemon do not fit: .*client version 1.44 is too old. Minimum supported API version is 1.45';
    await failsAtOnce({ ...NO_TLS, DOCKER_HOST: plainHost(), DOCKER_API_VERSION: '1.44' }, message, plainHost());
  });

  describe.each(SHELLS)('in $name', shell => {
    const trial = (name: string, body: () => Promise<void>): void => testUnless(reasonToSkip(shell), name, body);
    const options = shell.name === 'dash' ? 'set -eu' : 'set -euo pipefail';
    const run = async (script: string, files: SecretData): ReturnType<typeof runInShell> => {
      const forward = await PortForward.open({ host: secure.daemon.player.serviceAddress(CACHE_NAME), port: 2376 });
      const environment = { DOCKER_HOST: `tcp://localhost:${forward.port}`, DIND_CACHE_WAIT_SECONDS: '1', CI_PROJECT_ID: '7', ...certificateEnvironment(files) };
      return runInShell(shell, secure.daemon.endpoint, `${options}\n${secure.daemon.endpoint.clientScript}\n${script}`, environment).finally(() => forward.close());
    };

    trial('a job that treats every mistake as an error goes on, and its commands are found', async () => {
      const result = await run('echo "$(docker version --format "{{ .Server.Os }}")"; docker nonsense 2>/dev/null || echo "status $?"', own);
      expect(result).toMatchObject({ exitCode: 0, stdout: 'linux\nstatus 1\n', stderr: '' });
    });

    trial('a job that is refused ends there', async () => {
      const { exitCode, stdout, stderr } = await run('echo went on', foreign);
      expect([exitCode, stdout]).toEqual([1, '']);
      expect(stderr).toMatch(/^docker daemon tcp:\/\/localhost:\d+: the certificate is not accepted: .*\n$/);
    });
  });
});
