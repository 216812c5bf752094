import { Chart, Cron, Duration, Size, Testing } from 'cdk8s';
import { GcPolicy, PruneCronJob, PruneCronJobProps, PrunePolicy, PruneScheduleOptions, UnderPressurePolicyOptions } from '../src';
import { containerOf, manifestOf, newChart, pruneProps } from './fixtures';
import { standardErrorOf } from './support/captured';
import { describeDefaults } from './support/describe-defaults';

const GIBIBYTE = 1024 ** 3;

function job(policy: PrunePolicy, props: Partial<PruneCronJobProps> = {}): PruneCronJob {
  const chart = newChart();
  return new PruneCronJob(chart, 'prune', { ...pruneProps(chart), policy, ...props });
}

/** The settings of the script, by name. */
function settings(options: UnderPressurePolicyOptions = {}, props: Partial<PruneCronJobProps> = {}): { readonly [name: string]: string } {
  const { env } = containerOf(job(PrunePolicy.underPressure(options), props));
  return Object.fromEntries(env.map(({ name, value }) => [name, value]));
}

describe('the policy that prunes under pressure', () => {
  test("runs the library's script with the sizes of the volume", () => {
    expect(containerOf(job(PrunePolicy.underPressure())).command).toEqual(['sh', '/etc/dind-cache/prune.sh']);
    expect(settings({}, { capacity: Size.gibibytes(100) })).toMatchObject({
      CAPACITY: String(100 * GIBIBYTE),
      TARGET: String(60 * GIBIBYTE),
      CRITICAL: String(95 * GIBIBYTE),
      GC_MAX: String(40 * GIBIBYTE),
      GC_FREE: String(35 * GIBIBYTE),
      GC_RESERVED: String(10 * GIBIBYTE),
    });
  });

  test("keeps to the collection's shares", () => {
    expect(settings({}, { gcPolicy: GcPolicy.shares({ images: 40 }) })).toMatchObject({ TARGET: String(80 * GIBIBYTE), GC_FREE: String(15 * GIBIBYTE) });
  });

  test('keeps to the default shares where the collection has rules of its own', () => {
    const gcPolicy = GcPolicy.custom([{ maxUsedSpace: Size.gibibytes(70) }]);

    expect(settings({}, { gcPolicy })).toEqual(settings());
  });

  test('takes every option', () => {
    expect(settings({
      grace: Duration.minutes(90), leftoversAfter: Duration.days(2), keepImages: ['registry.example.com/base/*', 'alpine:3.?'], keepLabel: 'keep=yes',
    })).toMatchObject({ GRACE: '5400', OLD: '172800', KEEP: 'registry.example.com/base/* alpine:3.?', KEEP_LABEL: 'keep=yes' });
  });

  test('looks every ten minutes, and keeps house in the first run of the day', () => {
    expect(manifestOf(job(PrunePolicy.underPressure())).spec.schedule).toBe('*/10 * * * *');
    expect(settings().DAILY).toBe('0010');
  });

  test('keeps house in every run of another schedule, which may have none at that time', () => {
    expect(settings({ schedule: Cron.daily() }).DAILY).toBeUndefined();
  });

  test('needs to know how large the volume is', () => {
    expect(() => job(PrunePolicy.underPressure(), { capacity: undefined })).toThrow(new Error(
      "'capacity' must be given with PrunePolicy.underPressure(), got nothing; the size of the daemon's volume",
    ));
  });

  const patterns = "'keepImages' must be patterns of image names";
  test.each<[UnderPressurePolicyOptions, string]>([
    [{ grace: Duration.seconds(90) }, "'grace' must be a positive whole number of minutes, got 1 minute 30 seconds"],
    [{ grace: Duration.minutes(0) }, "'grace' must be a positive whole number of minutes, got 0 minutes"],
    [{ leftoversAfter: Duration.seconds(1) }, "'leftoversAfter' must be a positive whole number of minutes, got 1 second"],
    [{ keepImages: ['a b'] }, `${patterns}, got 'a b'; such as 'registry.example.com/base/*'`],
    [{ keepImages: ['fine:*', '$(reboot)'] }, `${patterns}, got '$(reboot)'; such as 'registry.example.com/base/*'`],
    [{ keepLabel: 'a=b=c' }, "'keepLabel' must be a label's key, or key=value, got 'a=b=c'"],
  ])('refuses %j', (options, message) => {
    expect(() => PrunePolicy.underPressure(options)).toThrow(new Error(message));
  });
});

