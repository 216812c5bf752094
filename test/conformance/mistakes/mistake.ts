import { KubeObject } from '../../apiserver/support/kube-object';

/** One change of a valid object: what is wrong then, the object, the path and the value that change, and part of what the rule says. */
export type Change = readonly [mistake: string, object: KubeObject, path: string, value: unknown, finding: string];

/** For each rule, by its name, changes that it must find something wrong with. */
export interface Changes { readonly [rule: string]: readonly Change[] }
