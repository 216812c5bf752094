import { ExecResult } from './engine';
import { Container, Probe } from './pod-spec';
import { probePeriodically } from './prober';

/** What probes tell about a container. */
export interface ProbeEvents {
  started(): void;
  ready(ready: boolean): void;
  /** A startup or liveness probe has used up its budget. */
  unhealthy(reason: string, probe: Probe): void;
  record(event: string): void;
}

/** Runs the probes of a container in a kubelet's order: readiness and liveness only after a successful startup probe. */
export class ContainerProbes {
  constructor(
    private readonly spec: Container,
    private readonly exec: (command: string[], timeoutSeconds: number) => Promise<ExecResult>,
    private readonly events: ProbeEvents,
  ) {}

  /** Probes until the signal says that the container has ended. */
  public async run(signal: AbortSignal): Promise<void> {
    const { startupProbe, readinessProbe, livenessProbe } = this.spec;
    if (startupProbe) await this.untilStarted(startupProbe, signal);
    if (signal.aborted) return;
    this.events.started();
    if (!readinessProbe) this.events.ready(true);
    await Promise.all([
      readinessProbe && this.watch('readiness', readinessProbe, healthy => this.events.ready(healthy), signal),
      livenessProbe && this.watch('liveness', livenessProbe, healthy => healthy || this.events.unhealthy('liveness probe failed', livenessProbe), signal),
    ]);
  }

  private async untilStarted(probe: Probe, signal: AbortSignal): Promise<void> {
    const started = new AbortController();
    const report = (healthy: boolean): void => {
      if (healthy) started.abort();
      else this.events.unhealthy('startup probe failed', probe);
    };
    await this.watch('startup', probe, report, AbortSignal.any([started.signal, signal]));
  }

  private watch(kind: string, probe: Probe, report: (healthy: boolean) => void, signal: AbortSignal): Promise<void> {
    const command = probe.exec?.command;
    if (!command) throw new Error(`the ${kind} probe of ${this.spec.name} must have a command`);
    const once = async (timeoutSeconds: number): Promise<boolean> => {
      const { exitCode, output } = await this.exec(command, timeoutSeconds);
      if (exitCode !== 0 && !signal.aborted) {
        this.events.record(`${this.spec.name}: ${kind} probe: ${exitCode ?? `killed after ${timeoutSeconds} s`}: ${output.trim()}`);
      }
      return exitCode === 0;
    };
    return probePeriodically(probe, once, report, signal);
  }
}
