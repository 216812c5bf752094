import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { Cluster } from './cluster';

interface CustomResourceDefinition {
  readonly metadata: { readonly name: string };
}

/**
 * Creates the CustomResourceDefinitions of a folder's YAML files that the cluster does not have, and returns their names.
 *
 * What a cluster has already belongs to somebody and is left alone.
 */
export async function installCustomResources(cluster: Cluster, folder: string): Promise<string[]> {
  const installed: string[] = [];
  for (const definition of readDefinitions(folder)) {
    const { name } = definition.metadata;
    if (await cluster.kubectl(['get', 'crd', name, '--ignore-not-found', '-o=name'])) continue;
    await cluster.kubectl(['create', '-f', '-'], { input: JSON.stringify(definition) });
    await cluster.kubectl(['wait', '--for=condition=Established', `crd/${name}`, '--timeout=30s']);
    installed.push(name);
  }
  return installed;
}

/** Removes CustomResourceDefinitions by name, with all their objects. */
export async function removeCustomResources(cluster: Cluster, names: string[]): Promise<void> {
  if (names.length > 0) await cluster.kubectl(['delete', 'crd', '--ignore-not-found', ...names]);
}

function readDefinitions(folder: string): CustomResourceDefinition[] {
  const files = fs.readdirSync(folder).filter(file => file.endsWith('.yaml')).sort();
  return files.flatMap(file => parseAllDocuments(fs.readFileSync(path.join(folder, file), 'utf8')))
    .map(document => document.toJS() as CustomResourceDefinition | null)
    .filter(definition => definition !== null);
}
