import { readdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { describeObject, KubeObject, readManifest } from '../apiserver/support/kube-object';
import { run } from '../harness/docker/command';
import { helm } from './support/published-program';
import { DIST, inScratch, synthesize } from './support/repository';

test('Helm renders the examples to the objects that cdk8s writes', () => inScratch(async folder => {
  const chart = join(folder, 'chart');
  await synthesize(chart, ['--format', 'helm', '--chart-version', '1.0.0']);
  const manifests = readdirSync(DIST).filter(file => file.endsWith('.k8s.yaml'));

  expect(readdirSync(join(chart, 'templates')).sort()).toEqual(manifests);
  for (const manifest of manifests) {
    expect(byName(await rendered(folder, chart, manifest))).toEqual(byName(readManifest(join(DIST, manifest))));
  }
}));

test('Helm takes the whole chart', () => inScratch(async folder => {
  const chart = join(folder, 'chart');
  await synthesize(chart, ['--format', 'helm', '--chart-version', '1.0.0']);

  expect(await run(await helm(), ['lint', '--quiet', '--strict', chart])).toBe('');
}));

async function rendered(folder: string, chart: string, manifest: string): Promise<KubeObject[]> {
  const file = join(folder, manifest);
  writeFileSync(file, await run(await helm(), ['template', 'release', chart, '--show-only', `templates/${manifest}`]));
  return readManifest(file);
}

/** Helm sorts the objects by their kinds. */
function byName(objects: KubeObject[]): Record<string, KubeObject> {
  return Object.fromEntries(objects.map(object => [describeObject(object), object]));
}
