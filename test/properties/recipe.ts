import fc from 'fast-check';

/** Something to be made of the library, which may refuse it, from options that a counterexample prints. */
export interface Recipe<Value, Options = unknown> {
  /** What it is made from. */
  readonly options: Options;
  /** Makes it. */
  readonly make: () => Value;
}

/** Turns options into a recipe. */
export function recipe<Options, Value>(name: string, make: (options: Options) => Value): (options: Options) => Recipe<Value, Options> {
  return options => ({
    options,
    make: () => make(options),
    [fc.toStringMethod]: () => `${name}(${fc.stringify(options)})`,
  });
}
