/** A median and the interval that holds it with 95 % confidence. */
export interface Estimate {
  readonly median: number;
  readonly low: number;
  readonly high: number;
}

const RESAMPLES = 10_000;

/** The median of a sample, with a percentile bootstrap interval; the same sample always gives the same interval. */
export function estimate(sample: number[]): Estimate {
  const random = generator(1);
  const medians = Array.from({ length: RESAMPLES }, () => median(sample.map(() => sample[Math.floor(random() * sample.length)])));
  medians.sort(ascending);
  return { median: median(sample), low: medians[Math.floor(RESAMPLES * 0.025)], high: medians[Math.floor(RESAMPLES * 0.975)] };
}

function median(sample: number[]): number {
  const sorted = [...sample].sort(ascending);
  const middle = sorted.length / 2;
  return (sorted[Math.floor(middle)] + sorted[Math.ceil(middle) - 1]) / 2;
}

function ascending(a: number, b: number): number {
  return a - b;
}

/** A linear congruential generator, with the constants of Numerical Recipes. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (Math.imul(state, 1664525) + 1013904223) >>> 0;
    return state / 2 ** 32;
  };
}
