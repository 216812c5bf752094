import { sized } from '../size';

/** Where the programs of a Docker version come from: a Debian suite, or source code from the Go module proxy. */
export type DockerSource = { readonly debianSuite: string } | { readonly goModules: true };

/** A Docker version that the harness can run. */
export interface DockerVersion {
  /** As in the tags of Docker's images. */
  readonly version: string;
  readonly source: DockerSource;
}

const VERSIONS: DockerVersion[] = [
  { version: '26.1.5', source: { debianSuite: 'trixie' } },
  { version: '28.5.2', source: { debianSuite: 'sid' } },
  { version: '29.8.1', source: { goModules: true } },
];

/** Docker version that the quick size runs, and that the outer daemon is of. */
export const DEFAULT_DOCKER_VERSION = VERSIONS[VERSIONS.length - 1].version;

/** The upstream image to run instead of stand-ins, from `DIND_IMAGE`. */
export const upstreamImage: string | undefined = process.env.DIND_IMAGE || undefined;

/** Docker versions of this run, oldest first. */
export function dockerVersionsUnderTest(): string[] {
  if (upstreamImage !== undefined) return [versionOfTag(upstreamImage)];
  return sized({ quick: [DEFAULT_DOCKER_VERSION], full: VERSIONS.map(({ version }) => version) });
}

/** A daemon of this run: a Docker version and where it keeps its images. */
export interface DaemonUnderTest {
  readonly version: string;
  readonly imageStore: 'graphdriver' | 'containerd';
}

/** Daemons of this run: the store that a cache emits, in full size the other one too. */
export function daemonsUnderTest(): DaemonUnderTest[] {
  const stores: DaemonUnderTest['imageStore'][] = sized({ quick: ['graphdriver'], full: ['graphdriver', 'containerd'] });
  return dockerVersionsUnderTest().flatMap(version => stores.map(imageStore => ({ version, imageStore })));
}

/** Where a Docker version comes from. */
export function dockerVersion(version: string): DockerVersion {
  const found = VERSIONS.find(candidate => candidate.version === version);
  const known = VERSIONS.map(candidate => candidate.version).join(', ');
  if (!found) throw new Error(`'version' must be one of ${known}, got '${version}'`);
  return found;
}

/** The version in an image name such as `docker:29.8.1-dind`. */
export function versionOfTag(image: string): string {
  const version = image.match(/:([0-9][^-@]*)-(dind|cli)/)?.[1];
  if (!version) throw new Error(`'image' must end in :<version>-dind or :<version>-cli, got '${image}'`);
  return version;
}
