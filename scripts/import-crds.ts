// Writes the bindings of imports/, or of the folder given, from the CRDs given as files, folders or URLs: by default those in ../shared/crds,
// and where that is not, the public ones that cdk8s.yaml names.
import { execFileSync } from 'child_process';
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'fs';
import { tmpdir } from 'os';
import { join } from 'path';
import { parse, parseAllDocuments, stringify } from 'yaml';

interface CustomResourceDefinition {
  readonly spec: { readonly group: string };
}

const ROOT = join(__dirname, '..');
const SHARED = join(ROOT, '..', 'shared', 'crds');

/** What the library will never set, and what would make nine tenths of the bindings. */
const LEFT_OUT = ['additionalOutputFormats', 'keystores', 'literalSubject', 'nameConstraints', 'otherNames', 'acme', 'vault', 'venafi'];

async function main([output = join(ROOT, 'imports'), ...given]: string[]): Promise<void> {
  const sources = given.length > 0 ? given : existsSync(SHARED) ? [SHARED] : publicSources();
  const texts = await Promise.all(sources.flatMap(filesOf).map(textOf));
  const crds = texts.flatMap(text => parseAllDocuments(text).map(document => reduced(document.toJS() as CustomResourceDefinition)));
  const scratch = mkdtempSync(join(tmpdir(), 'crds-'));
  try {
    for (const group of new Set(crds.map(({ spec }) => spec.group))) {
      const file = join(scratch, `${group}.yaml`);
      writeFileSync(file, crds.filter(({ spec }) => spec.group === group).map(crd => stringify(crd)).join('---\n'));
      importCrds(file, output);
    }
  } finally {
    rmSync(scratch, { recursive: true });
  }
}

function publicSources(): string[] {
  return parse(readFileSync(join(ROOT, 'cdk8s.yaml'), 'utf8')).crds as string[];
}

function filesOf(source: string): string[] {
  return existsSync(source) && statSync(source).isDirectory() ? readdirSync(source).sort().map(file => join(source, file)) : [source];
}

async function textOf(source: string): Promise<string> {
  if (!source.startsWith('https://')) {
    return readFileSync(source, 'utf8');
  }
  const response = await fetch(source);
  if (!response.ok) {
    throw new Error(`${source}: ${response.status} ${response.statusText}`);
  }
  return response.text();
}

/** A copy without descriptions and what is left out, so that the bindings are short, and the same from every source. */
function reduced<T>(schema: T): T {
  if (Array.isArray(schema)) {
    return schema.map(reduced) as T;
  }
  if (schema === null || typeof schema !== 'object') {
    return schema;
  }
  const kept = Object.entries(schema).filter(([key, value]) => !LEFT_OUT.includes(key) && !(key === 'description' && typeof value === 'string'));
  return Object.fromEntries(kept.map(([key, value]) => [key, reduced(value)])) as T;
}

function importCrds(file: string, output: string): void {
  const cli = join(ROOT, 'node_modules', '.bin', 'cdk8s');
  execFileSync(cli, ['import', file, '--language', 'typescript', '--output', output, '--save=false', '--check-upgrade=false'], { stdio: 'inherit' });
}

main(process.argv.slice(2)).catch((error: Error) => {
  console.error(error.message);
  process.exitCode = 1;
});
