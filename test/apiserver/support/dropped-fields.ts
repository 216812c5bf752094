import { KubeObject } from './kube-object';
import { sameQuantity } from './quantity';

/** The fields of an object as it was sent that did not come back with an equal value, each with its path and both values. */
export function droppedFields(sent: KubeObject, returned: KubeObject): string[] {
  return differences(withData(sent), returned, []);
}

function differences(sent: unknown, returned: unknown, path: string[]): string[] {
  if (returned === undefined && isEmpty(sent)) return [];
  if (Array.isArray(sent) && Array.isArray(returned)) {
    // What the server appends to a list drops nothing.
    return sent.flatMap((item, index) => differences(item, returned[index], [...path, String(index)]));
  }
  if (isMap(sent) && isMap(returned)) {
    return Object.entries(sent).flatMap(([key, value]) => differences(value, returned[key], [...path, key]));
  }
  if (sent === returned || sameQuantity(sent, returned)) return [];
  return [`${path.join('.')}: sent ${JSON.stringify(sent)}, got ${JSON.stringify(returned)}`];
}

/** The API server leaves out what is zero in Go, where absence means the same. */
function isEmpty(value: unknown): boolean {
  return value === null || value === undefined || value === '' || value === false || value === 0 || (Array.isArray(value) && value.length === 0);
}

function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** `stringData` is for writing only: it comes back in `data`, encoded. */
function withData(object: KubeObject): KubeObject {
  const { stringData, ...rest } = object;
  if (object.kind !== 'Secret' || !isMap(stringData)) return object;
  const encoded = Object.entries(stringData).map(([key, value]) => [key, Buffer.from(String(value)).toString('base64')]);
  return { ...rest, data: { ...(rest.data as object | undefined), ...Object.fromEntries(encoded) } };
}
