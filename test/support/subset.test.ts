import { missingFrom } from './subset';

describe('data holds other data', () => {
  test.each<[string, unknown, unknown]>([
    ['when it is the same', { a: [1, 'x', null, { b: true }] }, { a: [1, 'x', null, { b: true }] }],
    ['when it has more keys', { a: 1, b: 2 }, { a: 1 }],
    ['when a nested map has more keys', { a: { b: { c: 1, d: 2 } } }, { a: { b: { d: 2 } } }],
    ['when a list has more items, before, between and after', [0, 1, 2, 3, 4], [1, 3]],
    ['when a named item has more keys', [{ name: 'a', x: 1, y: 2 }], [{ name: 'a', y: 2 }]],
    ['when an item without a name is held by some later one', [{ port: 1 }, { port: 2, protocol: 'TCP' }], [{ port: 2 }]],
    ['when it holds an item twice that is expected twice', [1, 2, 1], [1, 1]],
    ['when nothing is expected', { a: [1] }, { a: [] }],
  ])('%s', (_, actual, expected) => {
    expect(missingFrom(actual, expected)).toEqual([]);
  });
});

describe('data does not hold other data', () => {
  test.each<[string, unknown, unknown, string]>([
    ['without a key', { a: 1 }, { b: 1 }, '/b: nothing; expected 1'],
    ['with another value', { a: { b: 1 } }, { a: { b: 2 } }, '/a/b: 1; expected 2'],
    ['with a number for a text', { a: 2375 }, { a: '2375' }, '/a: 2375; expected "2375"'],
    ['with null for a text', { a: null }, { a: '' }, '/a: null; expected ""'],
    ['with a text for a map', { a: 'x' }, { a: { b: 1 } }, '/a: "x"; expected {"b":1}'],
    ['with a map for a list', { a: { 0: 1 } }, { a: [1] }, '/a: {"0":1}; expected [1]'],
    ['with a list for a map', { a: [] }, { a: {} }, '/a: []; expected {}'],
    ['without an item', [1], [2], '/0: nothing, or not in this order; expected 2'],
    ['with items in another order', [2, 1], [1, 2], '/1: nothing, or not in this order; expected 2'],
    ['with an item once that is expected twice', [1], [1, 1], '/1: nothing, or not in this order; expected 1'],
    ['with a named item that holds less', [{ name: 'a', x: 1 }], [{ name: 'a', x: 2 }], '/a/x: 1; expected 2'],
    ['without a named item, though another holds the rest', [{ name: 'b', x: 1 }], [{ name: 'a', x: 1 }], '/a: nothing, or not in this order; expected {"name":"a","x":1}'],
    ['with named items in another order', [{ name: 'b' }, { name: 'a' }], [{ name: 'a' }, { name: 'b' }], '/b: nothing, or not in this order; expected {"name":"b"}'],
  ])('%s', (_, actual, expected, difference) => {
    expect(missingFrom(actual, expected)).toEqual([difference]);
  });

  test('in several places at once, which are all told', () => {
    expect(missingFrom({ a: 1, b: [] }, { a: 2, b: [3], c: 4 })).toEqual([
      '/a: 1; expected 2', '/b/0: nothing, or not in this order; expected 3', '/c: nothing; expected 4',
    ]);
  });
});
