import { tables } from '../readme/markdown';

/** The document whose tables are read. */
export const DOCUMENT = 'docs/guarantees.md';

/** What a row says where nothing proves its promise. */
export const NOT_PROVEN = 'not proven yet';

/** A test as a row names it: its file and its titles, from the outermost group on, as they stand in the source. */
export interface NamedTest {
  readonly file: string;
  readonly titles: string[];
}

/** A promise and what proves it. */
export interface Guarantee {
  readonly promise: string;
  readonly layer: string;
  readonly tests: NamedTest[];
  readonly provenOn: string;
}

/** The rows of the document. */
export function guarantees(): Guarantee[] {
  return tables(DOCUMENT, 'promise').flatMap(({ rows }) => rows).map(([promise, layer, tests, provenOn]) =>
    ({ promise, layer, tests: [...tests.matchAll(/`([^`]+)`/g)].map(([, text]) => namedTest(text)), provenOn }));
}

/** A test as it is printed. */
export function nameOf({ file, titles }: NamedTest): string {
  return [file, ...titles].join(' › ');
}

function namedTest(text: string): NamedTest {
  const [file, ...titles] = text.split(' › ');
  return { file: `test/${file}`, titles };
}
