import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { KubeObject, readManifest } from '../apiserver/support/kube-object';

const FOLDER = path.resolve(__dirname, '../../examples');

/** An example, and the objects that it comes to. */
export interface Example {
  /** The name of its file, without extension. */
  readonly name: string;
  /** The objects of all its charts. */
  readonly objects: KubeObject[];
}

let synthesized: Example[] | undefined;

/** All examples, synthesized into a folder that is removed at once. */
export function examples(): Example[] {
  synthesized ??= names().map(name => ({ name, objects: synthesize(name) }));
  return synthesized;
}

function names(): string[] {
  return fs.readdirSync(FOLDER).map(file => path.basename(file, '.ts')).filter(name => name !== 'index');
}

/** An example is a program: it synthesizes when it is loaded, to the folder that the command line would name. */
function synthesize(name: string): KubeObject[] {
  const outdir = fs.mkdtempSync(path.join(os.tmpdir(), 'dind-cache-example-'));
  const before = process.env.CDK8S_OUTDIR;
  process.env.CDK8S_OUTDIR = outdir;
  try {
    jest.requireActual(path.join(FOLDER, name));
    return fs.readdirSync(outdir).filter(file => file.endsWith('.k8s.yaml')).flatMap(file => readManifest(path.join(outdir, file)));
  } finally {
    restore('CDK8S_OUTDIR', before);
    fs.rmSync(outdir, { recursive: true });
  }
}

function restore(variable: string, value?: string): void {
  if (value === undefined) {
    delete process.env[variable];
  } else {
    process.env[variable] = value;
  }
}
