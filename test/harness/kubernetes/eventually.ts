import { setTimeout as sleep } from 'node:timers/promises';

/** How long and how often a condition is looked at. */
export interface EventuallyOptions {
  /** Seconds after which waiting ends in an error. @default 60 */
  readonly deadlineSeconds?: number;
  /** Milliseconds between two looks. @default 200 */
  readonly intervalMilliseconds?: number;
}

/**
 * Polls until `look` returns something other than `undefined` or `false`, and returns that.
 *
 * An error thrown by `look` counts as "not yet" and is quoted when the deadline passes.
 */
export async function eventually<T>(what: string, look: () => Promise<T | undefined | false>, options: EventuallyOptions = {}): Promise<T> {
  const deadlineSeconds = options.deadlineSeconds ?? 60;
  const deadline = Date.now() + deadlineSeconds * 1000;
  let last = '';
  while (Date.now() < deadline) {
    try {
      const found = await look();
      if (found !== undefined && found !== false) return found;
      last = '';
    } catch (error) {
      last = `; last error: ${error instanceof Error ? error.message : String(error)}`;
    }
    await sleep(options.intervalMilliseconds ?? 200);
  }
  throw new Error(`not within ${deadlineSeconds} s: ${what}${last}`);
}
