import { KubeObject } from './kube-object';

/** The library refuses a mistake when it synthesizes. */
export interface Refusal {
  /** Makes the mistake. */
  readonly synthesize: () => unknown;
  /** Part of the error. */
  readonly error: string;
}

/** The library cannot be made to emit a mistake. */
export interface Emission {
  /** Why not, in the words of a test's name. */
  readonly instead: string;
  /** What the nearest attempts come to in a namespace; each is applied over those before it. */
  readonly renderings: (namespace: string) => KubeObject[][];
}

/** What the library does about a mistake. */
export type LibraryAnswer = Refusal | Emission;

/** Says that the library refuses a mistake. */
export function refuses(synthesize: () => unknown, error: string): Refusal {
  return { synthesize, error };
}

/** Says that the library emits something right whatever one tries. */
export function emits(instead: string, renderings: (namespace: string) => KubeObject[][]): Emission {
  return { instead, renderings };
}

/** Whether the library refuses, rather than emits something right. */
export function isRefusal(answer: LibraryAnswer): answer is Refusal {
  return 'synthesize' in answer;
}
