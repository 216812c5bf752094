import * as fs from 'node:fs';
import * as path from 'node:path';
import { DockerClient } from '../harness/docker/docker-client';
import { findForeignDaemon } from '../harness/docker/foreign-daemon';
import { LocalRegistry } from '../harness/docker/local-registry';
import { ManifestPlayer } from '../harness/docker/manifest-player';
import { makeRunFolder, OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { SmallDisk } from '../harness/docker/small-disk';
import { dockerVersionsUnderTest } from '../harness/docker/versions';
import { eventually } from '../harness/kubernetes/eventually';

const [version] = dockerVersionsUnderTest().slice(-1);

test('a daemon that the machine has already is found and used, if it runs privileged containers', async () => {
  const outer = await startOuterDaemon();
  const host = process.env.DOCKER_HOST;
  try {
    process.env.DOCKER_HOST = `unix://${outer.engine.socket}`;
    expect((await findForeignDaemon())?.bridge).toEqual(outer.bridge);
    process.env.DOCKER_HOST = 'unix:///nowhere.sock';
    expect(await findForeignDaemon()).toBeUndefined();
  } finally {
    if (host === undefined) delete process.env.DOCKER_HOST;
    else process.env.DOCKER_HOST = host;
    await outer.release();
  }
});

describe('a small disk and a registry', () => {
  let outer: OuterDaemon;
  let disk: SmallDisk;
  let registry: LocalRegistry;
  let player: ManifestPlayer;
  let client: DockerClient;

  beforeAll(async () => {
    outer = await startOuterDaemon();
    disk = await SmallDisk.create(200 * 1024 ** 2);
    registry = await LocalRegistry.start({ address: outer.bridge.gateway });
    player = await ManifestPlayer.create(outer, '', { claims: { data: disk.mountPoint } });
    const daemon = {
      name: 'daemon',
      image: `docker:${version}-dind`,
      args: ['--tls=false', `--insecure-registry=${registry.host}`],
      env: [{ name: 'DOCKER_TLS_CERTDIR', value: '' }],
      securityContext: { privileged: true },
      volumeMounts: [{ name: 'data', mountPath: '/var/lib/docker' }],
    };
    const spec = { containers: [daemon], volumes: [{ name: 'data', persistentVolumeClaim: { claimName: 'data' } }] };
    const pod = await player.startPod({ name: 'dind', namespace: 'harness', template: { spec } });
    client = await DockerClient.create(`tcp://${pod.ip}:2375`);
    await eventually('the daemon answers', async () => (await client.tryRun(['version'])).exitCode === 0);
    await client.importBase('base:1');
  });

  afterAll(async () => {
    await player?.dispose();
    await registry?.stop();
    await disk?.remove();
    await outer?.release();
  });

  test('an image goes to the registry and comes back', async () => {
    const image = `${registry.host}/app:1`;
    await client.run(['tag', 'base:1', image]);
    await client.run(['push', image]);
    await client.run(['image', 'rm', image]);
    await client.run(['pull', image]);
    expect(await client.run(['run', '--rm', image, 'echo', 'ran'])).toBe('ran\n');
  });

  test('a build that needs more than the disk has fails for want of space, and the disk tells its use', async () => {
    const before = disk.used();
    const context = makeRunFolder();
    fs.writeFileSync(path.join(context, 'Dockerfile'), 'FROM base:1\nRUN dd if=/dev/urandom of=/big bs=1M count=300\n');
    const { exitCode, stderr } = await client.tryBuild(context);
    expect(exitCode).not.toBe(0);
    expect(stderr).toContain('No space left on device');
    expect(before).toBeGreaterThan(0);
    expect(before).toBeLessThan(0.5);
  });
});
