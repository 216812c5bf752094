import * as fs from 'node:fs';
import { parseAllDocuments, stringify } from 'yaml';

/** Any Kubernetes object, as far as tests need to know it. */
export interface KubeObject {
  apiVersion: string;
  kind: string;
  metadata: { name: string; namespace?: string; labels?: Record<string, string>; annotations?: Record<string, string>; generation?: number };
  [field: string]: unknown;
}

/** The objects of a manifest file, in its order. */
export function readManifest(file: string): KubeObject[] {
  return parseAllDocuments(fs.readFileSync(file, 'utf8'))
    .map(document => document.toJS() as KubeObject | null)
    .filter(object => object !== null);
}

/**
 * The text of a manifest file.
 *
 * One document for each object, since kubectl judges a `List` itself instead of asking the API server.
 */
export function printManifest(objects: KubeObject[]): string {
  return objects.map(object => stringify(object)).join('---\n');
}

/** `Kind/namespace/name` or, for cluster-scoped objects, `Kind/name`. */
export function describeObject({ kind, metadata }: KubeObject): string {
  return [kind, metadata.namespace, metadata.name].filter(part => part !== undefined).join('/');
}

/** One object's or a list's items. */
export function itemsOf(answer: KubeObject): KubeObject[] {
  return answer.kind === 'List' ? (answer.items as KubeObject[]) : [answer];
}
