// Checks every shell script of the repository, whatever its name, or says that it cannot.
const { execFileSync, spawnSync } = require('child_process');
const { existsSync, readFileSync } = require('fs');

const files = execFileSync('git', ['ls-files', '--cached', '--others', '--exclude-standard', '-z'], { encoding: 'utf8' }).split('\0');
const scripts = files.filter(file => existsSync(file) && /^(#!.*\b(ba|da)?sh|# shellcheck shell=sh)\n/.test(readFileSync(file, 'latin1')));
const { error, status } = spawnSync('shellcheck', ['--external-sources', '--source-path=SCRIPTDIR', ...scripts], { stdio: 'inherit' });
if (error) {
  console.warn(`shellcheck is not installed: ${scripts.length} shell scripts are NOT checked`);
} else if (status === 0) {
  console.log(`shellcheck: ${scripts.length} scripts, no finding`);
}
process.exitCode = error ? 0 : status ?? 1;
