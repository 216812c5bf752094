import * as fs from 'node:fs';
import * as path from 'node:path';
import { DockerClient } from '../harness/docker/docker-client';
import { ManifestPlayer } from '../harness/docker/manifest-player';
import { makeRunFolder, OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { PlayedPod } from '../harness/docker/played-pod';
import { SampleProject } from '../harness/docker/sample-project';
import { daemonsUnderTest } from '../harness/docker/versions';
import { eventually } from '../harness/kubernetes/eventually';

const FIXTURE = fs.readFileSync(path.join(__dirname, '../harness/docker/fixtures/plaintext.yaml'), 'utf8');

describe.each(daemonsUnderTest())('the manifest player on Docker $version with the $imageStore store', ({ version, imageStore }) => {
  let outer: OuterDaemon;
  let player: ManifestPlayer;
  let pod: PlayedPod;
  let client: DockerClient;

  beforeAll(async () => {
    outer = await startOuterDaemon();
    player = await ManifestPlayer.create(outer, FIXTURE.replaceAll('VERSION', version).replace('CONTAINERD_STORE', String(imageStore === 'containerd')));
  });

  afterAll(async () => {
    await player?.dispose();
    await outer?.release();
  });

  test('a pod waits for a volume that is not there yet', async () => {
    await expect(player.startDeployment()).rejects.toThrow("path '/mnt/docker' does not exist");
  });

  test('a Job runs as its security context says, and its hostPath makes the directory', async () => {
    const { exitCode, log } = await player.runJob('Job', 'directory');
    expect(log).toContain('65532\n');
    expect(log).toContain('Read-only file system');
    expect(exitCode).not.toBe(0);
    expect(fs.existsSync(player.nodePath('/mnt/docker'))).toBe(true);
  });

  test('a pod waits for a key of a Secret that nobody has written yet', async () => {
    await expect(player.startDeployment()).rejects.toThrow('references non-existent key: token');
  });

  test('the daemon starts, of the right version, and its probes are green', async () => {
    player.writeSecret('harness', 'token', { token: 'one' });
    pod = await player.startDeployment();
    await pod.untilReady(60);
    client = await DockerClient.create(`tcp://${pod.ip}:2375`);
    expect(await client.run(['version', '--format', '{{ .Server.Version }}'])).toContain(version);
    expect(await client.run(['info', '--format', '{{ .Driver }}'])).toBe(imageStore === 'containerd' ? 'overlayfs\n' : 'overlay2\n');
  });

  test('files have the content and mode of the manifest, and a Secret that is written again changes in place', async () => {
    const look = ['sh', '-c', 'stat -Lc %a /token/nested/token /etc/harness/start.sh; cat /token/nested/token; touch /etc/harness/x 2>&1'];
    expect((await pod.container().exec(look)).output).toMatch(/^400\n444\none.*Read-only file system/s);
    player.writeSecret('harness', 'token', { token: 'two' });
    expect((await pod.container().exec(['cat', '/token/nested/token'])).output).toBe('two');
  });

  test('a Job reaches the daemon by its Service, and its log and exit code come back', async () => {
    const { exitCode, log } = await player.runJob('CronJob', 'client');
    expect(log).toMatch(new RegExp(`^from-init\nOK\n${version}`));
    expect(exitCode).toBe(7);
  });

  test('what a build runs reaches the Service by its name, and a registry of the outside world does not exist', async () => {
    await client.importBase('base:1');
    const command = ['run', '--rm', 'base:1', 'wget', '-qO-', 'http://dind.harness.svc.cluster.local:12375/_ping'];
    expect(await client.run(command)).toBe('OK');
    const { exitCode, stderr, seconds } = await client.tryRun(['pull', 'registry.invalid/app:1']);
    expect([exitCode, stderr]).toEqual([1, expect.stringContaining('no such host')]);
    expect(seconds).toBeLessThan(2);
  });

  test('a cold build caches nothing, and after the pod was replaced all seven steps are cached', async () => {
    const project = new SampleProject(path.join(makeRunFolder(), 'project'), { base: 'base:1', installSeconds: 1, installMegabytes: 10, compileSeconds: 1 });
    const cold = await client.build(project.folder, ['-t', 'app:1']);
    expect([cold.output.cached, cold.output.steps.length]).toEqual([0, 7]);
    pod = await player.recreate(pod);
    await pod.untilReady(60);
    client = await DockerClient.create(`tcp://${pod.ip}:2375`);
    const warm = await client.build(project.folder, ['-t', 'app:1']);
    expect([warm.output.cached, warm.output.steps.length]).toEqual([7, 7]);
    expect(warm.seconds).toBeLessThan(cold.seconds);
  });

  test('a red readiness probe closes the Service and opens it again', async () => {
    const service = await DockerClient.create(`tcp://${player.serviceAddress('dind')}:12375`);
    expect((await service.tryRun(['version'])).exitCode).toBe(0);
    await pod.container().exec(['touch', '/tmp/red-ready']);
    await eventually('the Service refuses', async () => /refused|Cannot connect/.test((await service.tryRun(['version'])).stderr), { deadlineSeconds: 20 });
    await pod.container().exec(['rm', '/tmp/red-ready']);
    await eventually('the Service answers', async () => (await service.tryRun(['version'])).exitCode === 0, { deadlineSeconds: 20 });
    expect(pod.container().restarts).toBe(0);
  });

  test('a hung daemon fails its liveness probe: hook, new container, same address, same emptyDir', async () => {
    const { ip } = pod;
    const { id } = pod.container();
    await pod.container().exec(['sh', '-c', 'pgrep -x dockerd | xargs kill -STOP']);
    await eventually('the container was restarted', async () => pod.container().restarts === 1, { deadlineSeconds: 90 });
    await pod.untilReady(60);
    expect(pod.container().id).not.toBe(id);
    expect(pod.ip).toBe(ip);
    expect(pod.container().exitCodes).toEqual([137]);
    expect((await pod.container().exec(['cat', '/data/drained'])).output).toBe('drained\n');
    expect((await client.tryRun(['version'])).exitCode).toBe(0);
  });
});
