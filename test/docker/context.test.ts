import * as fs from 'node:fs';
import * as path from 'node:path';
import { run } from '../harness/docker/command';
import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { dockerVersionsUnderTest } from '../harness/docker/versions';
import { sized } from '../harness/size';
import { CacheWithJobs } from './support/cache-with-jobs';
import { CiJob, JobResult } from './support/ci-job';

/** A context of ten files of 1 MB, and what is sent at most when none of them is. */
const [FILES, FILE_BYTES, OVERHEAD] = [10, 1_000_000, 100_000];
const ALL = FILES * FILE_BYTES;
/** Where GitLab Runner puts a project: in the same place in every job's pod. */
const PLACE = 'group/project';
const CONTENT_TIMES = { DIND_CACHE_FILE_TIMES: 'content' };

/** A build, and what is in the file `who` of its image. */
interface Built {
  readonly sent: number;
  readonly who: string;
}

describe.each(dockerVersionsUnderTest())('the build context on Docker %s', version => {
  let outer: OuterDaemon;
  let cache: CacheWithJobs;
  let job: CiJob;
  let projects = 0;

  beforeAll(async () => {
    outer = await startOuterDaemon();
    cache = await CacheWithJobs.start(outer, { version });
    job = await cache.startJob();
    await cache.daemon.client.importBase('base:1');
  });

  beforeEach(() => {
    projects += 1;
  });

  afterAll(async () => {
    await cache?.dispose();
    await outer?.release();
  });

  const project = (): Record<string, string> => ({ CI_SERVER_URL: 'https://gitlab.example.com', CI_PROJECT_ID: String(projects) });
  const build = async (environment: Record<string, string> = {}, on = job): Promise<Built> => {
    const script = 'docker build --progress=plain --iidfile /tmp/image .\ndocker run --rm "$(cat /tmp/image)" cat /context/who';
    const result = await on.run(script, { ...project(), ...environment }, { workingDirectory: `/builds/${PLACE}` });
    expect([result.exitCode, result.output]).toEqual([0, expect.anything()]);
    return { sent: result.build.contextBytes, who: lastLine(result) };
  };

  test('the next job of a project sends what has changed, and nothing else', async () => {
    const folder = makeProject(job.builds);
    expect((await build()).sent).toBeGreaterThanOrEqual(ALL);
    expect((await build()).sent).toBeLessThan(OVERHEAD);
    fs.writeFileSync(path.join(folder, '7.bin'), Buffer.alloc(FILE_BYTES, 'changed'));
    const { sent } = await build();
    expect([sent >= FILE_BYTES, sent < FILE_BYTES + OVERHEAD]).toEqual([true, true]);
  });

  test('a job that is told to, or is of another project, or knows another key, sends everything', async () => {
    makeProject(job.builds);
    const environments: Record<string, string>[] = [{}, { DIND_CACHE_REUSE_CONTEXT: '0' }, { CI_PROJECT_ID: 'another' }, { DIND_CACHE_KEY: 'masked' }];
    for (const environment of environments) {
      expect((await build(environment)).sent).toBeGreaterThanOrEqual(ALL);
    }
  });

  test('a file of the same size is sent when its time is new, and not when it is the same: the build is then stale', async () => {
    const [file, time] = [path.join(makeProject(job.builds), 'who'), new Date('2024-01-01')];
    expect((await build()).who).toBe('0');
    fs.writeFileSync(file, '1');
    expect((await build()).who).toBe('1');
    for (const content of ['2', '3']) {
      fs.writeFileSync(file, content);
      fs.utimesSync(file, time, time);
      expect((await build()).who).toBe('2');
    }
    expect((await build({ DIND_CACHE_REUSE_CONTEXT: '0' })).who).toBe('3');
  });

  test('eight jobs of one project at once each build their own context', async () => {
    const jobs = await Promise.all(Array.from({ length: 8 }, () => cache.startJob()));
    const folders = jobs.map(({ builds }) => makeProject(builds));
    for (let round = 0; round < sized({ quick: 1, full: 3 }); round += 1) {
      const contents = folders.map((_, index) => `${round}${index}`);
      folders.forEach((folder, index) => fs.writeFileSync(path.join(folder, 'who'), contents[index]));
      expect((await Promise.all(jobs.map(each => build({}, each)))).map(({ who }) => who)).toEqual(contents);
    }
    await Promise.all(jobs.map(({ pod }) => cache.daemon.player.remove(pod)));
  });

  describe('of a fresh clone', () => {
    beforeAll(async () => {
      const origin = path.join(job.builds, 'origin');
      fs.renameSync(makeProject(job.builds), origin);
      const git = ['-C', origin, '-c', 'user.name=Somebody', '-c', 'user.email=somebody@example.com', '-c', 'commit.gpgsign=false'];
      for (const command of ['init --quiet', 'add .', 'commit --quiet --message test']) await run('git', [...git, ...command.split(' ')]);
      // git trusts no repository of somebody else's
      await run('chown', ['-R', '1000:1000', origin]);
    });

    /** Clones the project in a job, changes something in the clone and builds it. */
    const cloneAndBuild = async (environment: Record<string, string>, change = 'true'): Promise<Built> => {
      const clone = `cd /builds && rm -rf ${PLACE} && git clone --quiet origin ${PLACE} && cd ${PLACE} && ${change} && echo .git > .dockerignore`;
      expect(await job.shell(clone)).toMatchObject({ exitCode: 0, output: '' });
      return build(environment);
    };

    test('everything is sent, since all of its times are new', async () => {
      expect((await cloneAndBuild({})).sent).toBeGreaterThanOrEqual(ALL);
      expect((await cloneAndBuild({})).sent).toBeGreaterThanOrEqual(ALL);
    });

    test('only what has changed is sent with times that follow from the content', async () => {
      expect((await cloneAndBuild(CONTENT_TIMES)).sent).toBeGreaterThanOrEqual(ALL);
      expect((await cloneAndBuild(CONTENT_TIMES)).sent).toBeLessThan(OVERHEAD);

      const modified = await cloneAndBuild(CONTENT_TIMES, 'printf x | dd of=7.bin conv=notrunc 2> /dev/null && printf 1 > who');
      expect(modified.who).toBe('1');
      expect([modified.sent >= FILE_BYTES, modified.sent < FILE_BYTES + OVERHEAD]).toEqual([true, true]);

      expect((await cloneAndBuild(CONTENT_TIMES)).who).toBe('0');
    });

    test('a commit that keeps the size of a file is sent with times that follow from the content', async () => {
      expect((await cloneAndBuild(CONTENT_TIMES)).who).toBe('0');
      const commit = 'git -c user.name=Somebody -c user.email=somebody@example.com commit --quiet --all --message test';
      const { who, sent } = await cloneAndBuild(CONTENT_TIMES, `printf 2 > who && ${commit}`);
      expect(who).toBe('2');
      expect(sent).toBeLessThan(OVERHEAD);
    });
  });
});

/** Makes a project in a job's pod. */
function makeProject(builds: string): string {
  const folder = path.join(builds, PLACE);
  fs.rmSync(folder, { recursive: true, force: true });
  fs.mkdirSync(folder, { recursive: true });
  fs.chmodSync(path.dirname(folder), 0o777);
  for (let file = 0; file < FILES; file += 1) fs.writeFileSync(path.join(folder, `${file}.bin`), Buffer.alloc(FILE_BYTES, `file ${file}`));
  fs.writeFileSync(path.join(folder, 'who'), '0');
  fs.writeFileSync(path.join(folder, 'Dockerfile'), 'FROM base:1\nCOPY . /context\n');
  return folder;
}

function lastLine({ output }: JobResult): string {
  return output.trimEnd().split('\n').pop() ?? '';
}
