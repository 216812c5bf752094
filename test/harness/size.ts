/** How much a suite runs. */
export type SuiteSize = 'quick' | 'full';

/** The size of this run: `SUITE_SIZE=full` runs every daemon, store and repetition, the default is what a contributor waits for. */
export const suiteSize: SuiteSize = parse(process.env.SUITE_SIZE);

/** Picks what belongs to the size of this run. */
export function sized<T>(choices: Readonly<Record<SuiteSize, T>>): T {
  return choices[suiteSize];
}

/** How often a run repeats what is only proven by repetition. */
export const repetitions = {
  /** Kills in the middle of a build. */
  kills: sized({ quick: 3, full: 20 }),
  /** Rounds of build, push and run beside a prune loop. */
  pruneRounds: sized({ quick: 3, full: 15 }),
  /** Renewals of a certificate under running builds. */
  renewals: sized({ quick: 2, full: 10 }),
};

function parse(value: string | undefined): SuiteSize {
  if (value === undefined || value === '' || value === 'quick') return 'quick';
  if (value === 'full') return 'full';
  throw new Error(`'SUITE_SIZE' must be quick or full, got '${value}'`);
}
