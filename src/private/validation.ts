import { Duration, Size, SizeRoundingBehavior } from 'cdk8s';

const MAX_CACHE_NAME_LENGTH = 40;

/**
 * Builds the error for a wrong argument: the property, the rule, the value and a hint.
 */
export function invalid(property: string, rule: string, value: unknown, hint?: string): Error {
  return new Error(`'${property}' ${rule}, got ${readable(value)}${hint ? `; ${hint}` : ''}`);
}

/**
 * Throws unless the condition holds.
 */
export function ensure(condition: boolean, property: string, rule: string, value: unknown, hint?: string): void {
  if (!condition) {
    throw invalid(property, rule, value, hint);
  }
}

/**
 * Renders a value as its writer would recognize it.
 */
export function readable(value: unknown): string {
  if (value instanceof Size) {
    return `${value.toMebibytes({ rounding: SizeRoundingBehavior.NONE })} MiB`;
  }
  if (value instanceof Duration) {
    return value.toHumanString();
  }
  if (typeof value === 'string') {
    return `'${value}'`;
  }
  return JSON.stringify(value) ?? 'nothing';
}

/**
 * Throws unless the text is an RFC 1123 label, as names of namespaces, volumes and ports are.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export function requireDnsLabel(property: string, value: string, maxLength = 63): void {
  ensure(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(value), property,
    "must consist of lower-case letters, digits and '-', and begin and end with a letter or digit", value);
  ensure(value.length <= maxLength, property, `must have at most ${maxLength} characters`, value);
}

/**
 * Throws unless the text can be the name of a cache, which leaves room for what is added to make the names of Jobs and CronJobs.
 */
export function requireCacheName(name: string): void {
  requireDnsLabel('name', name, MAX_CACHE_NAME_LENGTH);
}

/**
 * Throws unless the text, where there is one, is an RFC 1123 subdomain, as names of most objects are.
 */
export function requireDnsSubdomain(property: string, value?: string): void {
  if (value === undefined) {
    return;
  }
  ensure(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/.test(value), property,
    "must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit", value);
  ensure(value.length <= 253, property, 'must have at most 253 characters', value);
}

/**
 * Throws unless the text, where there is one, can be a key of a ConfigMap or Secret.
 *
 * @see https://kubernetes.io/docs/concepts/configuration/configmap/#configmap-object
 */
export function requireDataKey(property: string, key?: string): void {
  if (key === undefined) {
    return;
  }
  ensure(/^[-._a-zA-Z0-9]+$/.test(key), property, "must consist of letters, digits, '-', '_' and '.'", key);
  ensure(!key.startsWith('..') && key !== '.' && key.length <= 253, property, "must have at most 253 characters and not begin with '..'", key);
}

/**
 * Throws unless every key and value is a valid Kubernetes label.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/labels/#syntax-and-character-set
 */
export function requireLabels(property: string, labels: { [key: string]: string }): void {
  for (const [key, value] of Object.entries(labels)) {
    requireQualifiedName(property, key);
    requireLabelValue(`${property}.${key}`, value);
  }
}

/**
 * Throws unless the text can be the value of a label.
 */
export function requireLabelValue(property: string, value: string): void {
  ensure(/^(([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9])?$/.test(value) && value.length <= 63, property,
    "must have at most 63 letters, digits, '-', '_' and '.', and begin and end with a letter or digit", value);
}

/**
 * Throws unless every key is a valid annotation key; annotation values are free.
 */
export function requireAnnotations(property: string, annotations: { [key: string]: string }): void {
  Object.keys(annotations).forEach(key => requireQualifiedName(property, key));
}

function requireQualifiedName(property: string, key: string): void {
  const parts = key.split('/');
  const name = parts.pop()!;
  ensure(parts.length <= 1, property, "must have keys with at most one '/'", key);
  parts.forEach(prefix => requireDnsSubdomain(property, prefix));
  ensure(/^([A-Za-z0-9][-A-Za-z0-9_.]*)?[A-Za-z0-9]$/.test(name) && name.length <= 63, property,
    "must have keys of at most 63 letters, digits, '-', '_' and '.', that begin and end with a letter or digit", key);
}

/**
 * Throws unless the number is an integer within the bounds.
 */
export function requireInteger(property: string, value: number, min: number, max: number, hint?: string): void {
  ensure(Number.isInteger(value) && value >= min && value <= max, property, `must be an integer from ${min} to ${max}`, value, hint);
}
