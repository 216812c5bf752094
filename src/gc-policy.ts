import { Duration, Size } from 'cdk8s';
import { bytes } from './private/quantity';
import { ensure, invalid, requireInteger } from './private/validation';

/**
 * The kind of a record in BuildKit's cache.
 */
export enum GcRecordType {
  /** Layers that `RUN`, `COPY` and their like made. */
  REGULAR = 'regular',
  /** Build contexts that clients have sent. */
  SOURCE_LOCAL = 'source.local',
  /** Git repositories that builds have checked out. */
  SOURCE_GIT = 'source.git.checkout',
  /** Mounts of `RUN --mount=type=cache`. */
  CACHE_MOUNT = 'exec.cachemount',
  /** Front ends. */
  FRONTEND = 'frontend',
  /** What BuildKit keeps for itself. */
  INTERNAL = 'internal',
}

/**
 * One rule of BuildKit's collection; rules are applied in order.
 *
 * @see https://docs.docker.com/build/cache/garbage-collection/
 */
export interface GcRule {
  /**
   * The kind of records that the rule collects.
   *
   * @default - all kinds
   */
  readonly recordType?: GcRecordType;

  /**
   * How long a record must not have been used to be collected; whole hours.
   *
   * It protects whatever a younger record builds on too, so the last rule must do without.
   *
   * @default - records of any age are collected
   */
  readonly unusedFor?: Duration;

  /**
   * Whether internal records and those that images share are collected too.
   *
   * @default false
   */
  readonly all?: boolean;

  /**
   * What is always kept.
   *
   * @default - nothing
   */
  readonly reservedSpace?: Size;

  /**
   * What the cache may use at most.
   *
   * @default - no limit
   */
  readonly maxUsedSpace?: Size;

  /**
   * What the volume shall have free, for which the cache is collected down to `reservedSpace`.
   *
   * @default - nothing
   */
  readonly minFreeSpace?: Size;
}

/**
 * Options of a collection by shares of the volume.
 */
export interface GcSharesOptions {
  /**
   * The percentage of the volume that the build cache may use.
   *
   * @default 40
   */
  readonly cache?: number;

  /**
   * The percentage of the volume that is there for tagged images, containers and their volumes, which the prune job bounds.
   *
   * What `cache` and `images` leave is headroom: it must hold what is written before the next collection, at least the largest build.
   *
   * @default 20
   */
  readonly images?: number;
}

/**
 * The sizes to which a volume is kept, in bytes.
 *
 * @internal
 */
export interface GcSizes {
  /**
   * What is kept of the build cache whatever else fills the volume.
   */
  readonly reserved: number;

  /**
   * What the build cache may use at most.
   */
  readonly cache: number;

  /**
   * The free space for which the build cache is collected.
   */
  readonly free: number;

  /**
   * The use of the volume above which tagged images go.
   */
  readonly target: number;
}

/** The share of the volume that is kept of the build cache whatever else fills the volume. */
const RESERVED_PERCENT = 10;

/** Between the free space that the prune job works for and the one for which cache is given up. */
const STEP_PERCENT = 5;

/** Older daemons know one size only. */
const MAJOR_VERSION_WITH_SIZES = 28;

const MEBIBYTE = 1024 * 1024;

/**
 * How BuildKit's cache is kept within the volume, which nothing else enforces: Kubernetes does not limit a local volume.
 */
export class GcPolicy {
  /**
   * A share of the volume for the build cache, one for images, and the rest free.
   *
   * Build contexts go first, after three days; cache mounts live as long as layers, where the daemon's own default drops them after two.
   */
  public static shares(options: GcSharesOptions = {}): GcPolicy {
    const { cache = 40, images = 20 } = options;
    requireInteger('cache', cache, RESERVED_PERCENT, 80, 'a percentage of the volume');
    requireInteger('images', images, 5, 80, 'a percentage of the volume');
    ensure(cache + images <= 90, 'images', "must leave at least 10 % of the volume free beside 'cache'", images, 'the largest build must fit into what is free');
    return new GcPolicy({ cache, images });
  }

  /**
   * Rules of your own, in their order.
   *
   * Tagged images are pruned by the default shares of the volume.
   */
  public static custom(rules: GcRule[]): GcPolicy {
    ensure(rules.length > 0, 'rules', 'must not be empty', rules);
    rules.forEach(requireRule);
    const last = rules[rules.length - 1];
    ensure(last.unusedFor === undefined && last.recordType === undefined, 'rules', "must end in a rule without 'unusedFor' and 'recordType'", ruleToJson(last), 'without one the cache has no limit');
    return new GcPolicy({ cache: 40, images: 20 }, [...rules]);
  }

  private constructor(private readonly percents: { readonly cache: number; readonly images: number }, private readonly rules?: GcRule[]) {}

  /**
   * The sizes that the prune job keeps a volume to.
   *
   * @internal
   */
  public _sizes(capacity: Size): GcSizes {
    const share = (percent: number) => Math.floor(bytes(capacity) * percent / 100 / MEBIBYTE) * MEBIBYTE;
    const { cache, images } = this.percents;
    return {
      reserved: share(Math.min(RESERVED_PERCENT, cache)),
      cache: share(cache),
      free: share(100 - cache - images - STEP_PERCENT),
      target: share(cache + images),
    };
  }

