import * as fs from 'node:fs';
import * as path from 'node:path';
import { run, tryRun } from './command';

/** Installs those of the packages that this machine lacks, or says which they are. */
export async function requireDebianPackages(packages: string[]): Promise<void> {
  const { stdout } = await tryRun('dpkg-query', ['-W', '-f', '${db:Status-Status} ${Package}\n', ...packages]);
  const installed = new Set(stdout.split('\n').filter(line => line.startsWith('installed ')).map(line => line.slice('installed '.length)));
  const missing = packages.filter(each => !installed.has(each));
  if (missing.length === 0) return;
  const install = await tryRun('apt-get', ['install', '-y', '--no-install-recommends', ...missing], { env: { DEBIAN_FRONTEND: 'noninteractive' } });
  if (install.exitCode !== 0) throw new Error(`this machine lacks ${missing.join(', ')}; apt-get install says:\n${install.stderr}`);
}

/**
 * Unpacks packages of a Debian suite with all that they depend on into a folder, without running any of their scripts.
 *
 * The mirror is the one that this machine's own apt uses.
 */
export async function unpackDebianPackages(suite: string, packages: string[], folder: string): Promise<void> {
  const apt = path.join(folder, 'apt');
  const env = await aptOfItsOwn(suite, apt);
  await run('apt-get', ['install', '-y', '--download-only', ...packages], { env });
  for (const name of fs.readdirSync(path.join(apt, 'archives')).filter(each => each.endsWith('.deb'))) {
    await unpack(path.join(apt, 'archives', name), folder);
  }
  fs.rmSync(apt, { recursive: true });
}

/** Fetches the upstream archive of a Debian source package and returns the folder that it holds. */
export async function unpackDebianSource(suite: string, name: string, folder: string): Promise<string> {
  const apt = path.join(folder, 'apt');
  const env = await aptOfItsOwn(suite, apt);
  await run('apt-get', ['source', '--download-only', name], { env, cwd: folder });
  const archive = fs.readdirSync(folder).find(each => each.includes('.orig.tar'));
  if (!archive) throw new Error(`the source package ${name} of ${suite} must have an upstream archive`);
  await run('tar', ['-x', '-f', path.join(folder, archive), '-C', folder]);
  const unpacked = fs.readdirSync(folder, { withFileTypes: true }).find(each => each.isDirectory() && each.name !== 'apt');
  return path.join(folder, unpacked?.name ?? '');
}

/** Makes apt's state in a folder for one suite, and returns the environment that makes apt use it. */
async function aptOfItsOwn(suite: string, apt: string): Promise<NodeJS.ProcessEnv> {
  fs.mkdirSync(path.join(apt, 'lists', 'partial'), { recursive: true });
  fs.mkdirSync(path.join(apt, 'archives', 'partial'), { recursive: true });
  fs.writeFileSync(path.join(apt, 'status'), '');
  const source = `[signed-by=/usr/share/keyrings/debian-archive-keyring.gpg] ${await mirror()} ${suite} main\n`;
  fs.writeFileSync(path.join(apt, 'sources.list'), `deb ${source}deb-src ${source}`);
  fs.writeFileSync(path.join(apt, 'apt.conf'), configuration(apt));
  const env = { APT_CONFIG: path.join(apt, 'apt.conf') };
  await run('apt-get', ['update'], { env });
  return env;
}

async function mirror(): Promise<string> {
  const sources = await run('apt-get', ['indextargets', '--format', '$(REPO_URI)', 'Created-By: Packages', 'Label: Debian']);
  const first = sources.split('\n')[0];
  if (!first) throw new Error('apt of this machine must know a Debian mirror: run apt-get update on a Debian machine');
  return first;
}

/** Keeps apt away from the machine's own state; an empty status file means that nothing is installed yet. */
function configuration(apt: string): string {
  const settings = {
    'Dir::Etc::sourcelist': path.join(apt, 'sources.list'),
    'Dir::Etc::sourceparts': '/dev/null',
    'Dir::Etc::preferencesparts': '/dev/null',
    'Dir::State': apt,
    'Dir::State::status': path.join(apt, 'status'),
    'Dir::Cache': apt,
    'Acquire::Languages': 'none',
    'APT::Install-Recommends': 'false',
    // Another account could not read a folder below root's home.
    'APT::Sandbox::User': 'root',
  };
  return Object.entries(settings).map(([name, value]) => `${name} "${value}";\n`).join('');
}

/** Packages from before the merge of /bin into /usr/bin must follow the links that stand there already. */
async function unpack(archive: string, folder: string): Promise<void> {
  await run('sh', ['-c', 'dpkg-deb --fsys-tarfile "$1" | tar -x --keep-directory-symlink -C "$2"', 'unpack', archive, folder]);
}
