import { Duration, Size } from 'cdk8s';
import { DindConfig, DockerImages, GcPolicy, GcRecordType, GcRule, GcSharesOptions } from '../src';
import { Manifest, manifestOf, newChart } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

interface Collection extends Manifest {
  readonly policy: Manifest[];
}

/** The collection in daemon.json for a volume of 100 GiB. */
function gc(policy?: GcPolicy, version = '28.5.2'): Collection {
  const config = new DindConfig(newChart(), 'config', { gcPolicy: policy, capacity: Size.gibibytes(100), images: DockerImages.official({ version }) });
  return JSON.parse(manifestOf(config).data['daemon.json']).builder.gc as Collection;
}

function custom(...rules: GcRule[]): Manifest[] {
  return gc(GcPolicy.custom(rules)).policy;
}

const LAST: GcRule = { maxUsedSpace: Size.gibibytes(40) };

describe('a collection by shares', () => {
  test('drops old sources first, then whatever is over the sizes, and at last what images share', () => {
    expect(gc()).toEqual({
      enabled: true,
      policy: [
        { filter: ['type=source.local', 'until=72h'], maxUsedSpace: '1024MiB' },
        { filter: ['type=source.git.checkout', 'until=168h'], maxUsedSpace: '1024MiB' },
        { reservedSpace: '10240MiB', maxUsedSpace: '40960MiB', minFreeSpace: '35840MiB' },
        { all: true, reservedSpace: '10240MiB', maxUsedSpace: '40960MiB', minFreeSpace: '30720MiB' },
      ],
    });
  });

  test('keeps to other shares', () => {
    expect(gc(GcPolicy.shares({ cache: 60, images: 30 })).policy.slice(2)).toEqual([
      { reservedSpace: '10240MiB', maxUsedSpace: '61440MiB', minFreeSpace: '5120MiB' },
      { all: true, reservedSpace: '10240MiB', maxUsedSpace: '61440MiB', minFreeSpace: '5120MiB' },
    ]);
  });

  test('has no age in its last two rules, without which the cache has no limit', () => {
    expect(gc().policy.slice(2).map(rule => Object.keys(rule).includes('filter'))).toEqual([false, false]);
  });

  test('has one size in each rule for a daemon that knows no more', () => {
    expect(gc(undefined, '27.5.1')).toEqual({
      enabled: true,
      policy: [
        { filter: ['type=source.local', 'until=72h'], keepStorage: '1024MiB' },
        { filter: ['type=source.git.checkout', 'until=168h'], keepStorage: '1024MiB' },
        { keepStorage: '40960MiB' },
        { all: true, keepStorage: '40960MiB' },
      ],
    });
    expect(gc(undefined, '28.0.0').policy[2]).toHaveProperty('maxUsedSpace');
  });

  const percentage = 'a percentage of the volume';
  test.each<[GcSharesOptions, string]>([
    [{ cache: 9 }, `'cache' must be an integer from 10 to 80, got 9; ${percentage}`],
    [{ cache: 81 }, `'cache' must be an integer from 10 to 80, got 81; ${percentage}`],
    [{ images: 4 }, `'images' must be an integer from 5 to 80, got 4; ${percentage}`],
    [{ images: 12.5 }, `'images' must be an integer from 5 to 80, got 12.5; ${percentage}`],
    [{ cache: 60, images: 31 }, "'images' must leave at least 10 % of the volume free beside 'cache', got 31; the largest build must fit into what is free"],
  ])('refuses %j', (options, message) => {
    expect(() => GcPolicy.shares(options)).toThrow(new Error(message));
  });
});

