import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { declaredTests } from './guarantees/declared-tests';
import { reportedTests, verdict } from './guarantees/results';
import { DOCUMENT, Guarantee, guarantees, nameOf, NOT_PROVEN } from './guarantees/rows';
import { removeTemporaryFolders, temporaryFolder } from './support/temporary-folder';

const LAYERS = ['library', 'schema', 'API server', 'daemon', 'node'];

const rows = guarantees();

afterEach(removeTemporaryFolders);

function promisesOf(wrong: Guarantee[]): string[] {
  return wrong.map(({ promise }) => promise);
}

describe(DOCUMENT, () => {
  test('has promises, each once at a layer', () => {
    expect(rows.length).toBeGreaterThan(50);
    expect(new Set(rows.map(({ promise, layer }) => `${layer}: ${promise}`)).size).toBe(rows.length);
  });

  test('names a layer for each', () => {
    expect(promisesOf(rows.filter(({ layer }) => !LAYERS.includes(layer)))).toEqual([]);
  });

  test('names a test for each, or says that there is none', () => {
    expect(promisesOf(rows.filter(({ tests, provenOn }) => (tests.length > 0) === provenOn.startsWith(NOT_PROVEN)))).toEqual([]);
    expect(promisesOf(rows.filter(({ provenOn }) => provenOn === ''))).toEqual([]);
  });

  test('names tests that are in their files and are not skipped there', () => {
    const wrong = rows.flatMap(({ tests }) => tests).filter(({ file, titles }) =>
      !declaredTests(file).some(declared => !declared.skipped && declared.titles.join(' › ') === titles.join(' › ')));

    expect(wrong.map(nameOf)).toEqual([]);
  });
});

describe('the tests of a file', () => {
  const titles = (file: string) => declaredTests(file).map(declared => declared.titles.join(' › '));

  test('are known by their titles as they stand in the source', () => {
    expect(titles('test/guarantees.test.ts')).toEqual(expect.arrayContaining(['the tests of a file › are none where there is no file', 'the verdict on a named test › that %s as %j is: %s']));
    expect(titles('test/recipe.test.ts')[0]).toMatch(/^examples\/recipe.ts expresses .* › objects hold the recipe's/);
  });

  test('are none where there is no file', () => {
    expect(titles('test/nowhere.test.ts')).toEqual([]);
  });
});

describe('the verdict on a named test', () => {
  test.each([
    ['passed', 'works on node1', undefined],
    ['failed', 'works on node1', 'failed'],
    ['pending', 'works on node1 (skipped: there is none)', 'was skipped'],
    ['passed', 'works', 'did not run'],
  ])('that %s as %j is: %s', (status, title, expected) => {
    const file = join(temporaryFolder(), 'results.json');
    const name = join(__dirname, 'some.test.ts');
    writeFileSync(file, JSON.stringify({ testResults: [{ name, assertionResults: [{ ancestorTitles: ['a daemon (1.2)'], title, status }] }] }));

    expect(verdict({ file: 'test/some.test.ts', titles: ['a daemon (${version})', 'works on %s'] }, reportedTests(file))).toBe(expected);
  });
});
