import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { testUnless } from '../support/conditional-test';
import { DIST, filesIn, inScratch, ROOT, runInstalled, synthesize } from './support/repository';

const CRDS = join(ROOT, '..', 'shared', 'crds');

describe('what is generated and committed is fresh', () => {
  test('API.md', () => inScratch(async folder => {
    const output = join(folder, 'API.md');
    await runInstalled('jsii-docgen', ['--output', output]);

    expect(readFileSync(join(ROOT, 'API.md'), 'utf8')).toBe(readFileSync(output, 'utf8'));
  }));

  test('dist', () => inScratch(async folder => {
    await synthesize(folder);

    expect(filesIn(DIST)).toEqual(filesIn(folder));
  }));

  testUnless(existsSync(CRDS) ? undefined : `there is no ${CRDS}`, 'imports', () => inScratch(async folder => {
    await runInstalled('ts-node', ['--project', 'tsconfig.dev.json', '--transpile-only', 'scripts/import-crds.ts', folder, CRDS]);

    expect(filesIn(join(ROOT, 'imports'))).toEqual(filesIn(folder));
  }));
});
