import * as fs from 'node:fs';
import * as path from 'node:path';
import { ROOT } from '../readme/markdown';
import { NamedTest } from './rows';

/** A test that a run has reported. */
export interface ReportedTest {
  readonly file: string;
  readonly titles: string[];
  /** Jest's word for it: `passed`, `failed`, `pending` for one that was skipped. */
  readonly status: string;
}

interface JestResults {
  readonly testResults: {
    readonly name: string;
    readonly assertionResults: { readonly ancestorTitles: string[]; readonly title: string; readonly status: string }[];
  }[];
}

/** What a run of Jest has written with `--json --outputFile`. */
export function reportedTests(file: string): ReportedTest[] {
  const { testResults } = JSON.parse(fs.readFileSync(file, 'utf8')) as JestResults;
  return testResults.flatMap(({ name, assertionResults }) => assertionResults.map(({ ancestorTitles, title, status }) =>
    ({ file: path.relative(ROOT, name), titles: [...ancestorTitles, title], status })));
}

/** What is wrong with a named test in these runs: nothing when it ran and passed each time that it ran. */
export function verdict(named: NamedTest, reported: readonly ReportedTest[]): string | undefined {
  const runs = reported.filter(({ file, titles }) => file === named.file && matches(named.titles, titles));
  if (runs.length === 0) return 'did not run';
  if (runs.some(({ status }) => status === 'failed')) return 'failed';
  return runs.every(({ status }) => status === 'passed') ? undefined : 'was skipped';
}

function matches(written: readonly string[], reported: readonly string[]): boolean {
  return written.length === reported.length && written.every((title, index) => pattern(title).test(reported[index]));
}

/** What a title of the source looks like when its placeholders are filled, and when it is reported as skipped. */
function pattern(title: string): RegExp {
  const parts = title.split(/%[sdifjoOp#]|\$\{[^}]*\}|\$[\w.]+/).map(part => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('.*')}( \\(skipped: .*\\))?$`, 's');
}
