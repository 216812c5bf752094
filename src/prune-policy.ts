import { Cron, Duration, Size } from 'cdk8s';
import { GcPolicy } from './gc-policy';
import { requireSchedule, requireTimeZone } from './private/cron';
import { bytes } from './private/quantity';
import { ensure, invalid } from './private/validation';

/**
 * When a prune job runs.
 */
export interface PruneScheduleOptions {
  /**
   * When the job runs.
   *
   * Give `Cron.schedule` a minute always: without one it means every minute of the hour.
   *
   * @default - as said at the policy
   */
  readonly schedule?: Cron;

  /**
   * The time zone of the schedule, such as `Europe/Berlin`; Kubernetes 1.24 or later.
   *
   * @default - that of the cluster's controller manager, mostly UTC
   * @see https://kubernetes.io/docs/concepts/workloads/controllers/cron-jobs/#time-zones
   */
  readonly timeZone?: string;
}

/**
 * Options of the policy that prunes under pressure.
 */
export interface UnderPressurePolicyOptions extends PruneScheduleOptions {
  /**
   * How long after its last tag or pull an image is safe from the job; whole minutes.
   *
   * Longer than the longest time between a job's build and the last use of its image. Above 95 % of the volume a tenth of it counts.
   *
   * @default Duration.hours(6)
   */
  readonly grace?: Duration;

  /**
   * How old stopped containers, unused networks, anonymous volumes and untagged images must be to go; whole minutes.
   *
   * @default Duration.hours(24)
   */
  readonly leftoversAfter?: Duration;

  /**
   * Names of images that are never removed, as shell patterns, such as `registry.example.com/base/*`.
   *
   * Name what jobs build locally and use as a base: `FROM` does not count as a use.
   *
   * @default - none
   */
  readonly keepImages?: string[];

  /**
   * A label whose images are never removed, as `key` or `key=value`.
   *
   * @default 'dind-cache.keep'
   */
  readonly keepLabel?: string;
}

/**
 * What the prune job removes, and when.
 */
export class PrunePolicy {
  /**
   * Looks every ten minutes whether the volume is too full, and then removes tagged images, the least recently tagged or pulled first, until it is not.
   *
   * Once a day it removes leftovers: stopped containers, unused networks, anonymous volumes, untagged images.
   * Build cache is never removed but by size, as the daemon itself would. The use of the volume stays below 90 % as long as what is written
   * within one interval of the schedule and one grace fits the headroom that `GcPolicy` leaves.
   */
  public static underPressure(options: UnderPressurePolicyOptions = {}): PrunePolicy {
    const { grace = Duration.hours(6), leftoversAfter = Duration.hours(24), keepImages = [], keepLabel = 'dind-cache.keep' } = options;
    keepImages.forEach(pattern => ensure(/^[^\s'"`$;&|<>()\\]+$/.test(pattern), 'keepImages', 'must be patterns of image names', pattern, "such as 'registry.example.com/base/*'"));
    ensure(/^[\w./-]+(=[\w./-]*)?$/.test(keepLabel), 'keepLabel', "must be a label's key, or key=value", keepLabel);
    return new PrunePolicy(options, Cron.schedule({ minute: '*/10' }), [], {
      GRACE: String(wholeMinutes('grace', grace) * 60),
      OLD: String(wholeMinutes('leftoversAfter', leftoversAfter) * 60),
      KEEP: keepImages.join(' '),
      KEEP_LABEL: keepLabel,
      // the first run of each day
      DAILY: options.schedule === undefined ? '0010' : '',
    });
  }

  /**
   * Runs `docker system prune --all --force`, as the published recipe does. Runs weekly.
   *
   * It makes every build cold, and breaks each job that is between its build and its push: 12 of 15 pushes failed while it ran.
   */
  public static systemPruneAll(options: PruneScheduleOptions = {}): PrunePolicy {
    return new PrunePolicy(options, Cron.weekly(), ['docker', 'system', 'prune', '-af']);
  }

  /**
   * When the job runs.
   */
  public readonly schedule: Cron;

  /**
   * The time zone of the schedule.
   *
   * @default - that of the cluster's controller manager
   */
  public readonly timeZone?: string;

  private constructor(
    options: PruneScheduleOptions,
    defaultSchedule: Cron,
    private readonly command: string[],
    private readonly environment: { readonly [key: string]: string } = {},
  ) {
    this.schedule = options.schedule ?? defaultSchedule;
    this.timeZone = options.timeZone;
    requireSchedule(this.schedule.expressionString);
    if (this.timeZone !== undefined) {
      requireTimeZone(this.timeZone);
    }
  }

  /**
   * The command that runs instead of the library's own script.
   *
   * @internal
   */
  public get _command(): string[] | undefined {
    return this.command.length > 0 ? this.command : undefined;
  }

  /**
   * What is unwise about the policy, by the warning's id.
   *
   * @internal
   */
  public get _warnings(): [string, string][] {
    const warnings: [string, string][] = [];
    if (this._command) {
      warnings.push(['system-prune-all', "'docker system prune -af' leaves no step cached and fails the jobs that it meets between build and push; use PrunePolicy.underPressure()"]);
    }
    if (this.schedule.expressionString.startsWith('* ')) {
      warnings.push(['every-minute', `the schedule '${this.schedule.expressionString}' runs every minute; give Cron.schedule a minute`]);
    }
    return warnings;
  }

  /**
   * The settings of the library's own script, for a volume of this size.
   *
   * @internal
   */
  public _environment(capacity: Size | undefined, gcPolicy: GcPolicy): { readonly [key: string]: string } {
    if (this._command) {
      return {};
    }
    if (capacity === undefined) {
      throw invalid('capacity', 'must be given with PrunePolicy.underPressure()', capacity, "the size of the daemon's volume");
    }
    const { target, cache, free, reserved } = gcPolicy._sizes(capacity);
    const whole = bytes(capacity);
    const sizes = { CAPACITY: whole, TARGET: target, CRITICAL: Math.floor(whole * 0.95), GC_MAX: cache, GC_FREE: free, GC_RESERVED: reserved };
    return { ...Object.fromEntries(Object.entries(sizes).map(([name, size]) => [name, String(size)])), ...this.environment };
  }
}

function wholeMinutes(property: string, duration: Duration): number {
  const minutes = duration.toMinutes({ integral: false });
  ensure(Number.isInteger(minutes) && minutes >= 1, property, 'must be a positive whole number of minutes', duration);
  return minutes;
}
