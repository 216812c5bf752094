import { spawn } from 'node:child_process';

/** What a run of kubectl printed. */
export interface KubectlResult {
  readonly exitCode: number;
  readonly stdout: string;
  readonly stderr: string;
}

/** How kubectl is run. */
export interface KubectlOptions {
  /** Text for standard input, for `-f -`. */
  readonly input?: string;
}

/** Where a cluster is and how it is reached. */
export interface ClusterProps {
  /** Path of the kubeconfig file. */
  readonly kubeconfig: string;
  /** The kubectl to run. */
  readonly kubectl: string;
  /** Whether somebody else's cluster is used, with controllers that the harness does not choose. */
  readonly external: boolean;
  /** Folder for kubectl's discovery cache. @default - kubectl's own */
  readonly kubectlCache?: string;
}

/** A cluster under test, seen through kubectl. */
export class Cluster {
  constructor(public readonly props: ClusterProps) {}

  public get kubeconfig(): string {
    return this.props.kubeconfig;
  }

  /** Runs kubectl and returns its standard output; throws what it printed when it fails. */
  public async kubectl(args: string[], options: KubectlOptions = {}): Promise<string> {
    const result = await this.tryKubectl(args, options);
    if (result.exitCode !== 0) throw new Error(`kubectl ${args.join(' ')}: exit code ${result.exitCode}\n${result.stderr}`);
    return result.stdout;
  }

  /** Runs kubectl and returns what it printed, whether it fails or not. */
  public tryKubectl(args: string[], options: KubectlOptions = {}): Promise<KubectlResult> {
    return new Promise((resolve, reject) => {
      const child = spawn(this.props.kubectl, args, { env: this.environment(), stdio: ['pipe', 'pipe', 'pipe'] });
      const output = { stdout: '', stderr: '' };
      child.stdout.setEncoding('utf8').on('data', (chunk: string) => { output.stdout += chunk; });
      child.stderr.setEncoding('utf8').on('data', (chunk: string) => { output.stderr += chunk; });
      child.once('error', reject);
      child.once('close', code => resolve({ exitCode: code ?? -1, ...output }));
      // kubectl may fail before it has read its input; its exit code says so.
      child.stdin.on('error', () => undefined).end(options.input ?? '');
    });
  }

  /** Runs kubectl with `-o json` and returns what it printed, parsed. */
  public async getJson<T = Record<string, unknown>>(args: string[], options: KubectlOptions = {}): Promise<T> {
    return JSON.parse(await this.kubectl([...args, '-o', 'json'], options)) as T;
  }

  /** A user's own kubectl preferences must not change what a test sees. */
  private environment(): NodeJS.ProcessEnv {
    return {
      ...process.env,
      KUBECONFIG: this.props.kubeconfig,
      KUBECTL_KUBERC: 'false',
      ...(this.props.kubectlCache ? { KUBECACHEDIR: this.props.kubectlCache } : {}),
    };
  }
}
