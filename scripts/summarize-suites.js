// Prints what the suites of `.ci/run` came to: `summarize-suites.js FOLDER SUITE…`. For each suite the folder holds jest's SUITE.json, and SUITE.status:
// exit code and seconds.
const { existsSync, readFileSync } = require('fs');
const { join } = require('path');

const [folder, ...suites] = process.argv.slice(2);
const results = suites.map(resultOf);
const total = key => results.reduce((sum, result) => sum + result[key], 0);

console.log('\n| suite | passed | failed | skipped | minutes |\n|---|---|---|---|---|');
results.forEach(({ suite, passed, failed, skipped, seconds }) => {
  console.log(`| ${suite} | ${passed} | ${failed} | ${skipped} | ${(seconds / 60).toFixed(1)} |`);
});
console.log(`\n${total('passed')} passed, ${total('failed')} failed, ${total('skipped')} skipped`);
process.exitCode = total('failed') > 0 || total('passed') === 0 ? 1 : 0;

function resultOf(suite) {
  const file = join(folder, suite.replace(/:/g, '-'));
  const [status, seconds] = readFileSync(`${file}.status`, 'utf8').split(' ').map(Number);
  const { numPassedTests: passed = 0, numFailedTests = 0, numPendingTests: skipped = 0 } = existsSync(`${file}.json`)
    ? JSON.parse(readFileSync(`${file}.json`, 'utf8'))
    : {};
  // a suite can also fail without a failed test: in its build, its lint, its coverage or its setup
  const failed = Math.max(numFailedTests, status === 0 ? 0 : 1);
  return { suite, passed, failed, skipped, seconds };
}
