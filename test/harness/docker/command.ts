import { spawn } from 'node:child_process';
import { Readable } from 'node:stream';

/** How a program is run. */
export interface CommandOptions {
  readonly cwd?: string;
  /** Variables added to those of this process. */
  readonly env?: NodeJS.ProcessEnv;
  /** What the program reads from its standard input. */
  readonly input?: string | Readable;
  /** Kills the program when it takes longer. @default - no limit */
  readonly timeoutSeconds?: number;
  /** Kills the program when aborted. */
  readonly signal?: AbortSignal;
}

/** What a program printed and how it ended. */
export interface CommandResult {
  /** Exit code, or -1 when a signal ended the program. */
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
  readonly seconds: number;
}

/** Runs a program and returns what it printed, whether it fails or not. */
export function tryRun(program: string, args: string[], options: CommandOptions = {}): Promise<CommandResult> {
  const start = performance.now();
  const signals = [options.signal, options.timeoutSeconds ? AbortSignal.timeout(options.timeoutSeconds * 1000) : undefined];
  return new Promise((resolve, reject) => {
    const signal = AbortSignal.any(signals.filter(each => each !== undefined));
    const child = spawn(program, args, { cwd: options.cwd, env: { ...process.env, ...options.env }, signal, killSignal: 'SIGKILL' });
    const output = { stdout: '', stderr: '' };
    child.stdout.setEncoding('utf8').on('data', (chunk: string) => { output.stdout += chunk; });
    child.stderr.setEncoding('utf8').on('data', (chunk: string) => { output.stderr += chunk; });
    child.once('error', error => { if (error.name !== 'AbortError') reject(error); });
    child.once('close', code => resolve({ exitCode: code ?? -1, ...output, seconds: (performance.now() - start) / 1000 }));
    // A program may end before it has read its input; its exit code says so.
    child.stdin.on('error', () => undefined);
    if (options.input instanceof Readable) options.input.pipe(child.stdin);
    else child.stdin.end(options.input ?? '');
  });
}

/** Runs a program and returns its standard output; throws what it printed when it fails. */
export async function run(program: string, args: string[], options: CommandOptions = {}): Promise<string> {
  const result = await tryRun(program, args, options);
  if (result.exitCode !== 0) {
    throw new Error(`${program} ${args.join(' ')}: exit code ${result.exitCode}\n${result.stdout}${result.stderr}`);
  }
  return result.stdout;
}
