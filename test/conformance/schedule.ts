const NAMES = { month: 'jan feb mar apr may jun jul aug sep oct nov dec', weekDay: 'sun mon tue wed thu fri sat' };

/** The fields of a schedule, with their first and last values and the names of these. */
const FIELDS = [
  { first: 0, last: 59, names: [] },
  { first: 0, last: 23, names: [] },
  { first: 1, last: 31, names: [] },
  { first: 1, last: 12, names: NAMES.month.split(' ') },
  { first: 0, last: 6, names: NAMES.weekDay.split(' ') },
];

const MACRO = /^@(yearly|annually|monthly|weekly|daily|midnight|hourly|every (\d+(h|m|s))+)$/;

/** Time zones of the IANA database without an area; what else JavaScript knows by such a name, Go does not. */
const ZONES_WITHOUT_AREA = new Set(('CET CST6CDT Cuba EET EST EST5EDT Egypt Eire GB GB-Eire GMT GMT+0 GMT-0 GMT0 Greenwich HST Hongkong Iceland Iran Israel Jamaica '
  + 'Japan Kwajalein Libya MET MST MST7MDT NZ NZ-CHAT Navajo PRC PST8PDT Poland Portugal ROC ROK Singapore Turkey UCT UTC Universal W-SU WET Zulu').split(' '));

/** What is wrong with a CronJob's schedule, as the API server reads it. */
export function scheduleFindings(schedule = ''): string[] {
  const fields = schedule.split(/[\t\n\v\f\r ]+/).filter(field => field !== '');
  const valid = MACRO.test(schedule) || (fields.length === FIELDS.length && fields.every((field, index) => field.split(',').every(part => isPart(part, index))));
  return valid ? [] : [`'${schedule}' is no schedule`];
}

/** What is wrong with a CronJob's time zone, which the API server looks up in Go's IANA database, by its exact name. */
export function timeZoneFindings(timeZone?: string): string[] {
  return timeZone === undefined || isTimeZone(timeZone) ? [] : [`'${timeZone}' is no time zone`];
}

function isPart(part: string, index: number): boolean {
  const { first, last } = FIELDS[index];
  const [, start, end, step] = /^([*?]|\w+)(?:-(\w+))?(?:\/(\d+))?$/.exec(part) ?? [];
  if (start === undefined || Number(step) === 0) {
    return false;
  }
  if (start === '*' || start === '?') {
    return end === undefined;
  }
  const [from, to] = [valueOf(start, index), valueOf(end ?? start, index)];
  return from >= first && from <= to && to <= last;
}

function valueOf(text: string, index: number): number {
  const { first, names } = FIELDS[index];
  const position = names.indexOf(text.toLowerCase());
  return /^\d+$/.test(text) ? Number(text) : position < 0 ? NaN : position + first;
}

function isTimeZone(name: string): boolean {
  if (!name.includes('/')) {
    return ZONES_WITHOUT_AREA.has(name);
  }
  const canonical = canonicalTimeZone(name);
  const wellWritten = name.split('/').every(part => /^[A-Z]/.test(part) && !/[A-Z]{4}/.test(part));
  return wellWritten && canonical !== undefined && (canonical === name || canonical.toLowerCase() !== name.toLowerCase());
}

/** JavaScript takes a name in any case, and links as well as the zones that they lead to. */
function canonicalTimeZone(timeZone: string): string | undefined {
  try {
    return new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
  } catch {
    return undefined;
  }
}
