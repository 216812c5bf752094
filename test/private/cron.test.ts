import { requireSchedule, requireTimeZone } from '../../src/private/cron';

describe('a schedule', () => {
  test.each([
    '0 0 * * *', '*/10 * * * *', '0-30/5 1,13 1-15 */2 1-5', '0 0 ? * ?', '30 21 * * MON-FRI', '0 0 1 jan,JUL sun', '5/10 * * * *', ' 0  0 * * 6 ',
  ])('can be %j', expression => {
    expect(() => requireSchedule(expression)).not.toThrow();
  });

  test('can name every month and every day of the week', () => {
    expect(() => requireSchedule('0 0 * jan,feb,mar,apr,may,jun,jul,aug,sep,oct,nov,dec sun,mon,tue,wed,thu,fri,sat')).not.toThrow();
  });

  test.each(['', '0 0 * *', '0 0 * * * *', '@daily', 'TZ=UTC 0 0 * * *'])('cannot be %j, which has not five fields', expression => {
    expect(() => requireSchedule(expression)).toThrow(new Error(
      `'schedule' must have five fields, got '${expression}'; minute, hour, day of the month, month, day of the week`,
    ));
  });

  test.each([
    ['60 0 * * *', 'minute from 0 to 59'],
    ['-1 0 * * *', 'minute from 0 to 59'],
    ['*/0 0 * * *', 'minute from 0 to 59'],
    ['*/x 0 * * *', 'minute from 0 to 59'],
    ['1/2/3 0 * * *', 'minute from 0 to 59'],
    ['1, 0 * * *', 'minute from 0 to 59'],
    ['1.5 0 * * *', 'minute from 0 to 59'],
    ['*-5 0 * * *', 'minute from 0 to 59'],
    ['0 24 * * *', 'hour from 0 to 23'],
    ['0 5-1 * * *', 'hour from 0 to 23'],
    ['0 1-2-3 * * *', 'hour from 0 to 23'],
    ['0 0 0 * *', 'day from 1 to 31'],
    ['0 0 32 * *', 'day from 1 to 31'],
    ['0 0 * 13 *', 'month from 1 to 12'],
    ['0 0 * mon *', 'month from 1 to 12'],
    ['0 0 * * 7', 'weekDay from 0 to 6'],
    ['0 0 * * monday', 'weekDay from 0 to 6'],
  ])('cannot be %j', (expression, field) => {
    expect(() => requireSchedule(expression)).toThrow(new Error(`'schedule' must have a ${field}, as a value, list, range or step, got '${expression}'`));
  });
});

describe('a time zone', () => {
  test.each(['CET', 'EET', 'EST', 'GMT', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'UTC', 'WET'])('can be %s', timeZone => {
    expect(() => requireTimeZone(timeZone)).not.toThrow();
  });

  test.each(['UTC', 'Etc/UTC', 'Europe/Berlin', 'America/Argentina/Ushuaia', 'America/Port_of_Spain', 'Asia/Calcutta', 'US/Pacific', 'Etc/GMT+1', 'EST', 'GB-Eire'])('can be %s', timeZone => {
    expect(() => requireTimeZone(timeZone)).not.toThrow();
  });

  test.each(['', 'Local', 'Not/AZone', 'europe/berlin', 'Europe/BERLIN', 'utc', 'us/pacific', '+01:00', 'Europe/Berlin ', '/Europe/Berlin'])('cannot be %j', timeZone => {
    expect(() => requireTimeZone(timeZone)).toThrow(new Error(
      `'timeZone' must be a time zone of the IANA database, got '${timeZone}'; such as 'Europe/Berlin'`,
    ));
  });
});
