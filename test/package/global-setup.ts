import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { cacheRoot } from '../harness/docker/shared-cache';
import { checkRequirements } from '../harness/kubernetes/requirements';
import { ROOT } from './support/repository';

/** Says what the machine or the checkout lacks before anything is started. */
export default function globalSetup(): void {
  checkRequirements({ what: 'the package suite', folder: cacheRoot(), diskGiB: 2, memoryGiB: 1 });
  if (!existsSync(join(ROOT, '.jsii')) || !existsSync(join(ROOT, 'lib', 'src', 'index.js'))) {
    throw new Error('the package suite needs the compiled library: npm run build');
  }
}
