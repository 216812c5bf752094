import { readFileSync } from 'fs';
import { join } from 'path';

/**
 * The text of a script that runs inside a container.
 */
export function script(name: string): string {
  return readFileSync(join(__dirname, '..', 'scripts', name), 'utf8');
}
