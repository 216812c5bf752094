import { mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { run } from '../harness/docker/command';
import { nodeFolder } from './support/published-program';
import { DIST, filesIn, inScratch, ROOT, synthesize } from './support/repository';

/** The oldest Node.js that package.json admits, and one of each line that is maintained. */
const NODE_VERSIONS = ['20.16.0', '22.23.3', '24.21.0'];

describe('the examples come out the same, byte for byte', () => {
  test.each(NODE_VERSIONS)('on Node.js %s', version => inScratch(async folder => {
    const PATH = await nodeFolder(version);

    expect(await run(join(PATH, 'node'), ['--version'])).toBe(`v${version}\n`);
    await synthesize(folder, [], { env: { PATH } });
    expect(filesIn(folder)).toEqual(filesIn(DIST));
  }));

  test.each([
    { LC_ALL: 'C', TZ: 'UTC' },
    { LC_ALL: 'tr_TR.UTF-8', TZ: 'Pacific/Kiritimati' },
    { LC_ALL: 'ar_EG.UTF-8', TZ: 'America/St_Johns' },
  ])('in the locale and time zone %j', env => inScratch(async folder => {
    await synthesize(folder, [], { env });

    expect(filesIn(folder)).toEqual(filesIn(DIST));
  }));

  test('in another folder', () => inScratch(async folder => {
    const [elsewhere, outdir] = [join(folder, 'with space'), join(folder, 'dist')];
    mkdirSync(elsewhere);
    const app = `ts-node --project ${ROOT}/tsconfig.dev.json --transpile-only ${ROOT}/examples/index.ts`;

    await synthesize(outdir, ['--app', app], { cwd: elsewhere });
    expect(filesIn(outdir)).toEqual(filesIn(DIST));
  }));
});
