import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { Cluster } from '../../harness/kubernetes/cluster';
import { textOf } from '../../readme/markdown';

/** Where the manifest lies for the reader of a runbook. */
const MANIFEST = 'dist/docker-dind.k8s.yaml';

/** A section of the documentation, with the commands that its reader pastes. */
export class Runbook {
  /** The text of the section, without its heading. */
  public readonly text: string;

  /**
   * @param document path of the document in the repository
   * @param heading text of the section's heading
   */
  constructor(document: string, heading: string) {
    const [, after] = textOf(document).split(`\n## ${heading}\n`);
    if (after === undefined) throw new Error(`${document} has no section '${heading}'`);
    this.text = after.split('\n## ')[0];
  }

  /** The commands in the blocks of the section, one by one. */
  public get commands(): string[] {
    const blocks = [...this.text.matchAll(/^ *```sh\n([\s\S]*?)^ *```$/gm)].map(([, block]) => block);
    return blocks.flatMap(block => block.split(/(?<!\\)\n/)).map(command => command.trim()).filter(command => command !== '');
  }

  /** The commands in the sentences of the section. */
  public get inlineCommands(): string[] {
    return [...this.text.matchAll(/`(kubectl [^`]+)`/g)].map(([, command]) => command);
  }
}

/** Runs commands of a runbook as its reader would, in a folder that holds the manifest, and returns what they printed. */
export async function runCommands(cluster: Cluster, folder: string, manifest: string, commands: string[]): Promise<string> {
  const programs = path.join(folder, 'bin');
  fs.mkdirSync(path.join(folder, path.dirname(MANIFEST)), { recursive: true });
  fs.mkdirSync(programs, { recursive: true });
  fs.copyFileSync(manifest, path.join(folder, MANIFEST));
  if (path.isAbsolute(cluster.props.kubectl)) {
    fs.rmSync(path.join(programs, 'kubectl'), { force: true });
    fs.symlinkSync(cluster.props.kubectl, path.join(programs, 'kubectl'));
  }
  const env = { ...process.env, KUBECONFIG: cluster.kubeconfig, KUBECTL_KUBERC: 'false', PATH: `${programs}:${process.env.PATH}` };
  const { stdout } = await promisify(execFile)('sh', ['-ec', commands.join('\n')], { cwd: folder, env });
  return stdout;
}
