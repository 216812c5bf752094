import { containerRule } from './pod-template';
import { choice, integer, Json, Rule, unless } from './rule';

const HANDLERS = ['exec', 'grpc', 'httpGet', 'tcpSocket'];

/** Rules about probes. */
export const PROBE_RULES: Rule[] = ['startupProbe', 'readinessProbe', 'livenessProbe'].map(probe =>
  containerRule(`the ${probe} is well formed`, ({ [probe]: value }) => (value === undefined ? [] : probeFindings(probe, value))));

function probeFindings(name: string, probe: Json): string[] {
  const command = probe.exec?.command;
  return [
    ...unless(HANDLERS.filter(handler => probe[handler] !== undefined).length === 1, 'a probe has exactly one handler'),
    ...unless(command === undefined || command.length > 0, 'a probe runs a command'),
    ...integer('initialDelaySeconds', probe.initialDelaySeconds, 0),
    ...integer('timeoutSeconds', probe.timeoutSeconds, 1),
    ...integer('periodSeconds', probe.periodSeconds, 1),
    ...integer('failureThreshold', probe.failureThreshold, 1),
    ...integer('successThreshold', probe.successThreshold, 1),
    ...(name === 'readinessProbe'
      ? unless(probe.terminationGracePeriodSeconds === undefined, 'a readiness probe has no grace period')
      : [...choice('successThreshold', probe.successThreshold, 1), ...integer('terminationGracePeriodSeconds', probe.terminationGracePeriodSeconds, 1)]),
  ];
}
