const DECIMAL = { 'n': 1e-9, 'u': 1e-6, 'm': 1e-3, '': 1, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'T': 1e12, 'P': 1e15, 'E': 1e18 };
const BINARY = { Ki: 2 ** 10, Mi: 2 ** 20, Gi: 2 ** 30, Ti: 2 ** 40, Pi: 2 ** 50, Ei: 2 ** 60 };
const SUFFIXES: Readonly<Record<string, number>> = { ...DECIMAL, ...BINARY };
const ROUNDING = 1e-12;

/**
 * Whether two values are the same resource quantity, such as `1024Mi` and `1Gi`.
 *
 * @see https://kubernetes.io/docs/reference/kubernetes-api/common-definitions/quantity/
 */
export function sameQuantity(a: unknown, b: unknown): boolean {
  const [left, right] = [parse(a), parse(b)];
  if (left === undefined || right === undefined) return false;
  return Math.abs(left - right) <= Math.abs(left) * ROUNDING;
}

function parse(value: unknown): number | undefined {
  if (typeof value === 'number') return value;
  if (typeof value !== 'string') return undefined;
  const [, digits, suffix] = value.match(/^([+-]?(?:\d+\.?\d*|\.\d+)(?:[eE][+-]?\d+)?)(|[numkMGTPE]|[KMGTPE]i)$/) ?? [];
  return digits === undefined ? undefined : Number(digits) * SUFFIXES[suffix];
}
