import { errorRules } from './support/rules';
import { documentedDefaults, sourceFiles } from './support/source';

const OTHER_SUITES = ['test/apiserver', 'test/cluster', 'test/docker', 'test/harness', 'test/package'];

/** All that the tests say, without the escapes of string literals. */
const TESTS = sourceFiles('test', OTHER_SUITES).filter(({ path }) => path.endsWith('.test.ts')).map(({ text }) => text.replace(/\\(['"`])/g, '$1')).join('\n');

const SOURCES = sourceFiles('src').map(({ text }) => text).join('\n');

describe('the tests assert', () => {
  test('the documented defaults of every type that has some', () => {
    const types = new Set(documentedDefaults().map(({ type }) => type));

    expect(documentedDefaults()).toHaveLength([...SOURCES.matchAll(/\* @default /g)].length);
    expect([...types].filter(type => !TESTS.includes(`describeDefaults('${type}'`))).toEqual([]);
  });

  test('the rule and the hint of every error', () => {
    const rules = errorRules();

    expect(rules.length).toBeGreaterThan(50);
    expect(rules.filter(({ pattern }) => !pattern.test(TESTS)).map(({ place }) => place)).toEqual([]);
  });

  test('the words of every warning', () => {
    const ids = [...SOURCES.matchAll(/(?:_add\(|warnings\.push\(\[)'([a-z-]+)'/g)].map(([, id]) => id);

    expect(ids.length).toBeGreaterThanOrEqual(5);
    expect(ids.filter(id => !TESTS.includes(`(${id})`))).toEqual([]);
  });
});
