import { describeObject, KubeObject } from '../apiserver/support/kube-object';
import { standardErrorOf } from '../support/captured';
import { testUnless } from '../support/conditional-test';
import { examples } from './examples';
import { OLDEST_MINOR } from './kubernetes-versions';
import { oldestMinorOf } from './newer-fields';
import { CLUSTER_RULES, isOurs, PROJECT_RULES, setFindings, violations } from './rules';
import { SchemaValidator } from './schema-validator';
import { changed, VALID } from './valid-objects';

/** Every Kubernetes minor that the library's output is for. */
const MINORS = Array.from({ length: 15 }, (_, index) => OLDEST_MINOR + index);

/** The objects of the examples that the oldest minors do not know, each with the first that does: the example asks for a newer field. */
const NEWER_OBJECTS = { 'CronJob/builds/docker-prune': 24 };

/** Objects of the examples that the library did not make: the Deployment that an example connects to a cache. */
const FOREIGN_OBJECTS = [expect.stringMatching(/^Deployment\/previews\/existing-chart-preview-builder-/)];

const validators = new Map(SchemaValidator.all().map(validator => [validator.minor, validator]));
const lacking = validators.size === 0 ? '../shared/kubernetes-schemas is absent' : undefined;

beforeAll(() => {
  // the examples say there what is unwise about them
  standardErrorOf(examples);
});

describe('the examples and the definitions of Kubernetes', () => {
  testUnless(lacking, 'the definitions of every supported minor are at hand', () => {
    expect([...validators.keys()]).toEqual(MINORS);
  });

  MINORS.forEach(minor => testUnless(lacking, `every object is valid on Kubernetes 1.${minor}`, () => {
    const objects = distinctObjects().filter(object => oldestMinorOf(object) <= minor);
    expect(objects.flatMap(object => findings(object, minor))).toEqual([]);
  }));

  test('every object is for the oldest minor but those that ask for more', () => {
    const newer = distinctObjects().map(object => [describeObject(object), oldestMinorOf(object)]).filter(([, minor]) => minor !== OLDEST_MINOR);
    expect(Object.fromEntries(newer)).toEqual(NEWER_OBJECTS);
  });

  testUnless(lacking, 'what asks for more is unknown to the minors before', () => {
    for (const [name, minor] of Object.entries(NEWER_OBJECTS)) {
      const object = distinctObjects().find(candidate => describeObject(candidate) === name)!;
      expect(findings(object, minor - 1)).toEqual([`1.${minor - 1} ${name}: spec: unknown field timeZone`]);
    }
  });
});

describe('the examples and the rules', () => {
  test('no object breaks a rule of the cluster', () => {
    expect(distinctObjects().flatMap(object => violations(object, CLUSTER_RULES))).toEqual([]);
  });

  test('no object of the library breaks a rule of the project', () => {
    expect(distinctObjects().filter(isOurs).flatMap(object => violations(object, PROJECT_RULES))).toEqual([]);
  });

  test('the library made every object but those that are there to be connected', () => {
    expect(distinctObjects().filter(object => !isOurs(object)).map(describeObject)).toEqual(FOREIGN_OBJECTS);
  });

  test('the objects of each example fit each other', () => {
    expect(examples().flatMap(({ name, objects }) => setFindings(objects).map(finding => `${name}: ${finding}`))).toEqual([]);
  });

  test('each example has the objects that make a cache', () => {
    examples().forEach(({ objects }) => expect(objects.map(({ kind }) => kind)).toEqual(expect.arrayContaining(['ConfigMap', 'Deployment', 'Service', 'CronJob'])));
  });
});

describe('the validator', () => {
  testUnless(lacking, 'accepts what is valid', () => {
    expect(MINORS.flatMap(minor => Object.values(VALID).flatMap(object => findings(object, minor)))).toEqual([]);
  });

  const container = 'spec.template.spec.containers.0';
  const mistakes: [string, KubeObject, string][] = [
    ['a field that does not exist', changed(VALID.deployment, 'spec.replica', 1), 'spec: unknown field replica'],
    ['a field that does not exist deep within', changed(VALID.deployment, `${container}.securityContext.privilege`, true), `${container}.securityContext: unknown field privilege`],
    ['a quantity of null', changed(VALID.volumeClaim, 'spec.resources.requests.storage', null), 'spec.resources.requests.storage: must be string'],
    ['a number for text', changed(VALID.deployment, `${container}.env.0.value`, 1), `${container}.env.0.value: must be string`],
    ['a field that is missing', changed(VALID.cronJob, 'spec.schedule', undefined), "spec: must have required property 'schedule'"],
    ['a kind that is gone', changed(VALID.cronJob, 'apiVersion', 'batch/v1beta1'), 'Kubernetes 1.36 has no CronJob of batch/v1beta1'],
    ['one pull secret twice', changed(VALID.deployment, 'spec.template.spec.imagePullSecrets', [{ name: 'a' }, { name: 'a' }]), 'must not have two items with the same keys'],
  ];
  mistakes.forEach(([mistake, object, finding]) => testUnless(lacking, `finds ${mistake}`, () => {
    expect(findings(object, MINORS[MINORS.length - 1]).join('\n')).toContain(finding);
  }));
});

function findings(object: KubeObject, minor: number): string[] {
  return validators.get(minor)!.findings(object).map(finding => `1.${minor} ${describeObject(object)}: ${finding}`);
}

function distinctObjects(): KubeObject[] {
  return [...new Map(examples().flatMap(({ objects }) => objects).map(object => [JSON.stringify(object), object])).values()];
}
