import { readFileSync } from 'fs';
import { join } from 'path';

/** What has been read: an app may hold hundreds of caches. */
const texts: { [name: string]: string } = {};

/**
 * The text of a script that runs inside a container.
 */
export function script(name: string): string {
  return (texts[name] ??= readFileSync(join(__dirname, '..', 'scripts', name), 'utf8'));
}
