import { describeObject, KubeObject } from './kube-object';

/** A pod as a workload would make it. */
export interface TemplatedPod {
  /** The workload, as `Kind/namespace/name`. */
  readonly owner: string;
  readonly pod: KubeObject;
}

interface PodTemplate {
  readonly metadata?: { readonly labels?: Record<string, string> };
  readonly spec: unknown;
}

interface WorkloadSpec {
  readonly template?: PodTemplate;
  readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
}

/** The pods that the Deployments, Jobs and CronJobs of a manifest make, as objects to be judged on their own. */
export function templatedPods(objects: KubeObject[]): TemplatedPod[] {
  return objects.flatMap(object => {
    const spec = object.spec as WorkloadSpec | undefined;
    const template = spec?.template ?? spec?.jobTemplate?.spec.template;
    return template ? [{ owner: describeObject(object), pod: toPod(object.metadata.name, template) }] : [];
  });
}

function toPod(name: string, { metadata, spec }: PodTemplate): KubeObject {
  return { apiVersion: 'v1', kind: 'Pod', metadata: { name, labels: metadata?.labels }, spec };
}
