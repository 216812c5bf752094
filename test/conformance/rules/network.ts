import { isDnsLabel, isPortName } from '../syntax';
import { labelFindings } from './metadata';
import { choice, integer, Json, list, repeated, Rule, ruleFor, unless } from './rule';

const MAX_PORT = 65535;

/** Rules about Services and NetworkPolicies. */
export const NETWORK_RULES: Rule[] = [
  ruleFor('Service', 'the ports of a Service are well formed', ({ ports, type, clusterIP }) => [
    ...unless(list(ports).length > 0 || type === 'ExternalName' || clusterIP === 'None', 'a Service has at least one port'),
    ...repeated('the port name', list(ports).flatMap(({ name }) => name ?? [])),
    ...repeated('the port', list(ports).map(({ port, protocol = 'TCP' }) => `${port}/${protocol}`)),
    ...list(ports).flatMap(port => servicePortFindings(port, list(ports).length > 1)),
  ]),
  ruleFor('Service', 'the selector is made of labels', ({ selector }) => labelFindings(selector)),
  ruleFor('Service', 'the type is one', ({ type }) => choice('type', type, 'ClusterIP', 'NodePort', 'LoadBalancer', 'ExternalName')),
  ruleFor('NetworkPolicy', 'the policy is well formed', ({ podSelector, policyTypes, ingress, egress }) => [
    ...labelFindings(podSelector?.matchLabels),
    ...list<string>(policyTypes).flatMap(type => choice('policyTypes', type, 'Ingress', 'Egress')),
    ...[...list(ingress), ...list(egress)].flatMap(({ from, to, ports }) => [
      ...[...list(from), ...list(to)].flatMap(peerFindings),
      ...list(ports).flatMap(({ port, protocol }) => [...portFindings('port', port), ...choice('protocol', protocol, 'TCP', 'UDP', 'SCTP')]),
    ]),
  ]),
];

function servicePortFindings({ name, port, targetPort, protocol }: Json, severalPorts: boolean): string[] {
  return [
    ...unless(name !== undefined || !severalPorts, 'each of several ports has a name'),
    ...unless(name === undefined || isDnsLabel(name), `'${name}' is no name of a Service's port`),
    ...unless(port !== undefined, 'a port has a number'),
    ...integer('port', port, 1, MAX_PORT),
    ...portFindings('targetPort', targetPort),
    ...choice('protocol', protocol, 'TCP', 'UDP', 'SCTP'),
  ];
}

function portFindings(field: string, port: unknown): string[] {
  return typeof port === 'string' ? unless(isPortName(port), `'${port}' is no name of a port`) : integer(field, port, 1, MAX_PORT);
}

function peerFindings({ podSelector, namespaceSelector, ipBlock }: Json): string[] {
  return [
    ...unless(podSelector !== undefined || namespaceSelector !== undefined || ipBlock !== undefined, 'a peer that names nothing is none'),
    ...unless(ipBlock === undefined || (podSelector === undefined && namespaceSelector === undefined), 'an ipBlock stands alone'),
    ...labelFindings(podSelector?.matchLabels),
    ...labelFindings(namespaceSelector?.matchLabels),
  ];
}
