import { KubeObject } from '../../apiserver/support/kube-object';
import { choice, Json, list, Rule, unless } from './rule';

const API_GROUP = 'rbac.authorization.k8s.io';

/** Verbs of requests that name no object, or none that exists. */
const NAMELESS_VERBS = ['create', 'deletecollection'];

/** Rules about who may do what. */
export const RBAC_RULES: Rule[] = [
  {
    name: 'a Role grants something',
    check: ({ kind, rules }) => (kind === 'Role' ? list<Json>(rules).flatMap(grantFindings) : []),
  },
  {
    name: 'a RoleBinding names a Role and who has it',
    check: object => (object.kind === 'RoleBinding' ? bindingFindings(object) : []),
  },
];

function grantFindings({ verbs, apiGroups, resources, resourceNames }: Json): string[] {
  const isLimited = list(resourceNames).length > 0;
  return [
    ...unless(list(verbs).length > 0, 'a rule has verbs'),
    ...unless(list(apiGroups).length > 0, 'a rule has API groups'),
    ...unless(list(resources).length > 0, 'a rule has resources'),
    ...list<string>(verbs).flatMap(verb => unless(!isLimited || !NAMELESS_VERBS.includes(verb), `${verb} cannot be limited by name`)),
  ];
}

function bindingFindings({ roleRef, subjects }: KubeObject): string[] {
  const { apiGroup, kind } = roleRef as Json;
  return [
    ...unless(apiGroup === API_GROUP, `roleRef.apiGroup must be ${API_GROUP}`),
    ...choice('roleRef.kind', kind, 'Role', 'ClusterRole'),
    ...list<Json>(subjects).flatMap(subject => unless(subject.kind !== 'ServiceAccount' || subject.namespace !== undefined, `the account ${subject.name} has no namespace`)),
  ];
}
