import { execFileSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ModuleKind, ScriptTarget, transpileModule } from 'typescript';

const ROOT = join(__dirname, '..', '..');
const INSTALLED = join(ROOT, 'node_modules');

/** How an app is started by `cdk8s synth`. */
export type Start = 'node' | 'ts-node';

/** A project as a user has it, with the compiled library among its dependencies. */
export class Project {
  private readonly folder = mkdtempSync(join(tmpdir(), 'bench-synth-'));

  constructor() {
    mkdirSync(join(this.folder, 'node_modules', '@types'), { recursive: true });
    for (const name of ['cdk8s', 'cdk8s-plus-27', 'constructs', 'typescript', '@types/node']) {
      symlinkSync(join(INSTALLED, name), join(this.folder, 'node_modules', name));
    }
    symlinkSync(ROOT, join(this.folder, 'node_modules', 'cdk8s-dind-cache'));
    writeFileSync(join(this.folder, 'tsconfig.json'), '{ "compilerOptions": { "target": "ES2022", "module": "CommonJS", "strict": true } }\n');
  }

  /** Adds a program of this repository, in TypeScript and in JavaScript. */
  public add(name: string, source: string): void {
    const program = readFileSync(join(ROOT, source), 'utf8').replace(/'[./]+\/src'/, "'cdk8s-dind-cache'");
    const { outputText } = transpileModule(program, { compilerOptions: { target: ScriptTarget.ES2022, module: ModuleKind.CommonJS } });
    writeFileSync(join(this.folder, `${name}.ts`), program);
    writeFileSync(join(this.folder, `${name}.js`), outputText);
  }

  /** Runs `cdk8s synth` and returns the seconds that it took. */
  public synth(name: string, start: Start): number {
    const app = start === 'node' ? `node ${name}.js` : `${join(INSTALLED, '.bin', 'ts-node')} --transpile-only ${name}.ts`;
    const begin = performance.now();
    execFileSync(join(INSTALLED, '.bin', 'cdk8s'), ['synth', '--check-upgrade=false', '--app', app], { cwd: this.folder, encoding: 'utf8', stdio: 'pipe' });
    return (performance.now() - begin) / 1000;
  }

  /** Runs one of the project's programs itself and returns what it printed. */
  public run(name: string, ...args: string[]): string {
    return execFileSync('node', [`${name}.js`, ...args], { cwd: this.folder, encoding: 'utf8' });
  }

  /** The text of a file that a program wrote. */
  public read(file: string): string {
    return readFileSync(join(this.folder, file), 'utf8');
  }

  /** Removes the project. */
  public remove(): void {
    rmSync(this.folder, { recursive: true });
  }
}
