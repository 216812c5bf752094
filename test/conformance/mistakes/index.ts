import { KubeObject } from '../../apiserver/support/kube-object';
import { changed } from '../valid-objects';
import { OBJECT_MISTAKES } from './objects';
import { POD_MISTAKES } from './pods';

/** An object with one mistake, and the rule that finds it. */
export interface Mistake {
  /** The name of the rule. */
  readonly rule: string;
  /** What is wrong, in the words of a test's name. */
  readonly mistake: string;
  /** The object with the mistake. */
  readonly object: KubeObject;
  /** Part of what the rule says. */
  readonly finding: string;
}

/** For each rule objects that it must find something wrong with. */
export const MISTAKES: Mistake[] = Object.entries({ ...OBJECT_MISTAKES, ...POD_MISTAKES }).flatMap(([rule, changes]) =>
  changes.map(([mistake, object, path, value, finding]) => ({ rule, mistake, object: changed(object, path, value), finding })));
