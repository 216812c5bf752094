import { ApiObject, JsonPatch } from 'cdk8s';

/** Adds variables to the first container of an object's pods. */
export function addVariables(object: ApiObject, containers: 'containers' | 'initContainers', variables: Readonly<Record<string, string>>): void {
  Object.entries(variables).forEach(([name, value]) =>
    object.addJsonPatch(JsonPatch.add(`/spec/template/spec/${containers}/0/env/-`, { name, value })));
}
