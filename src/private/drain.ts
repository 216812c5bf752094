import { Duration } from 'cdk8s';
import { ensure } from './validation';

/**
 * How long a stopping daemon waits for what runs on it, in seconds.
 */
export function drainSeconds(drainTimeout: Duration = Duration.minutes(10)): number {
  const seconds = drainTimeout.toSeconds({ integral: false });
  ensure(Number.isInteger(seconds), 'drainTimeout', 'must be a whole number of seconds', drainTimeout);
  return seconds;
}
