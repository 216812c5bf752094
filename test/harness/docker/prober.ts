import { setTimeout as sleep } from 'node:timers/promises';
import { Probe } from './pod-spec';

/** Runs a probe's command once and says whether it succeeded. */
export type ProbeRunner = (timeoutSeconds: number) => Promise<boolean>;

/** Counts the results of a probe as the kubelet does, and tells when its verdict changes. */
export class ProbeVerdict {
  private successes = 0;
  private failures = 0;

  /** `undefined` until either threshold has been reached. */
  public healthy: boolean | undefined;

  constructor(private readonly probe: Probe) {}

  /** Takes one result; returns whether it has changed the verdict or repeated a failed one. */
  public add(succeeded: boolean): boolean {
    this.successes = succeeded ? this.successes + 1 : 0;
    this.failures = succeeded ? 0 : this.failures + 1;
    if (succeeded && this.successes >= (this.probe.successThreshold ?? 1) && this.healthy !== true) {
      this.healthy = true;
      return true;
    }
    if (!succeeded && this.failures >= (this.probe.failureThreshold ?? 3)) {
      this.healthy = false;
      return true;
    }
    return false;
  }
}

/** Runs a probe once each period until it is aborted, and reports each verdict. */
export async function probePeriodically(probe: Probe, run: ProbeRunner, report: (healthy: boolean) => void, signal: AbortSignal): Promise<void> {
  const verdict = new ProbeVerdict(probe);
  const period = (probe.periodSeconds ?? 10) * 1000;
  await pause((probe.initialDelaySeconds ?? 0) * 1000, signal);
  for (let next = Date.now(); !signal.aborted; next += period) {
    await pause(next - Date.now(), signal);
    if (signal.aborted) return;
    const succeeded = await run(probe.timeoutSeconds ?? 1).catch(() => false);
    if (!signal.aborted && verdict.add(succeeded)) report(verdict.healthy === true);
    // A probe that took longer than its period is followed by the next at once, not by all that were missed.
    next = Math.max(next, Date.now() - period);
  }
}

async function pause(milliseconds: number, signal: AbortSignal): Promise<void> {
  if (milliseconds > 0) await sleep(milliseconds, undefined, { signal }).catch(() => undefined);
}
