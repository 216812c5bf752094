import { App, Chart, Cron, Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { CacheVolume, DaemonTls, DindCache, DockerImages, PrunePolicy, Warnings } from '../src';
import { cacheProps, localVolume, newChart } from './fixtures';
import { standardErrorOf } from './support/captured';
import { removeTemporaryFolders, temporaryFolder } from './support/temporary-folder';

/** Every warning of the library, in the order of the constructs below that have them. */
const IDS = ['volume-path', 'plaintext', 'floating-image', 'system-prune-all', 'every-minute', 'shared-ca'];

afterEach(removeTemporaryFolders);

/** Two caches with every unwise choice. */
function unwise(chart: Chart, id = 'unwise'): Construct {
  const group = new Construct(chart, id);
  new DindCache(group, 'docker', cacheProps({
    volume: CacheVolume.local(localVolume({ path: '/opt/docker' })),
    tls: DaemonTls.plaintext(),
    images: DockerImages.custom({ version: '28.5.2', daemon: 'docker:dind', client: 'docker:cli' }),
    prune: PrunePolicy.systemPruneAll({ schedule: Cron.schedule({ hour: '3' }) }),
  }));
  new DindCache(group, 'shared', cacheProps({ tls: DaemonTls.certManager({ caIssuer: { name: 'company' } }) }));
  return group;
}

function idsIn(text: string): string[] {
  return [...text.matchAll(/\(([a-z-]+)\)\n/g)].map(([, id]) => id);
}

function warningsOf(chart: Chart): string[] {
  return idsIn(standardErrorOf(() => Testing.synth(chart)));
}

describe('warnings', () => {
  test.each<[string, (app: App) => unknown]>([
    ['App.synth', app => app.synth()],
    ['App.synthYaml', app => app.synthYaml()],
    ['Testing.synth', app => Testing.synth(app.charts[0])],
  ])('are printed by %s, once each, however often it runs', (_, synth) => {
    const app = new App({ outdir: temporaryFolder() });
    unwise(new Chart(app, 'chart', { namespace: 'ci' }));

    expect(idsIn(standardErrorOf(() => [1, 2].forEach(() => synth(app))))).toEqual(IDS);
  });

  test('say where, what and how to silence them', () => {
    const chart = newChart();
    unwise(chart);

    expect(Warnings.of(chart).messages[1]).toBe(
      '[Warning at chart/unwise/docker/Deployment] without TLS whoever reaches the port is root on the builder node, '
      + 'and any RUN step of any build reaches it from inside (plaintext)',
    );
  });

  test('are printed for each construct that has them', () => {
    const chart = newChart();
    unwise(chart, 'a');
    unwise(chart, 'b');

    expect(warningsOf(chart)).toEqual([...IDS, ...IDS]);
  });

  test('that are added after the first synthesis are printed by the next', () => {
    const chart = newChart();
    unwise(chart, 'a');
    warningsOf(chart);

    unwise(chart, 'b');

    expect(warningsOf(chart)).toEqual(IDS);
  });

  test('are not printed when nothing is synthesized', () => {
    expect(standardErrorOf(() => unwise(newChart()))).toBe('');
  });

  test('can be asked for, as they are printed', () => {
    const chart = newChart();
    const group = unwise(chart);
    const { messages } = Warnings.of(chart);

    expect(messages).toHaveLength(IDS.length);
    expect(standardErrorOf(() => Testing.synth(chart))).toBe(messages.map(message => `${message}\n`).join(''));
    expect(Warnings.of(group).messages).toEqual(messages);
    expect(Warnings.of(group.node.findChild('docker').node.findChild('Deployment')).messages).toEqual(messages.slice(1, 3));
  });

  test.each(IDS)('of the kind %s are silent where they are acknowledged, and the others are not', id => {
    const chart = newChart();

    Warnings.of(unwise(chart)).acknowledge(id);

    const others = IDS.filter(other => other !== id);
    expect(idsIn(Warnings.of(chart).messages.join('\n') + '\n')).toEqual(others);
    expect(warningsOf(chart)).toEqual(others);
  });

  test('are loud beside where they are acknowledged', () => {
    const chart = newChart();
    Warnings.of(unwise(chart, 'a')).acknowledge(...IDS);
    unwise(chart, 'b');

    expect(warningsOf(chart)).toEqual(IDS);
    expect(Warnings.of(chart).messages.every(message => message.startsWith('[Warning at chart/b/'))).toBe(true);
  });

  test('can be acknowledged above where they are and before they are there', () => {
    const chart = newChart();
    Warnings.of(chart).acknowledge(...IDS);
    unwise(chart);

    expect(Warnings.of(chart).messages).toEqual([]);
    expect(warningsOf(chart)).toEqual([]);
  });

  test('are none for a cache with the defaults', () => {
    const chart = newChart();
    new DindCache(chart, 'docker', cacheProps());

    expect(Warnings.of(chart).messages).toEqual([]);
  });
});
