import { createHash } from 'crypto';

/**
 * A short digest of plain data, the same on every machine; the order of object keys does not matter.
 */
export function digest(data: unknown): string {
  return createHash('sha256').update(JSON.stringify(sorted(data))).digest('hex').slice(0, 10);
}

/**
 * A copy of plain data with all object keys in order and without undefined values.
 */
export function sorted<T>(data: T): T {
  if (Array.isArray(data)) {
    return data.map(sorted) as T;
  }
  if (data === null || typeof data !== 'object') {
    return data;
  }
  const entries = Object.entries(data).filter(([, value]) => value !== undefined);
  entries.sort(([a], [b]) => (a < b ? -1 : 1));
  return Object.fromEntries(entries.map(([key, value]) => [key, sorted(value)])) as T;
}
