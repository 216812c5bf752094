import { randomBytes } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { DockerClient } from '../../harness/docker/docker-client';
import { makeRunFolder } from '../../harness/docker/outer-daemon';

/** The image that the projects are built from; it is in no registry. */
export const BASE = 'base:1';

/** A duration that no other process of this machine sleeps for, so that the step is found among all processes. */
export const INSTALL_STEP = 'sleep 1.0173';

/** A project of seven steps whose image tells whether what was built is what was written. */
export class VerifiedProject {
  private readonly folder = makeRunFolder();

  constructor(private readonly name: string) {
    fs.mkdirSync(path.join(this.folder, 'src'));
    fs.writeFileSync(path.join(this.folder, 'Dockerfile'), DOCKERFILE);
    this.changeDependencies();
    this.changeSource();
  }

  /** Name of the image. */
  public get image(): string {
    return `${this.name}:1`;
  }

  /** Changes what the first steps depend on. */
  public changeDependencies(): void {
    this.write('package.json');
  }

  /** Changes one source file, as a commit does. */
  public changeSource(): void {
    this.write('src/main.txt');
  }

  /** Builds the image; returns how many of the seven steps were cached. */
  public async build(client: DockerClient): Promise<number> {
    const { output: { steps, cached } } = await client.build(this.folder, ['-t', this.image]);
    expect(steps).toHaveLength(7);
    return cached;
  }

  /** Builds the image, whether that succeeds or not, and returns the build's exit code. */
  public async tryBuild(client: DockerClient): Promise<number> {
    return (await client.tryBuild(this.folder, ['-t', this.image])).exitCode;
  }

  /** Runs the image: every file must be as the steps wrote it, and the source that of this folder. */
  public async verify(client: DockerClient): Promise<void> {
    const look = 'cd /app && sha256sum -c sums && cat src/main.txt';
    expect(await client.run(['run', '--rm', '--pull=never', this.image, 'sh', '-c', look])).toBe(`modules: OK\nbundle: OK\n${this.read('src/main.txt')}`);
  }

  private write(file: string): void {
    fs.writeFileSync(path.join(this.folder, file), randomBytes(100).toString('hex'));
  }

  private read(file: string): string {
    return fs.readFileSync(path.join(this.folder, file), 'utf8');
  }
}

const DOCKERFILE = `FROM ${BASE} AS deps
WORKDIR /app
COPY package.json .
RUN ${INSTALL_STEP} && dd if=/dev/urandom of=modules bs=1M count=30 && sha256sum modules > sums
FROM ${BASE} AS build
COPY --from=deps /app /app
COPY src /app/src
RUN cd /app && sleep 0.5 && cat package.json src/main.txt modules > bundle && sha256sum bundle >> sums
FROM ${BASE}
COPY --from=build /app /app
`;
