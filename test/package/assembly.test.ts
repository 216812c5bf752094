import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import * as library from '../../src';
import { ROOT } from './support/repository';

interface Assembly {
  readonly name: string;
  readonly targets: Record<string, unknown>;
  readonly types: Record<string, { readonly kind: 'class' | 'enum' | 'interface'; readonly name: string }>;
}

const assembly = JSON.parse(readFileSync(join(ROOT, '.jsii'), 'utf8')) as Assembly;

test('the jsii assembly holds every class and enum that the library exports', () => {
  const types = Object.values(assembly.types).filter(({ kind }) => kind !== 'interface');

  expect(types.map(({ name }) => name).sort()).toEqual(Object.keys(library).sort());
});

test('the jsii assembly is meant for Python, Java, Go and .NET', () => {
  expect(assembly.targets).toMatchObject({
    python: { distName: 'cdk8s-dind-cache', module: 'cdk8s_dind_cache' },
    java: { package: 'io.github.cdk8sdindcache' },
    go: { moduleName: 'github.com/cdk8s-dind-cache/cdk8s-dind-cache-go' },
    dotnet: { namespace: 'Cdk8sDindCache' },
  });
});
