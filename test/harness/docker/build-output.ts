/** A step of a build, as BuildKit reports it. */
export interface BuildStep {
  /** Such as `deps 3/3` or `stage-2 1/2`. */
  readonly name: string;
  readonly cached: boolean;
}

/** What the output of a build tells. */
export interface BuildOutput {
  /** The steps after each stage's `FROM`. */
  readonly steps: BuildStep[];
  /** How many of them were taken from the cache. */
  readonly cached: number;
  /** Bytes of the build context that the client has sent. */
  readonly contextBytes: number;
}

const UNITS: Record<string, number> = { B: 1, kB: 1e3, MB: 1e6, GB: 1e9 };

/** Reads the output of `docker build --progress=plain`. */
export function parseBuildOutput(text: string): BuildOutput {
  const names = new Map<string, string>();
  const cached = new Set<string>();
  let contextBytes = 0;
  for (const [, vertex, rest] of text.matchAll(/^#(\d+) (.*)$/gm)) {
    const name = rest.match(/^\[((?:\S+ )?\d+\/\d+)\] (?!FROM )/)?.[1];
    if (name) names.set(vertex, name);
    if (rest === 'CACHED') cached.add(vertex);
    const [, number, unit] = rest.match(/^transferring context: ([0-9.]+)([kMG]?B)/) ?? [];
    if (number) contextBytes = Number(number) * UNITS[unit];
  }
  const steps = [...names].map(([vertex, name]) => ({ name, cached: cached.has(vertex) }));
  return { steps, cached: steps.filter(step => step.cached).length, contextBytes };
}
