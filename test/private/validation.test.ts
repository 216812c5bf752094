import { Duration, Size } from 'cdk8s';
import { ensure, invalid, readable, requireAnnotations, requireDataKey, requireDnsLabel, requireDnsSubdomain, requireInteger, requireLabels } from '../../src/private/validation';

describe('the error for a wrong argument', () => {
  test('names the property, the rule, the value and the hint', () => {
    expect(invalid('path', 'must be absolute', 'mnt', "did you mean '/mnt'?").message).toBe("'path' must be absolute, got 'mnt'; did you mean '/mnt'?");
    expect(invalid('port', 'must be positive', 0).message).toBe("'port' must be positive, got 0");
  });

  test('is thrown only where the condition does not hold', () => {
    expect(() => ensure(true, 'port', 'must be positive', 1)).not.toThrow();
    expect(() => ensure(false, 'port', 'must be positive', 0, 'try 1')).toThrow(new Error("'port' must be positive, got 0; try 1"));
  });
});

test.each<[unknown, string]>([
  ['text', "'text'"],
  [1.5, '1.5'],
  [undefined, 'nothing'],
  [['a'], '["a"]'],
  [{ a: 1 }, '{"a":1}'],
  [Size.gibibytes(2), '2048 MiB'],
  [Size.kibibytes(512), '0.5 MiB'],
  [Duration.minutes(90), '1 hour 30 minutes'],
])('the value %p is shown as its writer would recognize it', (value, text) => {
  expect(readable(value)).toBe(text);
});

describe('a DNS label', () => {
  test.each(['a', '0', 'docker-dind', 'a'.repeat(63)])('can be %j', value => {
    expect(() => requireDnsLabel('name', value)).not.toThrow();
  });

  test.each(['', '-a', 'a-', 'A', 'a.b', 'a_b', 'a\n', 'ä'])('cannot be %j', value => {
    expect(() => requireDnsLabel('name', value)).toThrow(new Error(
      `'name' must consist of lower-case letters, digits and '-', and begin and end with a letter or digit, got '${value}'`,
    ));
  });

  test('has at most 63 characters, or as many as there is room for', () => {
    expect(() => requireDnsLabel('name', 'a'.repeat(64))).toThrow(new Error(`'name' must have at most 63 characters, got '${'a'.repeat(64)}'`));
    expect(() => requireDnsLabel('name', 'aaaa', 3)).toThrow(new Error("'name' must have at most 3 characters, got 'aaaa'"));
  });
});

describe('a DNS subdomain', () => {
  test.each([undefined, 'a', 'a.b-c.d', 'a'.repeat(253)])('can be %j', value => {
    expect(() => requireDnsSubdomain('name', value)).not.toThrow();
  });

  test.each(['', '.', 'a.', '.a', 'a..b', 'a.-b', 'A', 'a\n'])('cannot be %j', value => {
    expect(() => requireDnsSubdomain('name', value)).toThrow(new Error(
      `'name' must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit, got '${value}'`,
    ));
  });

  test('has at most 253 characters', () => {
    expect(() => requireDnsSubdomain('name', 'a'.repeat(254))).toThrow(new Error(`'name' must have at most 253 characters, got '${'a'.repeat(254)}'`));
  });
});

describe('a key of a ConfigMap or Secret', () => {
  test.each([undefined, 'ca.crt', '.hidden', 'A_b-c.9', 'a'.repeat(253)])('can be %j', key => {
    expect(() => requireDataKey('key', key)).not.toThrow();
  });

  test.each(['', 'a/b', 'a b', 'ä'])('cannot be %j', key => {
    expect(() => requireDataKey('key', key)).toThrow(new Error(`'key' must consist of letters, digits, '-', '_' and '.', got '${key}'`));
  });

  test.each(['.', '..', '..data', 'a'.repeat(254)])('cannot be %j', key => {
    expect(() => requireDataKey('key', key)).toThrow(new Error(`'key' must have at most 253 characters and not begin with '..', got '${key}'`));
  });
});

describe('labels', () => {
  test.each<{ [key: string]: string }>([{}, { a: '' }, { 'example.com/Role_1.x': 'A-b_c.9' }, { ['a'.repeat(63)]: 'a'.repeat(63) }])('can be %j', labels => {
    expect(() => requireLabels('labels', labels)).not.toThrow();
  });

  test.each(['-', 'a-', 'a b', 'a/b', 'a'.repeat(64), 'a\n'])('cannot have the value %j', value => {
    expect(() => requireLabels('labels', { role: value })).toThrow(new Error(
      `'labels.role' must have at most 63 letters, digits, '-', '_' and '.', and begin and end with a letter or digit, got '${value}'`,
    ));
  });
});

describe.each([['labels', requireLabels], ['annotations', requireAnnotations]])('the keys of %s', (property, requireMap) => {
  test.each(['', '-', 'a b', 'a'.repeat(64), 'example.com/'])('cannot be %j', key => {
    expect(() => requireMap(property, { [key]: '' })).toThrow(new Error(
      `'${property}' must have keys of at most 63 letters, digits, '-', '_' and '.', that begin and end with a letter or digit, got '${key}'`,
    ));
  });

  test('have at most one slash', () => {
    expect(() => requireMap(property, { 'a/b/c': '' })).toThrow(new Error(`'${property}' must have keys with at most one '/', got 'a/b/c'`));
  });

  test.each(['/a', 'Example.com/a'])('have a DNS name before the slash, unlike %j', key => {
    expect(() => requireMap(property, { [key]: '' })).toThrow(new Error(
      `'${property}' must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit, got '${key.split('/')[0]}'`,
    ));
  });
});

test('the values of annotations are free', () => {
  expect(() => requireAnnotations('annotations', { note: 'any text\nof any length'.repeat(100) })).not.toThrow();
});

describe('an integer', () => {
  test.each([1, 2, 3])('within the bounds can be %d', value => {
    expect(() => requireInteger('count', value, 1, 3)).not.toThrow();
  });

  test.each([0, 4, 1.5, NaN, Infinity])('cannot be %d', value => {
    expect(() => requireInteger('count', value, 1, 3, 'try 2')).toThrow(new Error(`'count' must be an integer from 1 to 3, got ${JSON.stringify(value)}; try 2`));
  });
});
