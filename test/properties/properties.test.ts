import { App } from 'cdk8s';
import fc, { Arbitrary } from 'fast-check';
import { parseAllDocuments } from 'yaml';
import { DindCacheChart } from '../../src';
import { kubernetesVersions } from '../conformance/kubernetes-versions';
import { changed, VALID as VALID_OBJECTS } from '../conformance/valid-objects';
import { standardErrorOf } from '../support/captured';
import { testUnless } from '../support/conditional-test';
import { ChartInput, chartOf, charts, propArbitraries } from './charts';
import { expectedDaemonJson } from './daemon-configs';
import { nearlyValid, VALID } from './ingredients';
import { conformanceFindings, daemonJsonOf, Outcome, outcomeOf, refusedProperty } from './outcome';
import { Recipe } from './recipe';

/**
 * What holds for whatever the library is given.
 *
 * A failure prints the seed and the shortest input that shows it. `PROPERTY_SEED` looks elsewhere, `PROPERTY_RUNS` as many times as long.
 */
const SEED = Number(process.env.PROPERTY_SEED ?? 1);
const FACTOR = Number(process.env.PROPERTY_RUNS ?? 1);

/** The properties that an error may name when something is wrong about a prop of the chart. */
const NAMED: { readonly [prop: string]: string | undefined } = {
  volume: 'accessMode capacity claimName hostname labels path storageClassName tolerations',
  clients: 'labels namespace podLabels',
  tls: 'additionalServerNames caIssuer clientSecretName clusterDomain keys schedule serverSecretName',
  name: 'name',
  namespace: 'namespace',
  images: 'busybox client daemon digests kubectl pullSecrets registryPrefix version',
  daemonConfig: 'additionalOptions addressPools configMapName features httpProxy httpsProxy insecureRegistries key logDriver logOptions maxConcurrentDownloads '
    + 'maxConcurrentUploads minApiVersion mtu noProxy pem registry registryMirrors secretName',
  gcPolicy: 'cache images rules',
  prune: 'grace keepImages keepLabel leftoversAfter schedule timeZone',
  drainTimeout: 'drainTimeout',
  resources: 'resources',
  priorityClassName: 'priorityClassName',
  labels: 'labels',
  annotations: 'annotations',
  podLabels: 'podLabels',
  podAnnotations: 'podAnnotations',
};

function check<Input>(arbitrary: Arbitrary<Input>, runs: number, holds: (input: Input) => unknown): void {
  fc.assert(fc.property(arbitrary, input => void holds(input)), { seed: SEED, numRuns: runs * FACTOR });
}

function expectConformity({ objects = [] }: Outcome, { daemonConfig }: ChartInput): void {
  expect(conformanceFindings(objects)).toEqual([]);
  expect(daemonJsonOf(objects)).toEqual(expectedDaemonJson(daemonConfig?.options));
}

const lacking = kubernetesVersions().length === 0 ? '../shared/kubernetes-schemas is absent' : undefined;

testUnless(lacking, 'what is accepted is judged by the oldest and the newest definitions of Kubernetes, too', () => {
  const misspelt = changed(VALID_OBJECTS.service, 'spec.port', 2376);

  expect(conformanceFindings([misspelt, VALID_OBJECTS.deployment]).filter(finding => finding === 'spec: unknown field port')).toHaveLength(2);
});

jest.setTimeout(60_000 * FACTOR);

describe('a valid chart', () => {
  test('is accepted, and conforms', () => {
    check(charts(VALID), 100, chart => {
      const outcome = outcomeOf(chart);

      expect(outcome.error).toBeUndefined();
      expectConformity(outcome, chart.options);
    });
  });

  test('is the same text whenever it is made, and reads back by YAML 1.1 as by YAML 1.2', () => {
    check(charts(VALID), 10, chart => {
      const [text, again] = [yamlOf(chart), yamlOf(chart)];
      const objects = outcomeOf(chart).objects!.map(object => JSON.stringify(object)).sort();

      expect(again).toBe(text);
      (['1.1', '1.2'] as const).forEach(version =>
        expect(parseAllDocuments(text, { version }).map(document => JSON.stringify(document.toJS())).sort()).toEqual(objects));
    });
  });
});

describe('a chart that is nearly valid', () => {
  test('conforms, or is refused with the name of a property', () => {
    const outcomes: Outcome[] = [];
    check(charts(nearlyValid(40)), 100, chart => outcomes.push(judge(chart, Object.keys(NAMED))));

    expect(outcomes.filter(({ error }) => error === undefined).length).toBeGreaterThan(10);
    expect(outcomes.filter(({ error }) => error !== undefined).length).toBeGreaterThan(10);
  });

  const props = Object.entries(propArbitraries(nearlyValid(4))).filter(([prop]) => prop in NAMED);
  test.each(props)("conforms, or is refused by what is wrong about '%s'", (prop, arbitrary: Arbitrary<unknown>) => {
    check(arbitrary, 20, value => judge(chartOf({ [prop]: value }), [prop]));
  });

  function judge(chart: Recipe<DindCacheChart, ChartInput>, wrong: string[]): Outcome {
    const outcome = outcomeOf(chart);
    if (outcome.error === undefined) {
      expectConformity(outcome, chart.options);
    } else {
      expect(wrong.flatMap(prop => NAMED[prop]?.split(' ') ?? [])).toContain(refusedProperty(outcome.error) ?? outcome.error);
    }
    return outcome;
  }
});

function yamlOf(chart: Recipe<DindCacheChart>): string {
  let text = '';
  standardErrorOf(() => {
    text = App.of(chart.make()).synthYaml();
  });
  return text;
}
