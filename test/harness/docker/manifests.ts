import { parseAllDocuments } from 'yaml';
import { KubernetesObject, PodTemplate } from './pod-spec';

/** Objects of a cache's synthesized YAML, found by kind and name. */
export class Manifests {
  private readonly objects: KubernetesObject[];

  /** Reads any number of YAML documents. */
  constructor(yaml: string) {
    this.objects = parseAllDocuments(yaml).map(document => {
      if (document.errors.length > 0) throw document.errors[0];
      return document.toJS() as KubernetesObject;
    }).filter(object => object !== null);
  }

  /** The object of a kind, by its name where there are several. */
  public get<T extends KubernetesObject>(kind: string, name?: string): T {
    const found = this.all<T>(kind).filter(object => name === undefined || object.metadata.name === name);
    if (found.length === 1) return found[0];
    const there = this.objects.map(object => `${object.kind}/${object.metadata.name}`).join(', ');
    throw new Error(`exactly one ${kind} ${name ?? ''} must be in the manifests, got ${found.length} among ${there}`);
  }

  /** The object of a kind and name, if it is there. */
  public find<T extends KubernetesObject>(kind: string, name: string): T | undefined {
    return this.all<T>(kind).find(object => object.metadata.name === name);
  }

  /** All objects of a kind. */
  public all<T extends KubernetesObject>(kind: string): T[] {
    return this.objects.filter(object => object.kind === kind) as T[];
  }

  /** The pod template of a Deployment, Job or CronJob. */
  public podTemplate(kind: 'Deployment' | 'Job' | 'CronJob', name?: string): PodOwner {
    const { metadata, spec } = this.get<KubernetesObject & { spec: OwnerSpec }>(kind, name);
    const template = spec.template ?? spec.jobTemplate?.spec.template;
    if (!template) throw new Error(`${kind} ${metadata.name} must have a pod template`);
    return { name: metadata.name, namespace: metadata.namespace ?? 'default', template };
  }
}

/** An object that makes pods. */
export interface PodOwner {
  readonly name: string;
  readonly namespace: string;
  readonly template: PodTemplate;
}

interface OwnerSpec {
  readonly template?: PodTemplate;
  readonly jobTemplate?: { readonly spec: { readonly template: PodTemplate } };
}
