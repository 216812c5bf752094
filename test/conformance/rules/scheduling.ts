import { isDnsSubdomain, isLabelValue, isQualifiedName } from '../syntax';
import { labelFindings } from './metadata';
import { podRule } from './pod-template';
import { choice, integer, Json, list, Rule, unless } from './rule';

const REQUIRED = 'requiredDuringSchedulingIgnoredDuringExecution';
const PREFERRED = 'preferredDuringSchedulingIgnoredDuringExecution';

/** Rules about where pods run. */
export const SCHEDULING_RULES: Rule[] = [
  podRule('the node selector is made of labels', ({ nodeSelector }) => labelFindings(nodeSelector)),
  podRule('the node affinity is well formed', ({ affinity }) => {
    const { [REQUIRED]: required, [PREFERRED]: preferred }: Json = affinity?.nodeAffinity ?? {};
    return [
      ...(required ? nodeSelectorFindings(required) : []),
      ...list(preferred).flatMap(({ weight }) => integer('weight', weight, 1, 100)),
      ...list(preferred).flatMap(({ preference }) => nodeSelectorFindings({ nodeSelectorTerms: [preference] })),
    ];
  }),
  podRule('tolerations are well formed', ({ tolerations }) => list(tolerations).flatMap(tolerationFindings)),
  podRule('objects that the pod names have names', ({ priorityClassName, serviceAccountName, imagePullSecrets }) => [
    ...[priorityClassName, serviceAccountName].flatMap(name => unless(name === undefined || isDnsSubdomain(name), `'${name}' is no name`)),
    ...list(imagePullSecrets).flatMap(({ name }) => unless(isDnsSubdomain(name), `'${name}' is no name of a pull secret`)),
  ]),
];

/** What is wrong with the terms by which a volume chooses its node. */
export function nodeSelectorFindings({ nodeSelectorTerms }: Json): string[] {
  const expressions = list(nodeSelectorTerms).flatMap(({ matchExpressions }) => list(matchExpressions));
  return [
    ...unless(expressions.length > 0, 'a node is chosen by at least one expression'),
    ...expressions.flatMap(({ key, operator, values }) => [
      ...unless(isQualifiedName(key), `'${key}' is no key of a label`),
      ...choice('operator', operator, 'In', 'NotIn', 'Exists', 'DoesNotExist', 'Gt', 'Lt'),
      ...unless(list(values).length > 0 || !['In', 'NotIn'].includes(operator), `${operator} needs values`),
      ...list<string>(values).flatMap(value => unless(isLabelValue(value), `'${value}' is no value of a label`)),
    ]),
  ];
}

function tolerationFindings({ key, operator = 'Equal', value, effect }: Json): string[] {
  return [
    ...unless(isQualifiedName(key) || (key === undefined && operator === 'Exists'), `'${key}' is no key of a taint`),
    ...choice('operator', operator, 'Equal', 'Exists'),
    ...unless(operator !== 'Exists' || value === undefined, 'Exists takes no value'),
    ...unless(isLabelValue(value ?? ''), `'${value}' is no value of a taint`),
    ...choice('effect', effect, 'NoSchedule', 'PreferNoSchedule', 'NoExecute'),
  ];
}