describe('a collection by rules of your own', () => {
  test('is these rules, in their order', () => {
    expect(custom(
      { recordType: GcRecordType.CACHE_MOUNT, unusedFor: Duration.days(14), maxUsedSpace: Size.gibibytes(5) },
      { unusedFor: Duration.hours(1) },
      { all: true, reservedSpace: Size.gibibytes(10), maxUsedSpace: Size.gibibytes(40), minFreeSpace: Size.gibibytes(20) },
    )).toEqual([
      { filter: ['type=exec.cachemount', 'until=336h'], maxUsedSpace: '5120MiB' },
      { filter: ['until=1h'] },
      { all: true, reservedSpace: '10240MiB', maxUsedSpace: '40960MiB', minFreeSpace: '20480MiB' },
    ]);
  });

  test.each(Object.entries({
    REGULAR: 'regular', SOURCE_LOCAL: 'source.local', SOURCE_GIT: 'source.git.checkout', CACHE_MOUNT: 'exec.cachemount', FRONTEND: 'frontend', INTERNAL: 'internal',
  }))('knows records of the kind %s as the daemon does', (name, type) => {
    const recordType = GcRecordType[name as keyof typeof GcRecordType];

    expect(custom({ recordType, maxUsedSpace: Size.gibibytes(1) }, LAST)[0].filter).toEqual([`type=${type}`]);
  });

  test('names its size as an old daemon does', () => {
    expect(gc(GcPolicy.custom([{ all: true, ...LAST }]), '27.5.1')).toEqual({ enabled: true, policy: [{ all: true, keepStorage: '40960MiB' }] });
    expect(gc(GcPolicy.custom([{ unusedFor: Duration.hours(2) }, LAST]), '26.1.4').policy[0]).toEqual({ filter: ['until=2h'] });
  });

  test('does not change with the list that it was made from', () => {
    const rules = [LAST];
    const policy = GcPolicy.custom(rules);

    rules.unshift({ unusedFor: Duration.hours(1) });

    expect(gc(policy).policy).toHaveLength(1);
  });

  const gib = (amount: number): Size => Size.gibibytes(amount);
  test.each<[string, GcRule[], string]>([
    ['nothing', [], "'rules' must not be empty, got []"],
    ['a rule that collects everything', [{}, LAST], "'rules' must each have a size or an age, got {}; a rule without either would collect everything"],
    ['free space at any cost', [{ minFreeSpace: gib(20) }, LAST],
      "'rules' must have 'reservedSpace' beside 'minFreeSpace', got {\"minFreeSpace\":\"20480MiB\"}; without it a full volume costs the whole cache"],
    ['more reserved than used', [{ reservedSpace: gib(2), maxUsedSpace: gib(1) }],
      "'rules' must have no larger 'reservedSpace' than 'maxUsedSpace', got {\"reservedSpace\":\"2048MiB\",\"maxUsedSpace\":\"1024MiB\"}"],
    ['an age of half an hour', [{ unusedFor: Duration.minutes(30) }, LAST], "'rules.unusedFor' must be a positive whole number of hours, got 30 minutes"],
    ['an age at last', [LAST, { unusedFor: Duration.hours(1), ...LAST }],
      "'rules' must end in a rule without 'unusedFor' and 'recordType', got {\"filter\":[\"until=1h\"],\"maxUsedSpace\":\"40960MiB\"}; without one the cache has no limit"],
    ['a kind at last', [{ recordType: GcRecordType.REGULAR, ...LAST }],
      "'rules' must end in a rule without 'unusedFor' and 'recordType', got {\"filter\":[\"type=regular\"],\"maxUsedSpace\":\"40960MiB\"}; without one the cache has no limit"],
  ])('refuses %s', (_, rules, message) => {
    expect(() => GcPolicy.custom(rules)).toThrow(new Error(message));
  });

  test('refuses what does not fit into the volume', () => {
    expect(() => custom({ reservedSpace: gib(1), maxUsedSpace: gib(80), minFreeSpace: gib(30) })).toThrow(new Error(
      "'rules' must fit into the volume of 102400MiB, got {\"reservedSpace\":\"1024MiB\",\"maxUsedSpace\":\"81920MiB\",\"minFreeSpace\":\"30720MiB\"}",
    ));
    expect(() => custom({ reservedSpace: gib(1), maxUsedSpace: gib(80), minFreeSpace: gib(20) })).not.toThrow();
  });

  test('refuses what an old daemon ignores', () => {
    expect(() => gc(GcPolicy.custom([{ reservedSpace: gib(1), ...LAST }]), '27.5.1')).toThrow(new Error(
      "'rules' must use 'maxUsedSpace' alone before Docker 28, got {\"reservedSpace\":\"1024MiB\",\"maxUsedSpace\":\"40960MiB\"}; Docker 27.5.1 ignores the other sizes",
    ));
  });
});

describeDefaults('GcRule', [
  ['recordType', '- all kinds', () => expect(custom({ unusedFor: Duration.hours(1) }, LAST)[0].filter).toEqual(['until=1h'])],
  ['unusedFor', '- records of any age are collected', () => expect(custom(LAST)[0]).not.toHaveProperty('filter')],
  ['all', 'false', () => expect(custom(LAST)[0]).not.toHaveProperty('all')],
  ['reservedSpace', '- nothing', () => expect(custom(LAST)[0]).toEqual({ maxUsedSpace: '40960MiB' })],
  ['maxUsedSpace', '- no limit', () => expect(custom({ reservedSpace: Size.gibibytes(1) })[0]).toEqual({ reservedSpace: '1024MiB' })],
  ['minFreeSpace', '- nothing', () => expect(custom(LAST)[0]).not.toHaveProperty('minFreeSpace')],
]);

describeDefaults('GcSharesOptions', [
  ['cache', '40', () => expect(gc(GcPolicy.shares())).toEqual(gc(GcPolicy.shares({ cache: 40 })))],
  ['images', '20', () => expect(gc(GcPolicy.shares())).toEqual(gc(GcPolicy.shares({ images: 20 })))],
]);
