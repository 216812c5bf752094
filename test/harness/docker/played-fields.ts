import { PodSpec } from './pod-spec';

/**
 * Fields of a pod by where they stand, those that the player plays and those that mean nothing to one pod on one node.
 *
 * A field that is in neither list is refused, or a test would be green on a manifest that was not played.
 */
const FIELDS: Record<string, { readonly played: string[]; readonly ignored?: string[] }> = {
  pod: {
    played: ['containers', 'initContainers', 'volumes', 'securityContext', 'terminationGracePeriodSeconds', 'restartPolicy', 'hostname', 'hostAliases'],
    // Scheduling, pulling and tokens are the API server's and the node's business, which other suites look at.
    ignored: [
      'affinity', 'automountServiceAccountToken', 'dnsPolicy', 'enableServiceLinks', 'imagePullSecrets', 'nodeSelector', 'priorityClassName',
      'serviceAccountName', 'setHostnameAsFQDN', 'tolerations', 'topologySpreadConstraints',
    ],
  },
  podSecurityContext: {
    played: ['fsGroup', 'runAsGroup', 'runAsNonRoot', 'runAsUser', 'seccompProfile', 'supplementalGroups'],
    ignored: ['fsGroupChangePolicy'],
  },
  container: {
    played: [
      'name', 'image', 'command', 'args', 'workingDir', 'env', 'envFrom', 'ports', 'resources', 'securityContext', 'volumeMounts',
      'startupProbe', 'readinessProbe', 'livenessProbe', 'lifecycle',
    ],
    ignored: ['imagePullPolicy', 'terminationMessagePath', 'terminationMessagePolicy'],
  },
  containerSecurityContext: {
    played: [
      'allowPrivilegeEscalation', 'capabilities', 'privileged', 'readOnlyRootFilesystem', 'runAsGroup', 'runAsNonRoot', 'runAsUser', 'seccompProfile',
    ],
  },
  lifecycle: { played: ['preStop'] },
  probe: {
    played: [
      'exec', 'initialDelaySeconds', 'periodSeconds', 'timeoutSeconds', 'successThreshold', 'failureThreshold', 'terminationGracePeriodSeconds',
    ],
  },
  volumeMount: { played: ['name', 'mountPath', 'readOnly', 'subPath', 'mountPropagation'] },
  volume: { played: ['name', 'configMap', 'secret', 'emptyDir', 'persistentVolumeClaim', 'hostPath', 'projected'] },
  projection: { played: ['configMap', 'secret'] },
};

/** Throws when a pod has a field that the player does not know. */
export function refuseUnknownFields(spec: PodSpec): void {
  check('pod', spec);
  check('podSecurityContext', spec.securityContext);
  spec.volumes?.forEach(volume => check('volume', volume));
  spec.volumes?.flatMap(({ projected }) => projected?.sources ?? []).forEach(source => check('projection', source));
  for (const container of [...spec.initContainers ?? [], ...spec.containers]) {
    check('container', container);
    check('containerSecurityContext', container.securityContext);
    check('lifecycle', container.lifecycle);
    container.volumeMounts?.forEach(mount => check('volumeMount', mount));
    [container.startupProbe, container.readinessProbe, container.livenessProbe].forEach(probe => check('probe', probe));
  }
}

function check(place: string, value: object = {}): void {
  const { played, ignored = [] } = FIELDS[place];
  const unknown = Object.keys(value).filter(field => ![...played, ...ignored].includes(field));
  if (unknown.length > 0) throw new Error(`the manifest player does not play ${unknown.join(', ')} of a ${place}: teach it, or list it as ignored`);
}
