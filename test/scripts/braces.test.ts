import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';

const SCRIPTS = join(__dirname, '..', '..', 'src', 'scripts');

test.each(readdirSync(SCRIPTS))('%s holds nothing that Helm, in a chart of these manifests, would take for a template of its own', name => {
  expect(readFileSync(join(SCRIPTS, name), 'utf8')).not.toContain('{{');
});
