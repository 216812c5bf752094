import { mkdtempSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const folders: string[] = [];

/** A folder that is removed after the test. */
export function temporaryFolder(): string {
  const folder = mkdtempSync(join(tmpdir(), 'cdk8s-dind-cache-'));
  folders.push(folder);
  return folder;
}

/** Removes what the file's tests made; to be handed to `afterEach` or `afterAll`. */
export function removeTemporaryFolders(): void {
  folders.splice(0).forEach(folder => rmSync(folder, { recursive: true, force: true }));
}
