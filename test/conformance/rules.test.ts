import { REJECTIONS } from '../apiserver/rejections';
import { KubeObject } from '../apiserver/support/kube-object';
import { MISTAKES } from './mistakes';
import { CLUSTER_RULES, isOurs, PROJECT_RULES, Rule, setFindings, violations } from './rules';
import { changed, VALID } from './valid-objects';

const RULES = [...CLUSTER_RULES, ...PROJECT_RULES];

describe('what keeps to the rules', () => {
  test.each(Object.entries(VALID))('nothing is wrong with the %s', (_, object) => {
    expect(violations(object, RULES)).toEqual([]);
  });

  test('the objects belong together', () => {
    expect(setFindings([VALID.configMap, VALID.deployment, VALID.service, VALID.volume, changed(VALID.volumeClaim, 'spec.storageClassName', 'apiserver-suite')])).toEqual([]);
  });
});

describe('what breaks a rule', () => {
  test.each(MISTAKES)('$mistake is found because $rule', ({ rule, object, finding }) => {
    expect(rulesNamed(rule).flatMap(({ check }) => check(object)).join('\n')).toContain(finding);
  });

  test('every rule is broken by an example of a mistake', () => {
    const broken = new Set(MISTAKES.map(({ rule }) => rule));
    expect(RULES.map(({ name }) => name).filter(name => !broken.has(name))).toEqual([]);
  });

  test('a violation names the object, what is wrong and the rule', () => {
    expect(violations(changed(VALID.service, 'metadata.namespace', undefined), PROJECT_RULES))
      .toEqual(['Service/cache: a Service lies in a namespace (the namespace is written out)']);
  });
});

describe('what a real API server says', () => {
  const judgedAlone = REJECTIONS.filter(({ change, podSecurity }) => !change && podSecurity === undefined);

  test.each(judgedAlone)('the rules refuse $mistake, too', ({ refused }) => {
    expect(violations(refused, CLUSTER_RULES)).not.toEqual([]);
  });

  test.each(judgedAlone)('the rules accept what is like $mistake but right, too', ({ accepted }) => {
    expect(violations(accepted, CLUSTER_RULES)).toEqual([]);
  });
});

describe('exceptions', () => {
  const component = 'spec.template.metadata.labels.app~kubernetes~io/component';
  const withHostPath = changed(VALID.job, 'spec.template.spec.volumes.1', { name: 'tmp', hostPath: { path: '/mnt', type: 'DirectoryOrCreate' } });

  test('the daemon may be privileged', () => {
    const privileged = changed(VALID.deployment, 'spec.template.spec.containers.0.securityContext', { privileged: true, allowPrivilegeEscalation: true });
    expect(violations(privileged, PROJECT_RULES)).not.toEqual([]);
    expect(violations(changed(privileged, component, 'daemon'), PROJECT_RULES)).toEqual([]);
  });

  test('the Job that makes a directory may mount it', () => {
    expect(violations(withHostPath, PROJECT_RULES)).not.toEqual([]);
    expect(violations(changed(withHostPath, component, 'directory'), PROJECT_RULES)).toEqual([]);
  });

  test('and is restricted in all else', () => {
    const root = changed(changed(withHostPath, component, 'directory'), 'spec.template.spec.containers.0.securityContext.runAsNonRoot', false);
    expect(violations(root, PROJECT_RULES)).toHaveLength(1);
  });

  test('an object without the common labels is not ours', () => {
    expect(isOurs(VALID.service)).toBe(true);
    expect(isOurs(changed(VALID.service, 'metadata.labels', { app: 'web' }))).toBe(false);
  });
});

describe('objects that do not fit each other', () => {
  const fitting = [VALID.configMap, VALID.deployment, VALID.service, VALID.volume, VALID.volumeClaim];

  test.each<[string, KubeObject[], string]>([
    ['one object twice', [...fitting, VALID.configMap], "the object 'ConfigMap/builds/cache-config' occurs more than once"],
    ['a Service of no pod', [VALID.service], 'Service/builds/cache selects nothing'],
    ['a Service of the pods of a job', [VALID.service, VALID.deployment, VALID.job], 'Service/builds/cache selects Deployment/builds/cache and Job/builds/cache-directory'],
    ['a Service of a port that no container has', [VALID.deployment, changed(VALID.service, 'spec.ports.0.targetPort', 'http')], 'no container has the port http'],
    ['a volume without its claim', [VALID.volume], 'reserved for a claim that does not exist'],
    ['a volume whose claim wants another', [VALID.volume, changed(VALID.volumeClaim, 'spec.volumeName', 'other')], 'asks for another volume'],
    ['a volume whose claim wants another class', [VALID.volume, changed(VALID.volumeClaim, 'spec.storageClassName', 'other')], 'of different classes'],
    ['a volume whose claim wants more', [VALID.volume, changed(VALID.volumeClaim, 'spec.resources.requests.storage', '101Gi')], 'asks for more than it has'],
    ['a binding of a Role that does not exist', [VALID.roleBinding], 'there is no Role/builds/cache-tls to bind'],
    ['a binding for an account that does not exist', [VALID.roleBinding, VALID.role], 'there is no ServiceAccount/builds/cache-tls to bind'],
    ['a file that the ConfigMap does not have', [VALID.deployment, changed(VALID.configMap, 'data', {})], 'ConfigMap/builds/cache-config has no daemon.json'],
  ])('%s is found', (_, objects, finding) => {
    expect(setFindings(objects).join('\n')).toContain(finding);
  });
});

function rulesNamed(name: string): Rule[] {
  return RULES.filter(rule => rule.name === name);
}
