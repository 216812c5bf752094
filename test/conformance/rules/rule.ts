import { describeObject, KubeObject } from '../../apiserver/support/kube-object';

/** Free-form JSON, as far as a schema has not looked at it. */
export interface Json { readonly [key: string]: any }

/** Something that is asked of an object beyond its schema. */
export interface Rule {
  /** What is asked, as a short sentence. */
  readonly name: string;
  /** What is wrong with an object; nothing with one that the rule is not about. */
  readonly check: (object: KubeObject) => string[];
}

/** What is wrong with an object by any of the rules. */
export function violations(object: KubeObject, rules: Rule[]): string[] {
  return rules.flatMap(({ name, check }) => check(object).map(finding => `${describeObject(object)}: ${finding} (${name})`));
}

/** A rule about the spec of one kind of objects. */
export function ruleFor(kind: string, name: string, check: (spec: Json, object: KubeObject) => string[]): Rule {
  return { name, check: object => (object.kind === kind ? check((object.spec ?? {}), object) : []) };
}

/** The items of a list that may be absent. */
export function list<Item = Json>(value: unknown): Item[] {
  return Array.isArray(value) ? value : [];
}

/** A finding unless the condition holds. */
export function unless(holds: boolean, finding: string): string[] {
  return holds ? [] : [finding];
}

/** A finding for each value that occurs more than once. */
export function repeated(what: string, values: unknown[]): string[] {
  const seen = new Set<unknown>();
  return values.flatMap(value => unless(seen.size < seen.add(value).size, `${what} '${String(value)}' occurs more than once`));
}

/** A finding unless the value is an integer within the bounds or absent. */
export function integer(field: string, value: unknown, min: number, max = Infinity): string[] {
  return unless(value === undefined || (typeof value === 'number' && Number.isInteger(value) && value >= min && value <= max), `${field} must be an integer from ${min} to ${max}`);
}

/** A finding unless the value is one of those listed or absent. */
export function choice(field: string, value: unknown, ...choices: unknown[]): string[] {
  return unless(value === undefined || choices.includes(value), `${field} must be one of ${choices.join(', ')}`);
}
