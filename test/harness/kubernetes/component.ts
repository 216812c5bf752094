import { ChildProcess, spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';

const TERMINATION_SECONDS = 20;

/** One process of the control plane, its log in a file of its own. */
export class Component {
  /** Starts `command` with its output in `<logFolder>/<name>.log`. */
  public static start(name: string, command: string, args: string[], logFolder: string): Component {
    const log = path.join(logFolder, `${name}.log`);
    const output = fs.openSync(log, 'a');
    const [file, ...rest] = [...dyingWithParent(), command, ...args];
    try {
      return new Component(name, log, spawn(file, rest, { stdio: ['ignore', output, output] }));
    } finally {
      fs.closeSync(output);
    }
  }

  /** Why the process ended, while it runs `undefined`. */
  public ending?: string;
  private readonly ended: Promise<void>;

  private constructor(public readonly name: string, private readonly log: string, private readonly child: ChildProcess) {
    this.ended = new Promise(resolve => {
      const end = (reason: string) => {
        this.ending ??= reason;
        resolve();
      };
      child.once('error', error => end(error.message));
      child.once('exit', (code, signal) => end(signal ? `killed by ${signal}` : `exit code ${code}`));
    });
  }

  public get pid(): number | undefined {
    return this.child.pid;
  }

  /** Terminates the process and returns when it is gone, by force when it takes too long. */
  public async stop(): Promise<void> {
    this.child.kill('SIGTERM');
    const force = setTimeout(() => this.kill(), TERMINATION_SECONDS * 1000);
    await this.ended;
    clearTimeout(force);
  }

  /** Kills the process at once. */
  public kill(): void {
    this.child.kill('SIGKILL');
  }

  /** The last lines of the log. */
  public logTail(lines = 40): string {
    return fs.readFileSync(this.log, 'utf8').trimEnd().split('\n').slice(-lines).join('\n');
  }
}

/** Even a SIGKILL of the test runner must leave no control plane behind; only Linux can promise that. */
function dyingWithParent(): string[] {
  const setpriv = '/usr/bin/setpriv';
  return fs.existsSync(setpriv) ? [setpriv, '--pdeathsig', 'TERM', '--'] : [];
}
