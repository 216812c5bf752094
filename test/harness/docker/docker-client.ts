import * as fs from 'node:fs';
import * as path from 'node:path';
import { BuildOutput, parseBuildOutput } from './build-output';
import { CommandOptions, CommandResult, run, tryRun } from './command';
import { goPrograms } from './go-programs';
import { archiveOf, busyboxRoot } from './images';
import { makeRunFolder } from './outer-daemon';
import { upstreamImage } from './versions';

/** A build's result and what its output tells. */
export interface BuildResult extends CommandResult {
  readonly output: BuildOutput;
}

/** Docker's CLI on this machine, with a configuration of its own as in a fresh CI job. */
export class DockerClient {
  private constructor(private readonly program: string, private readonly environment: NodeJS.ProcessEnv) {}

  /** A client of the daemon at `host`, such as `tcp://10.213.0.2:2375`; `environment` may add certificates. */
  public static async create(host: string, environment: NodeJS.ProcessEnv = {}): Promise<DockerClient> {
    const config = makeRunFolder();
    const fresh = { DOCKER_HOST: host, DOCKER_CONFIG: config, BUILDX_CONFIG: path.join(config, 'buildx'), DOCKER_BUILDKIT: '1', ...environment };
    // Who can pull upstream's image has a client of his own.
    if (upstreamImage !== undefined) return new DockerClient('docker', fresh);
    const programs = await goPrograms();
    fs.mkdirSync(path.join(config, 'cli-plugins'));
    fs.symlinkSync(path.join(programs, 'docker-buildx'), path.join(config, 'cli-plugins', 'docker-buildx'));
    return new DockerClient(path.join(programs, 'docker'), fresh);
  }

  /** Runs a command of the CLI and returns its standard output; throws what it printed when it fails. */
  public run(args: string[], options: CommandOptions = {}): Promise<string> {
    return run(this.program, args, this.options(options));
  }

  /** Runs a command of the CLI and returns what it printed, whether it fails or not. */
  public tryRun(args: string[], options: CommandOptions = {}): Promise<CommandResult> {
    return tryRun(this.program, args, this.options(options));
  }

  /** Builds a context, whether the build fails or not. */
  public async tryBuild(context: string, args: string[] = [], options: CommandOptions = {}): Promise<BuildResult> {
    const result = await this.tryRun(['buildx', 'build', '--progress=plain', ...args, context], options);
    return { ...result, output: parseBuildOutput(result.stderr) };
  }

  /** Builds a context; throws what the build printed when it fails. */
  public async build(context: string, args: string[] = [], options: CommandOptions = {}): Promise<BuildResult> {
    const result = await this.tryBuild(context, args, options);
    if (result.exitCode !== 0) throw new Error(`docker buildx build ${context}: exit code ${result.exitCode}\n${result.stderr}`);
    return result;
  }

  /** Puts a base image of BusyBox into the daemon, which reaches no registry. */
  public async importBase(image: string): Promise<void> {
    await this.run(['import', '-', image], { input: archiveOf(await busyboxRoot()) });
  }

  private options(options: CommandOptions): CommandOptions {
    return { ...options, env: { ...this.environment, ...options.env } };
  }
}
