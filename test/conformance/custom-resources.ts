import * as fs from 'node:fs';
import { readManifest } from '../apiserver/support/kube-object';
import { sharedFile } from '../apiserver/support/shared';
import { Json, list } from './rules/rule';

/** The schema of a custom resource, in which no field is unknown. */
export interface CustomResource {
  /** API version and kind, with a space between. */
  readonly type: string;
  readonly schema: object;
}

const FOLDER = sharedFile('crds');

/** The custom resources whose definitions are at hand: none where the folder `shared` beside the repository is absent. */
export function customResources(): CustomResource[] {
  const files = fs.existsSync(FOLDER) ? fs.readdirSync(FOLDER) : [];
  return files.flatMap(file => readManifest(sharedFile(`crds/${file}`))).flatMap(({ spec }) => {
    const { group, names, versions } = spec as Json;
    return list(versions).map(({ name, schema }) => ({ type: `${group}/${name} ${names.kind}`, schema: withoutUnknownFields(schema.openAPIV3Schema) }));
  });
}

/** The API server's own metadata stand for themselves; everything else that lists properties has no others. */
function withoutUnknownFields(schema: Json): Json {
  const entries = Object.entries(schema).map(([key, value]: [string, Json]) => {
    if (key === 'properties') {
      return [key, Object.fromEntries(Object.entries(value).map(([name, property]) => [name, withoutUnknownFields(property)]))];
    }
    return [key, ['items', 'additionalProperties'].includes(key) ? withoutUnknownFields(value) : value];
  });
  const isOpen = schema.properties === undefined || schema['x-kubernetes-preserve-unknown-fields'];
  return { ...Object.fromEntries(entries), ...(isOpen ? {} : { additionalProperties: false }) };
}
