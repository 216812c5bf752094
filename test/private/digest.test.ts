import { digest, sorted } from '../../src/private/digest';

describe('a digest', () => {
  test('is ten hexadecimal digits that never change', () => {
    expect(digest({ b: [1, { d: 'x', c: undefined }], a: null })).toBe('b39b3f8204');
  });

  test('does not depend on the order of keys, nor on those that are undefined', () => {
    expect(digest({ a: 1, b: { c: 2, d: 3 } })).toBe(digest({ b: { d: 3, e: undefined, c: 2 }, a: 1 }));
  });

  test('depends on values, on the order of lists and on what is nested', () => {
    const digests = [{ a: [1, 2] }, { a: [2, 1] }, { a: [1, 2, 3] }, { b: [1, 2] }, { a: { 0: 1, 1: 2 } }].map(digest);

    expect(new Set(digests).size).toBe(digests.length);
  });
});

test('sorted data has its keys in order at every depth and shares nothing with the original', () => {
  const data = { b: [{ d: 1, c: 2 }], a: 'x', e: undefined };
  const copy = sorted(data);

  expect(JSON.stringify(copy)).toBe('{"a":"x","b":[{"c":2,"d":1}]}');
  expect(copy.b).not.toBe(data.b);
  expect(copy.b[0]).not.toBe(data.b[0]);
});
