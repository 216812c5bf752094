import * as fs from 'node:fs';
import * as path from 'node:path';
import { testUnless } from '../../support/conditional-test';

const SHARED = path.resolve(__dirname, '../../../../shared');

/** Path of a file of the folder `shared` beside the repository, which need not exist. */
export function sharedFile(name: string): string {
  return path.join(SHARED, name);
}

/** Defines a test that needs a file of the folder `shared`. */
export function testWithShared(file: string, name: string, body: () => Promise<void>): void {
  testUnless(fs.existsSync(sharedFile(file)) ? undefined : `../shared/${file} is absent`, name, body);
}

/** Why a test of custom resources cannot run. */
export function customResourcesMissing(): string | undefined {
  return fs.existsSync(sharedFile('crds')) ? undefined : '../shared/crds is absent';
}
