import { ensure } from './validation';

const MONTHS = ['jan', 'feb', 'mar', 'apr', 'may', 'jun', 'jul', 'aug', 'sep', 'oct', 'nov', 'dec'];
const DAYS = ['sun', 'mon', 'tue', 'wed', 'thu', 'fri', 'sat'];

/** All that the IANA database has. */
const ABBREVIATIONS = ['CET', 'EET', 'EST', 'GMT', 'HST', 'MET', 'MST', 'PRC', 'ROC', 'ROK', 'UCT', 'UTC', 'WET'];

interface Field {
  readonly name: string;
  readonly min: number;
  readonly max: number;
  readonly names?: string[];
}

const FIELDS: Field[] = [
  { name: 'minute', min: 0, max: 59 },
  { name: 'hour', min: 0, max: 23 },
  { name: 'day', min: 1, max: 31 },
  { name: 'month', min: 1, max: 12, names: MONTHS },
  { name: 'weekDay', min: 0, max: 6, names: DAYS },
];

/**
 * Throws unless the API server accepts the text as the schedule of a CronJob.
 *
 * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#schedule-syntax
 */
export function requireSchedule(expression: string): void {
  const fields = expression.trim().split(/\s+/);
  ensure(fields.length === FIELDS.length, 'schedule', 'must have five fields', expression, 'minute, hour, day of the month, month, day of the week');
  fields.forEach((text, index) => {
    const field = FIELDS[index];
    ensure(text.split(',').every(part => isPart(part, field)), 'schedule',
      `must have a ${field.name} from ${field.min} to ${field.max}, as a value, list, range or step`, expression);
  });
}

/**
 * Throws unless the text names a time zone of the IANA database.
 */
export function requireTimeZone(timeZone: string): void {
  ensure(isIanaName(timeZone) && isKnown(timeZone), 'timeZone', 'must be a time zone of the IANA database', timeZone, "such as 'Europe/Berlin'");
}

function isPart(part: string, field: Field): boolean {
  const [range, step, ...rest] = part.split('/');
  if (rest.length > 0 || (step !== undefined && !(/^\d+$/.test(step) && Number(step) > 0))) {
    return false;
  }
  if (range === '*' || range === '?') {
    return true;
  }
  const ends = range.split('-').map(text => valueOf(text, field));
  return ends.length <= 2 && ends.every(end => end >= field.min && end <= field.max) && ends[0] <= ends[ends.length - 1];
}

function valueOf(text: string, field: Field): number {
  if (/^\d+$/.test(text)) {
    return Number(text);
  }
  const index = field.names?.indexOf(text.toLowerCase()) ?? -1;
  return index < 0 ? -1 : index + field.min;
}

/** Intl also takes aliases in capitals and abbreviations of Java's; the API server knows neither. */
function isIanaName(timeZone: string): boolean {
  const isWellWritten = /^[A-Z][^/]*(\/(?![^/]*[A-Z]{4})[A-Z][^/]*)*$/.test(timeZone);
  return isWellWritten && (!/^[A-Z]{3}$/.test(timeZone) || ABBREVIATIONS.includes(timeZone));
}

function isKnown(timeZone: string): boolean {
  try {
    const known = new Intl.DateTimeFormat('en', { timeZone }).resolvedOptions().timeZone;
    // Intl takes any case, the API server does not; an alias resolves to another name altogether
    return known === timeZone || known.toLowerCase() !== timeZone.toLowerCase();
  } catch {
    return false;
  }
}
