import * as fs from 'node:fs';
import * as path from 'node:path';
import { buildBinaries } from './build';

/** The programs of a control plane and its client. */
export const BINARY_NAMES = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler', 'kubectl'] as const;

/** Name of a program of the control plane. */
export type BinaryName = (typeof BINARY_NAMES)[number];

/** Where each program is. */
export type Binaries = Readonly<Record<BinaryName, string>>;

/**
 * Finds the programs: in the folder named by `KUBEBUILDER_ASSETS` as controller projects do, the others in our own build.
 *
 * The own build is made when it is needed and absent.
 */
export function findBinaries(): Binaries {
  const assets = process.env.KUBEBUILDER_ASSETS;
  const given = assets ? BINARY_NAMES.filter(name => fs.existsSync(path.join(assets, name))) : [];
  if (assets && given.length === 0) throw new Error(`'KUBEBUILDER_ASSETS' must be a folder with etcd and kube-apiserver, got '${assets}'`);
  const built = given.length === BINARY_NAMES.length ? '' : buildBinaries();
  const folderOf = (name: BinaryName) => (assets && given.includes(name) ? assets : built);
  return Object.fromEntries(BINARY_NAMES.map(name => [name, path.join(folderOf(name), name)])) as Binaries;
}
