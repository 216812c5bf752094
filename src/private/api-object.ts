import { ApiObject, ApiObjectProps } from 'cdk8s';
import { Construct } from 'constructs';

/**
 * Makes the main child of a construct, which `ApiObject.of` finds, out of a complete manifest.
 */
export function mainObject(scope: Construct, manifest: ApiObjectProps): ApiObject {
  return childObject(scope, 'Resource', manifest);
}

/**
 * Makes an object out of a complete manifest, as `manifest()` of cdk8s-plus-27's `k8s` classes renders it.
 *
 * An instance of those classes renders once more after the JSON patches, and silently drops what it does not know:
 * fields newer than Kubernetes 1.27, and a quantity or port that a patch gives as a plain value.
 */
export function childObject(scope: Construct, id: string, manifest: ApiObjectProps): ApiObject {
  return new ApiObject(scope, id, manifest);
}
