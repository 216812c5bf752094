import { setTimeout as sleep } from 'node:timers/promises';
import { ContainerProbes } from './container-probes';
import { ContainerConfig, ExecResult } from './engine';
import { PodContext } from './pod-context';
import { Container } from './pod-spec';

/** When a container that has ended is started again. */
export type RestartPolicy = 'Always' | 'OnFailure' | 'Never';

/** How the pod lets its containers run. */
export interface ContainerProps {
  readonly spec: Container;
  readonly config: ContainerConfig;
  readonly context: PodContext;
  readonly restartPolicy: RestartPolicy;
  readonly graceSeconds: number;
  /** Takes a line for the pod's history. */
  readonly record: (event: string) => void;
}

/** A container with its probes and hooks, kept alive as a kubelet does. */
export class PlayedContainer {
  /** Id at the outer daemon of what runs now, or ran last. */
  public id = '';
  /** Whether the startup probe has succeeded. */
  public started = false;
  public ready = false;
  public restarts = 0;
  /** Exit codes, oldest first. */
  public readonly exitCodes: number[] = [];
  private readonly stopping = new AbortController();
  private terminating: Promise<void> | undefined;
  private life: Promise<void> = Promise.resolve();

  constructor(private readonly props: ContainerProps) {}

  /** Name of the container in its pod. */
  public get name(): string {
    return this.props.spec.name;
  }

  /** Starts the container and keeps it alive by its restart policy. */
  public async start(): Promise<void> {
    await this.launch();
    this.life = this.live();
  }

  /** Waits until the container has ended for good, and returns its last exit code. */
  public async ended(): Promise<number> {
    await this.life;
    return this.exitCodes[this.exitCodes.length - 1];
  }

  /** Everything that the container which runs now, or ran last, has printed. */
  public log(): Promise<string> {
    return this.props.context.engine.logs(this.id);
  }

  /** Runs a command in the container. */
  public exec(command: string[], timeoutSeconds?: number): Promise<ExecResult> {
    return this.props.context.engine.exec(this.id, command, timeoutSeconds);
  }

  /** Sends a signal to the container's first process. */
  public kill(signal: NodeJS.Signals): Promise<void> {
    return this.props.context.engine.kill(this.id, signal);
  }

  /** Ends the container for good: hook, SIGTERM, and SIGKILL when the grace period is over. */
  public async stop(): Promise<void> {
    this.stopping.abort();
    await this.terminate('the pod is deleted', this.props.graceSeconds);
    await this.life;
  }

  /** Removes the container, running or not. */
  public async remove(): Promise<void> {
    this.stopping.abort();
    await this.props.context.engine.remove(this.id);
    await this.life;
  }

  private async launch(): Promise<void> {
    const { context, config } = this.props;
    if (this.id && context.reuseContainers) return context.engine.start(this.id);
    if (this.id) await context.engine.remove(this.id);
    this.id = await context.engine.run(config);
  }

  private async live(): Promise<void> {
    for (;;) {
      await this.runOnce();
      if (this.stopping.signal.aborted || !this.restartsAfter(this.exitCodes[this.exitCodes.length - 1])) return;
      await this.backOff();
      if (this.stopping.signal.aborted) return;
      this.restarts += 1;
      await this.launch();
    }
  }

  private async runOnce(): Promise<void> {
    const ended = new AbortController();
    this.props.record(`${this.name} started`);
    const probing = this.probes().run(ended.signal);
    const exitCode = await this.props.context.engine.wait(this.id).catch(() => -1);
    ended.abort();
    await Promise.all([probing, this.terminating]);
    this.terminating = undefined;
    this.started = false;
    this.setReady(false);
    this.exitCodes.push(exitCode);
    this.props.record(`${this.name} ended with exit code ${exitCode}`);
  }

  private probes(): ContainerProbes {
    return new ContainerProbes(this.props.spec, (command, timeoutSeconds) => this.exec(command, timeoutSeconds), {
      started: () => { this.started = true; },
      ready: ready => this.setReady(ready),
      unhealthy: (reason, probe) => void this.terminate(reason, probe.terminationGracePeriodSeconds ?? this.props.graceSeconds),
      record: this.props.record,
    });
  }

  private restartsAfter(exitCode: number): boolean {
    return this.props.restartPolicy === 'Always' || (this.props.restartPolicy === 'OnFailure' && exitCode !== 0);
  }

  /** The first restart comes at once, then the delay doubles up to five minutes. */
  private async backOff(): Promise<void> {
    if (this.restarts === 0) return;
    await sleep(Math.min(this.props.context.restartBackoffSeconds * 2 ** (this.restarts - 1), 300) * 1000, undefined, { signal: this.stopping.signal })
      .catch(() => undefined);
  }

  private setReady(ready: boolean): void {
    if (this.ready === ready) return;
    this.ready = ready;
    this.props.record(`${this.name} is ${ready ? 'ready' : 'not ready'}`);
    this.props.context.readinessChanged();
  }

  private terminate(reason: string, graceSeconds: number): Promise<void> {
    this.terminating ??= this.hookThenStop(reason, graceSeconds);
    return this.terminating;
  }

  /** The hook's time counts against the grace period, but two seconds are left in any case. */
  private async hookThenStop(reason: string, graceSeconds: number): Promise<void> {
    this.props.record(`${this.name} is ended: ${reason}`);
    const start = performance.now();
    const elapsed = (): number => (performance.now() - start) / 1000;
    const hook = this.props.spec.lifecycle?.preStop?.exec.command;
    if (hook) {
      const { exitCode, output } = await this.exec(hook, graceSeconds).catch((error: Error) => ({ exitCode: -1, output: error.message }));
      this.props.record(`${this.name}: preStop: ${exitCode ?? 'killed'} after ${elapsed().toFixed(1)} s: ${output.trim()}`);
    }
    await this.props.context.engine.stop(this.id, Math.max(2, graceSeconds - elapsed()));
  }
}
