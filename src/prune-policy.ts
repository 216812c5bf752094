import { Cron, Duration } from 'cdk8s';
import { requireSchedule, requireTimeZone } from './private/cron';
import { ensure } from './private/validation';

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
 * Options of the policy that removes what jobs left behind.
 */
export interface LeftoversPolicyOptions extends PruneScheduleOptions {
  /**
   * How long ago a container, network or untagged image was created before it may go; whole minutes.
   *
   * @default Duration.hours(24)
   */
  readonly olderThan?: Duration;
}

/**
 * What the prune job removes, and when.
 */
export class PrunePolicy {
  /**
   * Removes what jobs left behind: stopped containers, unused networks, untagged images, each older than a day. Runs daily.
   *
   * Tagged images and build cache stay, so nothing becomes cold and no job loses the image that it is about to push.
   */
  public static leftovers(options: LeftoversPolicyOptions = {}): PrunePolicy {
    const olderThan = options.olderThan ?? Duration.hours(24);
    const minutes = olderThan.toMinutes({ integral: false });
    ensure(Number.isInteger(minutes) && minutes >= 1, 'olderThan', 'must be a positive whole number of minutes', olderThan);
    return new PrunePolicy(options, Cron.daily(), [], { OLDER_THAN: `${minutes}m` });
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
      warnings.push(['system-prune-all', "'docker system prune -af' leaves no step cached and fails the jobs that it meets between build and push; use PrunePolicy.leftovers()"]);
    }
    if (this.schedule.expressionString.startsWith('* ')) {
      warnings.push(['every-minute', `the schedule '${this.schedule.expressionString}' runs every minute; give Cron.schedule a minute`]);
    }
    return warnings;
  }

  /**
   * The settings of the library's own script.
   *
   * @internal
   */
  public get _environment(): { readonly [key: string]: string } {
    return this.environment;
  }
}
