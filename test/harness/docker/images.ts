import { spawn } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { Readable } from 'node:stream';
import { run } from './command';
import { Engine } from './engine';
import { goProgramsRecipe } from './go-programs';
import { CLI_PROGRAMS, keepPrograms, makeBusyboxRoot, makeDockerRoot, ROOT_RECIPE } from './root-file-system';
import { cachedFolder, cacheRoot, recipeDigest, timed, withLock } from './shared-cache';
import { dockerVersion, upstreamImage, versionOfTag } from './versions';

const REPOSITORY = 'cdk8s-dind-cache/stand-in';
const UPSTREAM_BUSYBOX = 'busybox:1.37.0';
const SCRIPTS = path.join(__dirname, 'images');
const PATH = 'PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin';

/** The images of one Docker version, by the names that the outer daemon knows. */
export interface DockerImageNames {
  readonly dind: string;
  readonly cli: string;
}

/** Makes the images of a Docker version unless they are there; with `DIND_IMAGE`, pulls upstream's instead. */
export async function ensureImage(engine: Engine, version: string): Promise<DockerImageNames> {
  if (upstreamImage !== undefined) return pullUpstream(engine, version, upstreamImage);
  const digest = recipeDigest([ROOT_RECIPE, goProgramsRecipe(), ...scriptNames().map(name => fs.readFileSync(path.join(SCRIPTS, name), 'utf8'))]);
  const names = { dind: `${REPOSITORY}:${version}-dind-${digest}`, cli: `${REPOSITORY}:${version}-cli-${digest}` };
  await withLock(`images-${version}`, async () => {
    if (await engine.hasImage(names.dind) && await engine.hasImage(names.cli)) return;
    await timed(`making the images of Docker ${version}`, () => makeImages(engine, version, names));
  });
  return names;
}

/** The root file system of the BusyBox image, which also serves as base image of builds. */
export function busyboxRoot(): Promise<string> {
  if (upstreamImage !== undefined) return cachedFolder('busybox-root-upstream', UPSTREAM_BUSYBOX, exportUpstreamBusybox);
  return cachedFolder('busybox-root', ROOT_RECIPE, makeBusyboxRoot);
}

/** Who can pull upstream's images has Docker's CLI, and need not be on Debian. */
async function exportUpstreamBusybox(folder: string): Promise<void> {
  const id = (await run('docker', ['create', UPSTREAM_BUSYBOX])).trim();
  await run('sh', ['-c', 'docker export "$1" | tar -x -C "$2"', 'export', id, folder]);
  await run('docker', ['rm', id]);
}

/** Makes an image of BusyBox alone unless it is there, and returns its name. */
export async function busyboxImage(engine: Engine): Promise<string> {
  const name = `${REPOSITORY}:busybox-${recipeDigest([ROOT_RECIPE, upstreamImage === undefined])}`;
  await withLock('images-busybox', async () => {
    if (await engine.hasImage(name)) return;
    await importRoot(engine, await busyboxRoot(), name, ['CMD ["sh"]']);
  });
  return name;
}

async function makeImages(engine: Engine, version: string, names: DockerImageNames): Promise<void> {
  const environment = [`ENV ${PATH}`, `ENV DOCKER_VERSION=${version}`, 'ENV DOCKER_TLS_CERTDIR=/certs'];
  await withRoot(root => makeDockerRoot(dockerVersion(version).source, root), async root => {
    copyScripts(root, scriptNames());
    const dind = ['VOLUME /var/lib/docker', 'EXPOSE 2375 2376', 'ENTRYPOINT ["dockerd-entrypoint.sh"]', 'CMD []'];
    await importRoot(engine, root, names.dind, [...environment, ...dind]);
    await keepPrograms(root, CLI_PROGRAMS);
    copyScripts(root, ['docker-entrypoint.sh']);
    await importRoot(engine, root, names.cli, [...environment, 'ENTRYPOINT ["docker-entrypoint.sh"]', 'CMD ["sh"]']);
  });
}

/** Makes a root file system in a folder that goes when it has been used. */
async function withRoot(make: (root: string) => Promise<void>, use: (root: string) => Promise<void>): Promise<void> {
  const root = fs.mkdtempSync(path.join(cacheRoot(), 'root.unfinished-'));
  try {
    fs.chmodSync(root, 0o755);
    await make(root);
    await use(root);
  } finally {
    fs.rmSync(root, { recursive: true, force: true });
  }
}

async function importRoot(engine: Engine, root: string, name: string, changes: string[]): Promise<void> {
  await engine.importImage(name, archiveOf(root), changes);
  await engine.removeImages(REPOSITORY, name.slice(REPOSITORY.length + 1, name.lastIndexOf('-') + 1), name);
}

/** A tar archive of a folder, while it is made. */
export function archiveOf(folder: string): Readable {
  return spawn('tar', ['-C', folder, '-c', '.'], { stdio: ['ignore', 'pipe', 'inherit'] }).stdout;
}

function copyScripts(root: string, names: string[]): void {
  for (const name of names) {
    const copy = path.join(root, 'usr/local/bin', name);
    fs.copyFileSync(path.join(SCRIPTS, name), copy);
    fs.chmodSync(copy, 0o755);
  }
}

function scriptNames(): string[] {
  return fs.readdirSync(SCRIPTS).sort();
}

async function pullUpstream(engine: Engine, version: string, dind: string): Promise<DockerImageNames> {
  if (versionOfTag(dind) !== version) throw new Error(`'version' must be that of DIND_IMAGE=${dind}, got '${version}'`);
  const names = { dind, cli: dind.replace('-dind', '-cli') };
  for (const name of Object.values(names)) {
    if (!await engine.hasImage(name)) await timed(`pulling ${name}`, () => engine.pull(name));
  }
  return names;
}
