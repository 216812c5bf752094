import { readdirSync, readFileSync } from 'node:fs';
import { basename, join, resolve } from 'node:path';
import { standardErrorOf } from './support/captured';
import { sourceFiles } from './support/source';
import { removeTemporaryFolders, temporaryFolder } from './support/temporary-folder';

const DIST = resolve(__dirname, '../dist');
const EXAMPLES = sourceFiles('examples').map(({ path }) => basename(path, '.ts')).filter(name => name !== 'index');

/** What `cdk8s synth` writes and prints in this repository. */
function synthesize(): { readonly folder: string; readonly warnings: string } {
  const folder = temporaryFolder();
  const { CDK8S_OUTDIR: before } = process.env;
  process.env.CDK8S_OUTDIR = folder;
  try {
    return { folder, warnings: standardErrorOf(() => jest.isolateModules(() => jest.requireActual('../examples'))) };
  } finally {
    if (before === undefined) {
      delete process.env.CDK8S_OUTDIR;
    } else {
      process.env.CDK8S_OUTDIR = before;
    }
  }
}

describe('the examples', () => {
  const { folder, warnings } = synthesize();
  afterAll(removeTemporaryFolders);

  test('are the files of dist/, no more and no fewer', () => {
    expect(readdirSync(DIST).sort()).toEqual(readdirSync(folder).sort());
  });

  test.each(EXAMPLES)('%s gives manifests and a GitLab job', name => {
    expect(readdirSync(folder)).toEqual(expect.arrayContaining([`${name}.k8s.yaml`, `${name}.gitlab-ci.yml`]));
  });

  test.each(readdirSync(DIST).sort())('match their snapshot dist/%s, byte for byte; `npm run synth` renews it', file => {
    expect(readFileSync(join(folder, file), 'utf8')).toBe(readFileSync(join(DIST, file), 'utf8'));
  });

  test('are unwise in nothing, but for the recipe', () => {
    const lines = warnings.trimEnd().split('\n');

    expect(lines.map(line => /^\[Warning at (\w+)\/.*\((.*)\)$/.exec(line)!.slice(1))).toEqual([
      ['recipe', 'plaintext'], ['recipe', 'floating-image'], ['recipe', 'system-prune-all'],
    ]);
  });
});
