import { readdirSync } from 'node:fs';
import { join } from 'node:path';
import { filesOf, pack } from './support/packed-package';
import { inScratch, ROOT } from './support/repository';

let files: string[];
beforeAll(() => inScratch(async folder => {
  files = await filesOf(await pack(folder));
}));

const sources = (folder: string) => readdirSync(join(ROOT, folder), { recursive: true, encoding: 'utf8' }).map(file => join(folder, file));

test('the package holds what was compiled, its documents, its assembly and the bundled dependency, and nothing else', () => {
  const others = files.filter(file => !file.startsWith('lib/') && !file.startsWith('node_modules/yaml/'));

  expect(others.sort()).toEqual(['.jsii', 'API.md', 'CHANGELOG.md', 'LICENSE', 'README.md', 'SECURITY.md', 'package.json']);
  expect(files).toContain('node_modules/yaml/package.json');
});

test('each source and each binding is in the package, compiled and typed, and nothing else is', () => {
  const modules = [...sources('src'), ...sources('imports')].filter(file => file.endsWith('.ts')).map(file => file.replace(/\.ts$/, ''));
  const compiled = files.filter(file => /^lib\/.*\.[jt]s$/.test(file));

  expect(compiled.sort()).toEqual(modules.flatMap(module => [`lib/${module}.d.ts`, `lib/${module}.js`]).sort());
});

test('each script that runs in a container is in the package', () => {
  const scripts = files.filter(file => /^lib\/.*(?<!\.[jt]s)$/.test(file));

  expect(scripts.sort()).toEqual(sources('src/scripts').map(script => `lib/${script}`).sort());
});