  /**
   * The `builder` key of daemon.json.
   *
   * @internal
   */
  public _toJson(capacity: Size, dockerVersion: string): { [key: string]: any } {
    const knowsSizes = Number.parseInt(dockerVersion, 10) >= MAJOR_VERSION_WITH_SIZES;
    // always said: older daemons take an absent `enabled` for false
    const gc = { enabled: true };
    if (this.rules) {
      requireWithin(this.rules, capacity);
      return { gc: { ...gc, policy: this.rules.map(rule => (knowsSizes ? ruleToJson(rule) : oldRuleToJson(rule, dockerVersion))) } };
    }
    const sizes = this._sizes(capacity);
    const policy = sharesToJson(sizes, bytes(capacity));
    return { gc: { ...gc, policy: knowsSizes ? policy : policy.map(oldJson) } };
  }
}

function sharesToJson({ reserved, cache, free }: GcSizes, capacity: number): { [key: string]: any }[] {
  const sources = mebibytes(capacity / 100);
  const step = capacity * STEP_PERCENT / 100;
  const sizes = { reservedSpace: mebibytes(reserved), maxUsedSpace: mebibytes(cache) };
  return [
    { filter: [`type=${GcRecordType.SOURCE_LOCAL}`, 'until=72h'], maxUsedSpace: sources },
    { filter: [`type=${GcRecordType.SOURCE_GIT}`, 'until=168h'], maxUsedSpace: sources },
    { ...sizes, minFreeSpace: mebibytes(free) },
    { all: true, ...sizes, minFreeSpace: mebibytes(Math.max(free - step, step)) },
  ];
}

function ruleToJson({ recordType, unusedFor, all, reservedSpace, maxUsedSpace, minFreeSpace }: GcRule): { [key: string]: any } {
  const filter = [...(recordType === undefined ? [] : [`type=${recordType}`]), ...(unusedFor === undefined ? [] : [`until=${unusedFor.toHours()}h`])];
  return {
    ...(all ? { all } : {}),
    ...(filter.length > 0 ? { filter } : {}),
    ...(reservedSpace ? { reservedSpace: mebibytes(bytes(reservedSpace)) } : {}),
    ...(maxUsedSpace ? { maxUsedSpace: mebibytes(bytes(maxUsedSpace)) } : {}),
    ...(minFreeSpace ? { minFreeSpace: mebibytes(bytes(minFreeSpace)) } : {}),
  };
}

function oldRuleToJson(rule: GcRule, dockerVersion: string): { [key: string]: any } {
  ensure(rule.reservedSpace === undefined && rule.minFreeSpace === undefined, 'rules', "must use 'maxUsedSpace' alone before Docker 28", ruleToJson(rule),
    `Docker ${dockerVersion} ignores the other sizes`);
  return oldJson(ruleToJson(rule));
}

/** Before Docker 28 what the cache may use at most is `keepStorage`, and the other sizes are unknown. */
function oldJson({ all, filter, maxUsedSpace }: { [key: string]: any }): { [key: string]: any } {
  return { ...(all ? { all } : {}), ...(filter ? { filter } : {}), ...(maxUsedSpace ? { keepStorage: maxUsedSpace } : {}) };
}

function requireRule(rule: GcRule): void {
  const { unusedFor, reservedSpace, maxUsedSpace, minFreeSpace } = rule;
  const hours = unusedFor?.toHours({ integral: false });
  if (hours !== undefined && !(Number.isInteger(hours) && hours > 0)) {
    throw invalid('rules.unusedFor', 'must be a positive whole number of hours', unusedFor);
  }
  ensure([reservedSpace, maxUsedSpace, minFreeSpace].some(size => size !== undefined) || unusedFor !== undefined, 'rules', 'must each have a size or an age', ruleToJson(rule),
    'a rule without either would collect everything');
  ensure(minFreeSpace === undefined || reservedSpace !== undefined, 'rules', "must have 'reservedSpace' beside 'minFreeSpace'", ruleToJson(rule),
    'without it a full volume costs the whole cache');
  ensure(!reservedSpace || !maxUsedSpace || bytes(reservedSpace) <= bytes(maxUsedSpace), 'rules', "must have no larger 'reservedSpace' than 'maxUsedSpace'", ruleToJson(rule));
}

function requireWithin(rules: GcRule[], capacity: Size): void {
  for (const rule of rules) {
    const sum = bytes(rule.maxUsedSpace ?? rule.reservedSpace ?? Size.kibibytes(0)) + bytes(rule.minFreeSpace ?? Size.kibibytes(0));
    ensure(sum <= bytes(capacity), 'rules', `must fit into the volume of ${mebibytes(bytes(capacity))}`, ruleToJson(rule));
  }
}

/** As the daemon reads sizes, in units of 1024. */
function mebibytes(amount: number): string {
  return `${Math.floor(amount / MEBIBYTE)}MiB`;
}
