import { DindEndpoint } from '../../../src';
import { BuildOutput, parseBuildOutput } from '../../harness/docker/build-output';
import { ExecResult } from '../../harness/docker/engine';
import { PlayedPod } from '../../harness/docker/played-pod';

/** What a job printed and how it ended. */
export interface JobResult extends ExecResult {
  readonly seconds: number;
  /** What the output of its build tells. */
  readonly build: BuildOutput;
}

/** How a job is run. */
export interface JobOptions {
  /** @default - that of the image */
  readonly workingDirectory?: string;
  /** @default 300 */
  readonly timeoutSeconds?: number;
}

let homes = 0;

/** A pod in which jobs run as GitLab Runner runs them: in the client's image, in a shell that ends at the first failure. */
export class CiJob {
  constructor(public readonly pod: PlayedPod, private readonly endpoint: DindEndpoint) {}

  /** Where the folder `/builds` of the pod is on this machine. */
  public get builds(): string {
    return this.pod.volumes.path('builds');
  }

  /** Runs a job, which begins with the client script, in a home folder that nobody has used before. */
  public run(script: string, environment: Readonly<Record<string, string>> = {}, options: JobOptions = {}): Promise<JobResult> {
    return this.shell(`set -eo pipefail\n${this.endpoint.clientScript}\n${script}`, environment, options);
  }

  /** Runs commands without the client script. */
  public async shell(script: string, environment: Readonly<Record<string, string>> = {}, options: JobOptions = {}): Promise<JobResult> {
    const { workingDirectory = '.', timeoutSeconds = 300 } = options;
    const start = performance.now();
    const variables = Object.entries({ HOME: `/builds/home-${homes += 1}`, ...environment }).map(([name, value]) => `${name}=${value}`);
    const result = await this.pod.container().exec(['env', ...variables, 'sh', '-c', `cd ${workingDirectory}\n${script}`], timeoutSeconds);
    return { ...result, seconds: (performance.now() - start) / 1000, build: parseBuildOutput(result.output) };
  }
}
