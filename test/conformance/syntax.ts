/**
 * Whether text has a syntax that Kubernetes defines.
 *
 * @see https://kubernetes.io/docs/concepts/overview/working-with-objects/names/
 */
export type Syntax = (value: unknown) => boolean;

/** An RFC 1123 label. */
export const isDnsLabel = syntax(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 63);

/** An RFC 1035 label, which begins with a letter. */
export const isDns1035Label = syntax(/^[a-z]([-a-z0-9]*[a-z0-9])?$/, 63);

/** An RFC 1123 subdomain. */
export const isDnsSubdomain = syntax(/^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/, 253);

/** What can stand between two slashes of a URL. */
export const isPathSegment = syntax(/^(?!\.\.?$)[^/%]+$/, 253);

/** The value of a label. */
export const isLabelValue = syntax(/^([A-Za-z0-9]([-A-Za-z0-9_.]*[A-Za-z0-9])?)?$/, 63);

/** A port's name as IANA assigns them: at least one letter, no two hyphens in a row. */
export const isPortName = syntax(/^(?=.*[a-z])(?!.*--)[a-z0-9]([-a-z0-9]*[a-z0-9])?$/, 15);

/** A key of a ConfigMap or a Secret. */
export const isConfigKey = syntax(/^(?!\.\.|\.$)[-._a-zA-Z0-9]+$/, 253);

/** The name of an environment variable, as every supported minor accepts it. */
export const isVariableName = syntax(/^(?!\.\.|\.$)[-._a-zA-Z][-._a-zA-Z0-9]*$/, Infinity);

/**
 * An image reference, which the API server lets pass and the container runtime reads.
 *
 * @see https://github.com/distribution/reference
 */
export const isImageReference: Syntax = value => {
  const host = String.raw`(?:[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?)(?:\.[A-Za-z0-9](?:[-A-Za-z0-9]*[A-Za-z0-9])?)*(?::\d+)?`;
  const component = String.raw`[a-z0-9]+(?:(?:\.|_|__|-+)[a-z0-9]+)*`;
  const name = String(value).replace(/@[^@]*$/, '').replace(/:[^:/]*$/, '');
  return syntax(new RegExp(String.raw`^(?:${host}/)?${component}(?:/${component})*$`), 255)(name)
    && syntax(/^[^:@]+(:\d+\/[^:@]+)?(:\w[\w.-]{0,127})?(@sha256:[0-9a-f]{64})?$/, Infinity)(value);
};

/** The key of a label or annotation: a name, with an optional domain before a slash. */
export function isQualifiedName(value: unknown): boolean {
  const [name, prefix, ...rest] = String(value).split('/').reverse();
  return rest.length === 0 && name !== '' && isLabelValue(name) && (prefix === undefined || isDnsSubdomain(prefix));
}

function syntax(form: RegExp, maxLength: number): Syntax {
  return value => typeof value === 'string' && form.test(value) && value.length <= maxLength;
}
