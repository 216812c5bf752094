import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { checkRequirements } from './requirements';

const KUBERNETES = 'k8s.io/kubernetes';
const ETCD = 'go.etcd.io/etcd/server/v3';
const KUBERNETES_COMMANDS = ['kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'];

/**
 * Builds the control plane of the Go module beside this file, unless that was done before, and returns the folder with the programs.
 *
 * The folder's name carries version, platform and the digest of everything that the build depends on.
 */
export function buildBinaries(): string {
  const cache = path.join(process.env.XDG_CACHE_HOME ?? path.join(os.homedir(), '.cache'), 'cdk8s-dind-cache');
  const folder = path.join(cache, `kubernetes-${kubernetesVersion()}-${process.platform}-${process.arch}-${recipeDigest()}`);
  if (fs.existsSync(folder)) return folder;
  fs.mkdirSync(cache, { recursive: true });
  checkRequirements({ what: 'building Kubernetes', folder: cache, diskGiB: 6, memoryGiB: 4 });
  const start = Date.now();
  process.stderr.write(`building Kubernetes ${kubernetesVersion()} and etcd once, this takes some minutes …\n`);
  buildInto(folder);
  process.stderr.write(`built ${folder} in ${Math.round((Date.now() - start) / 1000)} s\n`);
  return folder;
}

/** The Kubernetes release that go.mod names. */
export function kubernetesVersion(): string {
  const version = moduleFile('go.mod').match(new RegExp(`^\\s*${KUBERNETES} (v[0-9.]+)`, 'm'))?.[1];
  if (!version) throw new Error(`go.mod must require ${KUBERNETES} at a release`);
  return version;
}

/** A killed build must not look like a finished one: the folder gets its name when everything is in it. */
function buildInto(folder: string): void {
  const unfinished = fs.mkdtempSync(`${folder}.unfinished-`);
  try {
    goBuild(`${unfinished}/`, KUBERNETES_COMMANDS.map(command => `${KUBERNETES}/cmd/${command}`));
    goBuild(path.join(unfinished, 'etcd'), [ETCD]);
    fs.renameSync(unfinished, folder);
  } catch (error) {
    fs.rmSync(unfinished, { recursive: true, force: true });
    // Somebody else's build may have been first; it is of the same recipe.
    if (!fs.existsSync(folder)) throw error;
  }
}

function goBuild(output: string, packages: string[]): void {
  execFileSync('go', ['build', '-trimpath', '-ldflags', linkerFlags(), '-o', output, ...packages], {
    cwd: __dirname,
    env: { ...process.env, CGO_ENABLED: '0' },
    stdio: ['ignore', 'inherit', 'inherit'],
  });
}

/** `kube-apiserver --version` and `kubectl version` must tell the release, as official builds do. */
function linkerFlags(): string {
  const version = kubernetesVersion();
  const [major, minor] = version.slice(1).split('.');
  const stamps = { gitVersion: version, gitMajor: major, gitMinor: minor, gitTreeState: 'clean' };
  return ['-s', '-w', ...Object.entries(stamps).map(([name, value]) => `-X k8s.io/component-base/version.${name}=${value}`)].join(' ');
}

function recipeDigest(): string {
  const recipe = [moduleFile('go.mod'), moduleFile('go.sum'), linkerFlags(), ...KUBERNETES_COMMANDS];
  return createHash('sha256').update(recipe.join('\n')).digest('hex').slice(0, 12);
}

function moduleFile(name: string): string {
  return fs.readFileSync(path.join(__dirname, name), 'utf8');
}
