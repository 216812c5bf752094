/** Plain data out of a YAML file. */
type Data = unknown;

interface DataMap {
  readonly [key: string]: Data;
}

/**
 * Where the actual data does not hold the expected one, as lines to read; empty when it does.
 *
 * A map holds another when it holds each of its keys. A list holds another when it holds its items in their order, perhaps with others between:
 * an item with a name is looked for by it, any other by what it holds.
 */
export function missingFrom(actual: Data, expected: Data, path = ''): string[] {
  if (Array.isArray(expected)) {
    return Array.isArray(actual) ? missingItems(actual, expected, path) : [difference(path, actual, expected)];
  }
  if (isMap(expected)) {
    return isMap(actual) ? Object.keys(expected).flatMap(key => missingFrom(actual[key], expected[key], `${path}/${key}`)) : [difference(path, actual, expected)];
  }
  return actual === expected ? [] : [difference(path, actual, expected)];
}

function missingItems(actual: readonly Data[], expected: readonly Data[], path: string): string[] {
  let next = 0;
  return expected.flatMap((item, index) => {
    const place = `${path}/${nameOf(item) ?? index}`;
    const found = actual.findIndex((candidate, position) => position >= next && matches(candidate, item));
    if (found < 0) {
      return [`${place}: nothing, or not in this order; expected ${JSON.stringify(item)}`];
    }
    next = found + 1;
    return missingFrom(actual[found], item, place);
  });
}

function matches(candidate: Data, item: Data): boolean {
  const name = nameOf(item);
  return name === undefined ? missingFrom(candidate, item).length === 0 : nameOf(candidate) === name;
}

function nameOf(item: Data): string | undefined {
  return isMap(item) && typeof item.name === 'string' ? item.name : undefined;
}

function isMap(data: Data): data is DataMap {
  return typeof data === 'object' && data !== null && !Array.isArray(data);
}

function difference(path: string, actual: Data, expected: Data): string {
  return `${path}: ${JSON.stringify(actual) ?? 'nothing'}; expected ${JSON.stringify(expected)}`;
}