describe('the policy of the recipe', () => {
  test('runs the command that the recipe runs, weekly, whatever the volume', () => {
    const made = job(PrunePolicy.systemPruneAll(), { capacity: undefined });

    expect(containerOf(made).command).toEqual(['docker', 'system', 'prune', '-af']);
    expect(containerOf(made).env.map(({ name }) => name as string)).not.toContain('TARGET');
    expect(manifestOf(made).spec.schedule).toBe('0 0 * * 0');
  });

  test('is warned of', () => {
    expect(standardErrorOf(() => Testing.synth(Chart.of(job(PrunePolicy.systemPruneAll()))))).toBe(
      "[Warning at chart/prune] 'docker system prune -af' leaves no step cached and fails the jobs that it meets between build and push; "
      + 'use PrunePolicy.underPressure() (system-prune-all)\n',
    );
  });
});

describe.each<[string, (options: PruneScheduleOptions) => PrunePolicy]>([
  ['underPressure', options => PrunePolicy.underPressure(options)],
  ['systemPruneAll', options => PrunePolicy.systemPruneAll(options)],
])('the schedule of %s', (_, make) => {
  test('is the one that is given', () => {
    const policy = make({ schedule: Cron.schedule({ minute: '30', hour: '21', weekDay: 'MON-FRI' }), timeZone: 'Europe/Berlin' });

    expect(policy.schedule.expressionString).toBe('30 21 * * MON-FRI');
    expect(policy.timeZone).toBe('Europe/Berlin');
    expect(manifestOf(job(policy)).spec).toMatchObject({ schedule: '30 21 * * MON-FRI', timeZone: 'Europe/Berlin' });
  });

  test('must be one that the API server accepts', () => {
    expect(() => make({ schedule: Cron.schedule({ minute: '60' }) })).toThrow(new Error(
      "'schedule' must have a minute from 0 to 59, as a value, list, range or step, got '60 * * * *'",
    ));
  });

  test('must name a time zone that exists', () => {
    expect(() => make({ timeZone: 'Not/AZone' })).toThrow(new Error(
      "'timeZone' must be a time zone of the IANA database, got 'Not/AZone'; such as 'Europe/Berlin'",
    ));
  });
});

test('a schedule without a minute, which means every minute, is warned of', () => {
  const made = job(PrunePolicy.underPressure({ schedule: Cron.schedule({ hour: '3' }) }));

  expect(standardErrorOf(() => Testing.synth(Chart.of(made)))).toBe(
    "[Warning at chart/prune] the schedule '* 3 * * *' runs every minute; give Cron.schedule a minute (every-minute)\n",
  );
});

test('a schedule with a minute is not warned of', () => {
  expect(standardErrorOf(() => Testing.synth(Chart.of(job(PrunePolicy.underPressure({ schedule: Cron.hourly() })))))).toBe('');
});

describeDefaults('PruneScheduleOptions', [
  ['schedule', '- as said at the policy', () => {
    expect(PrunePolicy.underPressure().schedule.expressionString).toBe('*/10 * * * *');
    expect(PrunePolicy.systemPruneAll().schedule.expressionString).toBe(Cron.weekly().expressionString);
  }],
  ['timeZone', "- that of the cluster's controller manager, mostly UTC", () => {
    expect(manifestOf(job(PrunePolicy.underPressure())).spec).not.toHaveProperty('timeZone');
  }],
]);

describeDefaults('UnderPressurePolicyOptions', [
  ['grace', 'Duration.hours(6)', () => expect(settings().GRACE).toBe('21600')],
  ['leftoversAfter', 'Duration.hours(24)', () => expect(settings().OLD).toBe('86400')],
  ['keepImages', '- none', () => expect(settings().KEEP).toBeUndefined()],
  ['keepLabel', "'dind-cache.keep'", () => expect(settings().KEEP_LABEL).toBe('dind-cache.keep')],
]);

describeDefaults('PrunePolicy', [
  ['timeZone', "- that of the cluster's controller manager", () => expect(PrunePolicy.systemPruneAll().timeZone).toBeUndefined()],
]);
