import * as fs from 'node:fs';
import * as path from 'node:path';
import { checkRequirements } from '../kubernetes/requirements';
import { run } from './command';
import { requireDebianPackages } from './debian-packages';
import { cachedFolder, cacheRoot } from './shared-cache';
import { DEFAULT_DOCKER_VERSION } from './versions';

/** Programs that are built from one Go module. */
interface GoModule {
  readonly module: string;
  readonly version: string;
  readonly packages: string[];
  /** Name of the program, where it is not the package's. */
  readonly program?: string;
  readonly tags?: string[];
  /** Variables that the linker sets, so that the programs tell their release as official builds do. */
  readonly stamps?: Record<string, string>;
  /** Whether C code is linked in, statically. */
  readonly cgo?: boolean;
}

/**
 * Docker's programs as docker-library puts them together.
 *
 * Moby's release tags are no Go versions; v2.0.0-beta.24 is the tag whose releases/versions.yaml says `next: 29.8.1`.
 * The versions of the others are those in that tag's Dockerfile.
 */
const MODULES: GoModule[] = [
  {
    module: 'github.com/moby/moby/v2',
    version: 'v2.0.0-beta.24',
    packages: ['./cmd/dockerd', './cmd/docker-proxy'],
    tags: ['netgo', 'osusergo', 'static_build', 'nri_no_wasm'],
    stamps: { 'github.com/moby/moby/v2/dockerversion.Version': DEFAULT_DOCKER_VERSION },
  },
  {
    module: 'github.com/docker/cli',
    version: `v${DEFAULT_DOCKER_VERSION}+incompatible`,
    packages: ['./cmd/docker'],
    tags: ['netgo', 'osusergo', 'grpcnotrace'],
    stamps: { 'github.com/docker/cli/cli/version.Version': DEFAULT_DOCKER_VERSION },
  },
  {
    module: 'github.com/docker/buildx',
    version: 'v0.37.0',
    packages: ['./cmd/buildx'],
    program: 'docker-buildx',
    stamps: { 'github.com/docker/buildx/version.Version': 'v0.37.0' },
  },
  {
    module: 'github.com/containerd/containerd/v2',
    version: 'v2.3.5',
    packages: ['./cmd/containerd', './cmd/containerd-shim-runc-v2'],
    tags: ['no_btrfs', 'no_devmapper', 'no_zfs'],
    stamps: { 'github.com/containerd/containerd/v2/version.Version': 'v2.3.5' },
  },
  {
    module: 'github.com/opencontainers/runc',
    version: 'v1.5.1',
    packages: ['.'],
    program: 'runc',
    tags: ['netgo', 'osusergo', 'seccomp'],
    stamps: { 'main.version': '1.5.1' },
    cgo: true,
  },
];

/** What the programs depend on. */
export function goProgramsRecipe(): unknown {
  return MODULES;
}

/** Builds the programs of the default Docker version, unless that was done before, and returns the folder with them. */
export function goPrograms(): Promise<string> {
  return cachedFolder(`docker-programs-${DEFAULT_DOCKER_VERSION}-${process.arch}`, MODULES, async folder => {
    checkRequirements({ what: 'building Docker', folder: cacheRoot(), diskGiB: 6, memoryGiB: 3 });
    await requireDebianPackages(['gcc', 'libc6-dev', 'libseccomp-dev', 'pkg-config']);
    for (const each of MODULES) await build(each, folder);
  });
}

async function build(source: GoModule, folder: string): Promise<void> {
  const copy = path.join(folder, 'source');
  const downloaded = JSON.parse(await run('go', ['mod', 'download', '-json', `${source.module}@${source.version}`])) as { Dir: string };
  await run('cp', ['-r', '--no-preserve=mode', downloaded.Dir, copy]);
  useVendorMod(copy);
  await run('nice', ['-n', '10', 'go', 'build', ...buildFlags(source, folder), ...source.packages], { cwd: copy, env: buildEnvironment(source) });
  fs.rmSync(copy, { recursive: true });
}

/** Docker's CLI keeps its dependencies in vendor.mod; the vendor folder itself is not part of the module. */
function useVendorMod(copy: string): void {
  if (!fs.existsSync(path.join(copy, 'vendor.mod'))) return;
  fs.rmSync(path.join(copy, 'vendor'), { recursive: true });
  fs.renameSync(path.join(copy, 'vendor.mod'), path.join(copy, 'go.mod'));
  fs.renameSync(path.join(copy, 'vendor.sum'), path.join(copy, 'go.sum'));
}

function buildFlags({ tags = [], stamps = {}, cgo, program = '' }: GoModule, folder: string): string[] {
  const stamped = Object.entries(stamps).map(([name, value]) => `-X ${name}=${value}`);
  const linker = ['-s', '-w', ...(cgo ? ['-extldflags', '-static'] : []), ...stamped].join(' ');
  return ['-mod=readonly', '-trimpath', '-buildvcs=false', '-tags', tags.join(','), '-ldflags', linker, '-o', path.join(folder, program)];
}

/** Memory is less scarce than minutes: the compiler collects its garbage less often. */
function buildEnvironment({ cgo }: GoModule): NodeJS.ProcessEnv {
  return { CGO_ENABLED: cgo ? '1' : '0', GOGC: '400', GOFLAGS: '' };
}
