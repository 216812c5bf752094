import { Chart, Cron, Duration, Testing } from 'cdk8s';
import { LeftoversPolicyOptions, PruneCronJob, PrunePolicy, PruneScheduleOptions } from '../src';
import { containerOf, manifestOf, newChart, pruneProps } from './fixtures';
import { standardErrorOf } from './support/captured';
import { describeDefaults } from './support/describe-defaults';

function job(policy: PrunePolicy): PruneCronJob {
  const chart = newChart();
  return new PruneCronJob(chart, 'prune', { ...pruneProps(chart), policy });
}

function age(options?: LeftoversPolicyOptions): string {
  return containerOf(job(PrunePolicy.leftovers(options))).env.find(({ name }) => name === 'OLDER_THAN')!.value;
}

describe('the policy that removes leftovers', () => {
  test("runs the library's script with the age in minutes", () => {
    expect(containerOf(job(PrunePolicy.leftovers())).command).toEqual(['sh', '/etc/dind-cache/prune.sh']);
    expect(age({ olderThan: Duration.hours(48) })).toBe('2880m');
    expect(age({ olderThan: Duration.seconds(60) })).toBe('1m');
  });

  test.each([
    [Duration.seconds(90), "'olderThan' must be a positive whole number of minutes, got 1 minute 30 seconds"],
    [Duration.minutes(0), "'olderThan' must be a positive whole number of minutes, got 0 minutes"],
  ])('refuses an age of %s', (olderThan, message) => {
    expect(() => PrunePolicy.leftovers({ olderThan })).toThrow(new Error(message));
  });
});

describe('the policy of the recipe', () => {
  test('runs the command that the recipe runs, weekly', () => {
    const made = job(PrunePolicy.systemPruneAll());

    expect(containerOf(made).command).toEqual(['docker', 'system', 'prune', '-af']);
    expect(containerOf(made).env.map(({ name }) => name)).not.toContain('OLDER_THAN');
    expect(manifestOf(made).spec.schedule).toBe('0 0 * * 0');
  });

  test('is warned of', () => {
    expect(standardErrorOf(() => Testing.synth(Chart.of(job(PrunePolicy.systemPruneAll()))))).toBe(
      "[Warning at chart/prune] 'docker system prune -af' leaves no step cached and fails the jobs that it meets between build and push; "
      + 'use PrunePolicy.leftovers() (system-prune-all)\n',
    );
  });
});

describe.each<[string, (options: PruneScheduleOptions) => PrunePolicy]>([
  ['leftovers', options => PrunePolicy.leftovers(options)],
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
  const made = job(PrunePolicy.leftovers({ schedule: Cron.schedule({ hour: '3' }) }));

  expect(standardErrorOf(() => Testing.synth(Chart.of(made)))).toBe(
    "[Warning at chart/prune] the schedule '* 3 * * *' runs every minute; give Cron.schedule a minute (every-minute)\n",
  );
});

test('a schedule with a minute is not warned of', () => {
  expect(standardErrorOf(() => Testing.synth(Chart.of(job(PrunePolicy.leftovers({ schedule: Cron.hourly() })))))).toBe('');
});

describeDefaults('PruneScheduleOptions', [
  ['schedule', '- as said at the policy', () => {
    expect(PrunePolicy.leftovers().schedule.expressionString).toBe(Cron.daily().expressionString);
    expect(PrunePolicy.systemPruneAll().schedule.expressionString).toBe(Cron.weekly().expressionString);
  }],
  ['timeZone', "- that of the cluster's controller manager, mostly UTC", () => {
    expect(manifestOf(job(PrunePolicy.leftovers())).spec).not.toHaveProperty('timeZone');
  }],
]);

describeDefaults('LeftoversPolicyOptions', [
  ['olderThan', 'Duration.hours(24)', () => expect(age()).toBe('1440m')],
]);

describeDefaults('PrunePolicy', [
  ['timeZone', "- that of the cluster's controller manager", () => expect(PrunePolicy.systemPruneAll().timeZone).toBeUndefined()],
]);
