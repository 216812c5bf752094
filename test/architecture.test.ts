import { readdirSync, readFileSync } from 'fs';
import { join, normalize } from 'path';
import { preProcessFile } from 'typescript';

const SRC = join(__dirname, '..', 'src');
const FILES = readdirSync(SRC, { recursive: true, encoding: 'utf8' }).filter(file => file.endsWith('.ts')).map(file => file.slice(0, -'.ts'.length));
const IMPORTS = new Map(FILES.map(file => [file, importsOf(file)]));

/** What wires constructs together, from below to above. */
const WIRING = ['dind-cache', 'dind-cache-chart', 'dind-cache-pool'];
const CONSTRUCTS = FILES.filter(file => /class \w+ extends (Construct|Chart)\b/.test(textOf(file)) && !WIRING.includes(file));
const VALUES = FILES.filter(file => ![...CONSTRUCTS, ...WIRING, 'index'].includes(file));

test('the sources are known by their layers', () => {
  expect(CONSTRUCTS).toEqual(expect.arrayContaining(['cache-storage', 'dind-deployment', 'dind-service', 'prune-cron-job']));
  expect(VALUES).toEqual(expect.arrayContaining(['cache-volume', 'daemon-tls', join('gitlab', 'gitlab-ci'), join('private', 'labels')]));
  expect(IMPORTS.get('dind-cache')).toEqual(expect.arrayContaining(['cache-storage', join('private', 'validation')]));
});

test('values and private parts import neither constructs nor what wires them', () => {
  expect(importsAcross(VALUES, [...CONSTRUCTS, ...WIRING])).toEqual([]);
});

test('constructs do not import what wires them', () => {
  expect(importsAcross(CONSTRUCTS, WIRING)).toEqual([]);
});

test('the cache imports neither the chart nor the pool', () => {
  expect(importsAcross(['dind-cache'], WIRING)).toEqual([]);
});

test('nothing imports the barrel', () => {
  expect(importsAcross(FILES, ['index'])).toEqual([]);
});

test('the barrel exports nothing private', () => {
  expect(IMPORTS.get('index')!.filter(file => file.startsWith('private'))).toEqual([]);
});

test('what the barrel does not export is private, or a part of one other construct', () => {
  const hidden = FILES.filter(file => file !== 'index' && !file.startsWith('private') && !IMPORTS.get('index')!.includes(file));
  const importers = (file: string) => CONSTRUCTS.filter(construct => IMPORTS.get(construct)!.includes(file));

  expect(hidden.filter(file => !CONSTRUCTS.includes(file) || importers(file).length !== 1)).toEqual([]);
});

test('no file imports itself by way of others', () => {
  expect(FILES.filter(file => reachable(file).has(file))).toEqual([]);
});

function textOf(file: string): string {
  return readFileSync(join(SRC, `${file}.ts`), 'utf8');
}

function importsOf(file: string): string[] {
  const specifiers = preProcessFile(textOf(file)).importedFiles.map(({ fileName }) => fileName);
  return specifiers.filter(specifier => specifier.startsWith('.')).map(specifier => normalize(join(file, '..', specifier)));
}

function importsAcross(from: string[], to: string[]): string[] {
  return from.flatMap(file => IMPORTS.get(file)!.filter(imported => to.includes(imported)).map(imported => `${file} → ${imported}`));
}

function reachable(file: string, seen = new Set<string>()): Set<string> {
  for (const imported of (IMPORTS.get(file) ?? []).filter(name => !seen.has(name))) {
    seen.add(imported);
    reachable(imported, seen);
  }
  return seen;
}
