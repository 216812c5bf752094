import { GcPolicy } from '../../src';
import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { daemonsUnderTest } from '../harness/docker/versions';
import { sourceFiles } from '../support/source';
import { CacheDaemon } from './support/cache-daemon';
import { ConfiguredDaemon } from './support/configured-daemon';
import { daemonConfigRows, PUBLISHED, Rows } from './support/daemon-config-rows';
import { customRules, rulesEmitted, rulesInEffect } from './support/gc-rules';
import { Registries } from './support/registries';

/** The options as they stand in the source, whatever the rows' type says. */
const OPTIONS = [...sourceFiles('src').find(({ path }) => path === 'src/daemon-config.ts')!.text
  .match(/export interface DaemonConfigOptions \{([^]*?)\n\}/)![1].matchAll(/^ {2}readonly (\w+)\?:/gm)].map(([, name]) => name) as (keyof Rows)[];

describe.each(daemonsUnderTest())('Docker $version with the $imageStore store', daemonUnderTest => {
  let outer: OuterDaemon;

  beforeAll(async () => {
    outer = await startOuterDaemon();
  });

  afterAll(async () => {
    await outer?.release();
  });

  describe('does as every option of its configuration says', () => {
    let registries: Registries;
    let rows: Rows;
    let daemon: ConfiguredDaemon;

    beforeAll(async () => {
      registries = await Registries.start(outer);
      rows = daemonConfigRows(registries, daemonUnderTest);
      const daemonConfig = Object.fromEntries(Object.entries(rows).map(([option, { value }]) => [option, value]));
      const chart = { gcPolicy: GcPolicy.custom(customRules(daemonUnderTest.version)) };
      daemon = await ConfiguredDaemon.start(outer, registries, { ...daemonUnderTest, daemonConfig, chart });
      await daemon.publish(PUBLISHED);
      await daemon.run('pull', PUBLISHED.replace('library/', ''));
    });

    afterAll(async () => {
      await daemon?.cache.dispose();
      await registries?.stop();
    });

    test('there is a row for every option', () => {
      expect(OPTIONS.length).toBeGreaterThan(10);
      expect(Object.keys(rows).sort()).toEqual([...OPTIONS].sort());
    });

    test.each(OPTIONS)('%s', async option => {
      await rows[option].seen(daemon);
    });

    test('rules of its own for the build cache', async () => {
      expect(await rulesInEffect(daemon.cache)).toEqual(rulesEmitted(daemon.cache));
    });
  });

  describe('does as it is emitted where nothing is said', () => {
    let cache: CacheDaemon;

    beforeAll(async () => {
      cache = await CacheDaemon.start(outer, daemonUnderTest);
      await cache.client.importBase('base:1');
    });

    afterAll(async () => {
      await cache?.dispose();
    });

    test('arguments', async () => {
      const look = ['sh', '-c', 'pgrep -x dockerd | head -n1 | xargs -I@ cat /proc/@/cmdline | tr "\\0" " "'];
      const { args = [], env = [] } = cache.manifests.podTemplate('Deployment').template.spec.containers[0];
      const folder = env.find(({ name }) => name === 'DOCKER_TLS_CERTDIR')?.value;

      expect((await cache.pod.container().exec(look)).output.trim()).toBe([
        'dockerd --host=unix:///var/run/docker.sock --host=tcp://0.0.0.0:2376 --tlsverify',
        ...['ca', 'cert', 'key'].map(name => `--tls${name === 'ca' ? 'cacert' : name} ${folder}/server/${name}.pem`),
        ...args,
      ].join(' '));
    });

    test('rules for the build cache by shares of the volume', async () => {
      expect(await rulesInEffect(cache)).toEqual(rulesEmitted(cache));
    });

    test('logs of containers that do not fill the volume', async () => {
      const id = (await cache.client.run(['create', 'base:1', 'true'])).trim();
      expect(JSON.parse(await cache.client.run(['inspect', '--format', '{{ json .HostConfig.LogConfig }}', id])))
        .toEqual({ Type: 'json-file', Config: { 'max-size': '10m', 'max-file': '3' } });
    });

    test('its data on the volume, and nowhere else', async () => {
      expect(await cache.client.run(['info', '--format', '{{ .DockerRootDir }}'])).toBe('/var/lib/docker\n');
      expect((await cache.pod.container().exec(['mountpoint', '/var/lib/docker'])).exitCode).toBe(0);
    });
  });
});
