import { existsSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { parse, parseAllDocuments } from 'yaml';
import { Manifest } from './fixtures';
import { testUnless } from './support/conditional-test';
import { missingFrom } from './support/subset';

const DIST = resolve(__dirname, '../dist');
const REFERENCE = resolve(__dirname, '../../shared/reference');
const ABSENT = existsSync(REFERENCE) ? undefined : '../shared/reference, the published recipe, is absent';

/** The objects of a file of manifests, by kind and name, as `kubectl` tells them apart. */
function objectsOf(file: string): Manifest {
  const objects: Manifest[] = parseAllDocuments(readFileSync(file, 'utf8')).map(document => document.toJS() as Manifest);
  return Object.fromEntries(objects.map(object => [`${object.kind} ${object.metadata.name}`, object]));
}

describe("examples/recipe.ts expresses the published recipe, field for field: dist/'s", () => {
  testUnless(ABSENT, "objects hold the recipe's, maps by subset and lists by ordered subsequence keyed by name", () => {
    const recipe = objectsOf(join(REFERENCE, 'recipe-manifests.yaml'));

    expect(Object.keys(recipe)).toHaveLength(6);
    expect(missingFrom(objectsOf(join(DIST, 'recipe.k8s.yaml')), recipe)).toEqual([]);
  });

  testUnless(ABSENT, "GitLab job holds the recipe's; `stages` is for the including project to say", () => {
    const { stages, ...jobs } = parse(readFileSync(join(REFERENCE, 'recipe-gitlab-ci.yaml'), 'utf8')) as Manifest;

    expect(Object.keys(jobs)).toEqual(['build_image']);
    expect(missingFrom(parse(readFileSync(join(DIST, 'recipe.gitlab-ci.yml'), 'utf8')), jobs)).toEqual([]);
    expect(stages).toEqual([jobs.build_image.stage]);
  });
});
