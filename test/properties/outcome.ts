import { App, Chart } from 'cdk8s';
import { DindCacheChart } from '../../src';
import { KubeObject } from '../apiserver/support/kube-object';
import { oldestMinorOf } from '../conformance/newer-fields';
import { CLUSTER_RULES, PROJECT_RULES, setFindings, violations } from '../conformance/rules';
import { SchemaValidator } from '../conformance/schema-validator';
import { standardErrorOf } from '../support/captured';
import { Recipe } from './recipe';

/** What the library made of its input: objects, or an error. */
export interface Outcome {
  /** The objects. */
  readonly objects?: KubeObject[];
  /** What was thrown instead. */
  readonly error?: unknown;
}

const validators = SchemaValidator.all();

/** The form of an error that says which property is wrong, why, and what was given. */
const REFUSAL = /^'(\w+)[^']*' must .+, got /s;

/** Makes a chart and synthesizes it; warnings are not printed. */
export function outcomeOf(chart: Recipe<DindCacheChart>): Outcome {
  let objects: KubeObject[] | undefined;
  try {
    standardErrorOf(() => {
      objects = synthesized(chart.make());
    });
    return { objects };
  } catch (error) {
    return { error };
  }
}

/** What is wrong with objects by the oldest and the newest definitions and by all rules. */
export function conformanceFindings(objects: KubeObject[]): string[] {
  return [
    ...objects.flatMap(object => violations(object, [...CLUSTER_RULES, ...PROJECT_RULES])),
    ...setFindings(objects),
    ...objects.flatMap(object => {
      const knowing = validators.filter(({ minor }) => minor >= oldestMinorOf(object));
      return [knowing[0], knowing[knowing.length - 1]].flatMap(validator => validator?.findings(object) ?? []);
    }),
  ];
}

/** The property that an error names, if it is an error of the library's. */
export function refusedProperty(error: unknown): string | undefined {
  return error instanceof Error && error.constructor === Error ? REFUSAL.exec(error.message)?.[1] : undefined;
}

/** What the daemon's configuration says, as dockerd reads it. */
export function daemonJsonOf(objects: KubeObject[]): unknown {
  const files = objects.flatMap(({ data }) => (data as { readonly [file: string]: string } | undefined)?.['daemon.json'] ?? []);
  expect(files).toHaveLength(1);
  return JSON.parse(files[0]);
}

function synthesized(chart: Chart): KubeObject[] {
  return App.of(chart).charts.flatMap(each => each.toJson() as KubeObject[]);
}
