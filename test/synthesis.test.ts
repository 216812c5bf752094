import { execFile } from 'node:child_process';
import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { promisify } from 'node:util';
import { App, Size } from 'cdk8s';
import { BuilderNode, CacheClient, CacheVolume, DaemonConfig, DindCacheChart, DindCacheChartProps } from '../src';
import { cacheProps, localVolume } from './fixtures';
import { removeTemporaryFolders, temporaryFolder } from './support/temporary-folder';

const ROOT = resolve(__dirname, '..');

afterEach(removeTemporaryFolders);

/** The same map, written down the other way round. */
function turned<T extends object>(map: T): T {
  return Object.fromEntries(Object.entries(map).reverse()) as T;
}

function yaml(order: <T extends object>(map: T) => T): string {
  const app = new App({ outdir: '/nonexistent' });
  const labels = (): { [key: string]: string } => order({ a: '1', m: '2', z: '3' });
  const props: DindCacheChartProps = order({
    ...cacheProps(),
    volume: CacheVolume.local(order(localVolume({ node: BuilderNode.labeled(labels()), capacity: Size.gibibytes(50) }))),
    clients: [CacheClient.inNamespace('gitlab-runner', { podLabels: labels() })],
    daemonConfig: DaemonConfig.of(order({ logOptions: labels(), features: order({ cdi: true, b: true }), additionalOptions: order({ debug: true, bip: 'x' }) })),
    labels: labels(),
    annotations: labels(),
    podLabels: labels(),
    podAnnotations: labels(),
    separateClusterScoped: true,
  });
  new DindCacheChart(app, 'docker', props);
  return app.synthYaml();
}

describe('synthesis', () => {
  test('writes the same bytes in whatever order properties and labels are written down', () => {
    expect(yaml(turned)).toBe(yaml(map => map));
  });

  test('writes the same bytes twice', () => {
    expect(yaml(map => map)).toBe(yaml(map => map));
  });

  test.each([
    [{ TZ: 'Pacific/Kiritimati', LC_ALL: 'tr_TR.UTF-8', LANG: 'tr_TR.UTF-8' }, temporaryFolder],
    [{ TZ: 'America/St_Johns', LC_ALL: 'C', HOME: '/nonexistent' }, (): string => '/'],
  ])('writes the bytes of dist/ in the environment %j and another folder', async (environment, folder) => {
    const outdir = temporaryFolder();
    const env = { ...process.env, ...environment, CDK8S_OUTDIR: outdir, TS_NODE_PROJECT: join(ROOT, 'tsconfig.dev.json') };
    const register = require.resolve('ts-node/register/transpile-only');

    await promisify(execFile)(process.execPath, ['--require', register, join(ROOT, 'examples/index.ts')], { cwd: folder(), env });

    const contents = (from: string): { [name: string]: string } =>
      Object.fromEntries(readdirSync(from).map(name => [name, readFileSync(join(from, name), 'utf8')]));
    expect(contents(outdir)).toEqual(contents(join(ROOT, 'dist')));
  }, 60_000);

  test('writes nothing when a validation fails', () => {
    const app = new App({ outdir: temporaryFolder() });
    const { cache } = new DindCacheChart(app, 'docker', cacheProps());
    cache.node.addValidation({ validate: () => ['the moon is full'] });

    expect(() => app.synth()).toThrow(new Error('Validation failed with the following errors:\n  [docker/Cache] the moon is full'));
    expect(readdirSync(app.outdir)).toEqual([]);
  });

  test('writes nothing when an argument is wrong', () => {
    const app = new App({ outdir: temporaryFolder() });

    expect(() => new DindCacheChart(app, 'docker', cacheProps({ clients: [] }))).toThrow("'clients' must not be empty");
    expect(readdirSync(app.outdir)).toEqual([]);
  });
});
