import { isDnsLabel, isImageReference, isPortName, isVariableName } from '../syntax';
import { containerRule, containersOf, podRule } from './pod-template';
import { amountOf } from './quantity';
import { choice, integer, Json, list, repeated, Rule, unless } from './rule';

const MAX_PORT = 65535;

/** Rules about containers but for their probes and volumes. */
export const CONTAINER_RULES: Rule[] = [
  podRule('container names are unique', spec => [
    ...unless(containersOf(spec).length > 0, 'a pod has at least one container'),
    ...repeated('the container name', containersOf(spec).map(({ name }) => name)),
  ]),
  containerRule('container names are DNS labels', ({ name }) => unless(isDnsLabel(name), 'its name is no DNS label')),
  containerRule('images can be pulled', ({ image, imagePullPolicy }) => [
    ...unless(isImageReference(image), `'${image}' is no image reference`),
    ...choice('imagePullPolicy', imagePullPolicy, 'Always', 'IfNotPresent', 'Never'),
  ]),
  containerRule('the ports of a container are well formed', ({ ports }) => [
    ...repeated('the port name', list(ports).flatMap(({ name }) => name ?? [])),
    ...list(ports).flatMap(({ name, containerPort, protocol }) => [
      ...unless(name === undefined || isPortName(name), `'${name}' is no name of a port`),
      ...integer('containerPort', containerPort, 1, MAX_PORT),
      ...choice('protocol', protocol, 'TCP', 'UDP', 'SCTP'),
    ]),
  ]),
  containerRule('environment variables are well formed', ({ env }) => [
    ...repeated('the variable', list(env).map(({ name }) => name)),
    ...list(env).flatMap(({ name, value, valueFrom }) => [
      ...unless(isVariableName(name), `'${name}' is no name of a variable`),
      ...unless(value === undefined || valueFrom === undefined, `the variable ${name} has two sources`),
    ]),
  ]),
  containerRule('resources are quantities, and requests are within limits', ({ resources = {} }) => resourceFindings(resources)),
  containerRule('privileges do not contradict each other', ({ securityContext = {} }, spec) => privilegeFindings(securityContext, spec.securityContext)),
];

function resourceFindings({ requests = {}, limits = {} }: Json): string[] {
  return [
    ...[...Object.entries(requests), ...Object.entries(limits)].flatMap(([name, quantity]) =>
      unless(amountOf(quantity) >= 0, `'${String(quantity)}' is no quantity of ${name}`)),
    ...Object.entries(requests).flatMap(([name, request]) =>
      unless(limits[name] === undefined || amountOf(request) <= amountOf(limits[name]), `the request of ${name} is over its limit`)),
  ];
}

function privilegeFindings({ privileged, allowPrivilegeEscalation, capabilities, runAsNonRoot, runAsUser }: Json, pod: Json = {}): string[] {
  const added = list<string>(capabilities?.add);
  const nonRoot = runAsNonRoot ?? pod.runAsNonRoot;
  return [
    ...unless(!(privileged && allowPrivilegeEscalation === false), 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true'),
    ...unless(!(allowPrivilegeEscalation === false && added.includes('SYS_ADMIN')), 'cannot set `allowPrivilegeEscalation` to false and add SYS_ADMIN'),
    ...added.flatMap(name => unless(!name.startsWith('CAP_'), `the capability ${name} has a prefix that no runtime knows`)),
    ...unless(!(nonRoot && (runAsUser ?? pod.runAsUser) === 0), 'cannot run as user 0 with runAsNonRoot'),
    ...integer('runAsUser', runAsUser, 0, 2 ** 31 - 1),
  ];
}
