import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';

/** How much work the sample project makes. */
export interface SampleProjectProps {
  /** Image that every stage is built from. */
  readonly base: string;
  /** Seconds that the step sleeps which stands for installing dependencies. @default 5 */
  readonly installSeconds?: number;
  /** Megabytes that it writes. @default 40 */
  readonly installMegabytes?: number;
  /** Seconds that the step sleeps which stands for compiling. @default 2 */
  readonly compileSeconds?: number;
  /** What the dependencies are; another value makes another project. @default - the name of the folder */
  readonly dependencies?: string;
}

/** A project of three stages in a folder: install, compile, and an image of what was compiled; seven steps. */
export class SampleProject {
  constructor(public readonly folder: string, props: SampleProjectProps) {
    fs.mkdirSync(path.join(folder, 'src'), { recursive: true });
    fs.writeFileSync(path.join(folder, 'Dockerfile'), dockerfile(props));
    fs.writeFileSync(path.join(folder, 'package.json'), JSON.stringify({ name: props.dependencies ?? path.basename(folder) }));
    this.changeSource();
  }

  /** Changes one source file, as a commit does. */
  public changeSource(): void {
    fs.writeFileSync(path.join(this.folder, 'src', 'main.txt'), randomBytes(1000).toString('hex'));
  }
}

function dockerfile({ base, installSeconds = 5, installMegabytes = 40, compileSeconds = 2 }: SampleProjectProps): string {
  return [
    `FROM ${base} AS deps`,
    'WORKDIR /app',
    'COPY package.json .',
    `RUN sleep ${installSeconds} && dd if=/dev/urandom of=modules bs=1M count=${installMegabytes}`,
    `FROM ${base} AS build`,
    'COPY --from=deps /app /app',
    'COPY src /app/src',
    `RUN sleep ${compileSeconds} && gzip -c /app/src/main.txt > /app/out.gz`,
    `FROM ${base}`,
    'COPY --from=build /app/out.gz /out.gz',
    '',
  ].join('\n');
}
