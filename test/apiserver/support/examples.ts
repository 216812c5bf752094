import * as fs from 'node:fs';
import * as path from 'node:path';
import { KubeObject, readManifest } from './kube-object';

const DIST = path.resolve(__dirname, '../../../dist');
const EXTENSION = '.k8s.yaml';

/** A manifest of the repository, as its README has it applied. */
export interface Example {
  /** The name of the example. */
  readonly name: string;
  /** Path of the manifest. */
  readonly file: string;
  readonly objects: KubeObject[];
}

/** The manifests in `dist/`. */
export function examples(): Example[] {
  return fs.readdirSync(DIST).filter(file => file.endsWith(EXTENSION)).sort().map(file => example(path.basename(file, EXTENSION)));
}

/** The manifest of one example in `dist/`. */
export function example(name: string): Example {
  const file = path.join(DIST, `${name}${EXTENSION}`);
  return { name, file, objects: readManifest(file) };
}
