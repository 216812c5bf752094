import { DindEndpoint } from '../../../src';
import { CommandResult, tryRun } from '../../harness/docker/command';
import { goPrograms } from '../../harness/docker/go-programs';
import { makeRunFolder } from '../../harness/docker/outer-daemon';
import { upstreamImage } from '../../harness/docker/versions';
import { searchPath, Shell } from '../../scripts/support/shells';

/** Runs a script on this machine in one of its shells, since the client's image has no other than BusyBox's. */
export async function runInShell(shell: Shell, endpoint: DindEndpoint, script: string, environment: NodeJS.ProcessEnv): Promise<CommandResult> {
  const folder = makeRunFolder();
  const [program, ...args] = shell.command;
  // who can pull upstream's image has a client of his own
  const docker = upstreamImage === undefined ? [await goPrograms()] : [];
  const env = { ...endpoint.environment, HOME: folder, PATH: [...docker, searchPath(shell, folder)].join(':'), ...environment };
  return tryRun(program, [...args, '-c', script], { env });
}
