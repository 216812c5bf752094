// Says which promises of docs/guarantees.md are not proven by these runs of Jest, each written with `--json --outputFile=FILE`:
// a test that a row names and that is missing in the sources, was skipped, failed or did not run.
import { declaredTests } from '../test/guarantees/declared-tests';
import { reportedTests, verdict } from '../test/guarantees/results';
import { Guarantee, guarantees, NamedTest, nameOf } from '../test/guarantees/rows';
import { suiteSize } from '../test/harness/size';

function main(files: string[]): void {
  if (files.length === 0) {
    throw new Error('name the results of at least one run');
  }
  const reported = files.flatMap(reportedTests);
  const rows = guarantees();
  const complaints = rows.flatMap(row => row.tests.flatMap(named => complaintAbout(row, named, wordFor(named, reported))));
  complaints.forEach(complaint => console.error(complaint));
  const open = rows.filter(({ tests }) => tests.length === 0).length;
  console.log(`${rows.length} promises: ${rows.length - open} with tests, ${open} not proven yet; ${complaints.length} complaints`);
  process.exitCode = complaints.length === 0 ? 0 : 1;
}

function wordFor(named: NamedTest, reported: ReturnType<typeof reportedTests>): string | undefined {
  const declared = declaredTests(named.file).some(({ titles }) => titles.join() === named.titles.join());
  return declared ? verdict(named, reported) : 'is not in the sources';
}

/** In the quick size, what is proven in full size alone may have stayed out. */
function complaintAbout({ promise, provenOn }: Guarantee, named: NamedTest, word: string | undefined): string[] {
  const excused = suiteSize === 'quick' && provenOn.startsWith('full size') && (word === 'did not run' || word === 'was skipped');
  return word === undefined || excused ? [] : [`${promise}\n  ${nameOf(named)}: ${word}`];
}

try {
  main(process.argv.slice(2));
} catch (error) {
  console.error((error as Error).message);
  process.exitCode = 1;
}
