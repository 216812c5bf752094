import { documentedDefaults } from './source';

/** A property, what its `@default` says, and the assertion that it is so. */
export type DefaultRow = readonly [property: string, documented: string, holds: () => void];

/**
 * Defines a test for each documented default of a type, and one that there are no others.
 *
 * The docstring's words stand in the row, so that neither they nor the behaviour changes alone.
 */
export function describeDefaults(type: string, rows: readonly DefaultRow[]): void {
  const documented = documentedDefaults().filter(candidate => candidate.type === type);
  describe(`the defaults of ${type}`, () => {
    test.each(rows)("'%s' defaults to: %s", (property, text, holds) => {
      expect(documented.find(candidate => candidate.property === property)?.text).toBe(text);
      holds();
    });

    test('are all asserted', () => {
      expect(documented.map(({ property }) => property)).toEqual(rows.map(([property]) => property));
    });
  });
}
