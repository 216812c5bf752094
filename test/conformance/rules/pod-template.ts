import { KubeObject } from '../../apiserver/support/kube-object';
import { Json, list, Rule } from './rule';

/** The pod of a Pod object, or that which a workload makes. */
export function podTemplate(object: KubeObject): Json | undefined {
  if (object.kind === 'Pod') {
    return object;
  }
  const spec = object.spec as Json | undefined;
  return object.kind === 'CronJob' ? spec?.jobTemplate?.spec?.template : podTemplateOf(spec);
}

/** All containers of a pod, those for its start included. */
export function containersOf(spec: Json): Json[] {
  return [...list(spec.initContainers), ...list(spec.containers)];
}

/** A rule about pods, whatever makes them. */
export function podRule(name: string, check: (spec: Json, template: Json) => string[]): Rule {
  return {
    name,
    check: object => {
      const template = podTemplate(object);
      return template ? check(template.spec ?? {}, template) : [];
    },
  };
}

/** A rule about containers, whatever runs them. */
export function containerRule(name: string, check: (container: Json, spec: Json) => string[]): Rule {
  return podRule(name, spec => containersOf(spec).flatMap(container =>
    check(container, spec).map(finding => `container ${container.name}: ${finding}`)));
}

function podTemplateOf(spec?: Json): Json | undefined {
  return spec?.template?.spec === undefined ? undefined : spec.template;
}
