import { containersOf } from './pod-template';
import { Json, list, unless } from './rule';

const VOLUME_SOURCES = ['configMap', 'csi', 'downwardAPI', 'emptyDir', 'ephemeral', 'persistentVolumeClaim', 'projected', 'secret'];

/**
 * Why a namespace that enforces the level `restricted` refuses a pod.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function restrictedFindings(spec: Json): string[] {
  return [
    ...['hostNetwork', 'hostPID', 'hostIPC'].flatMap(field => unless(!spec[field], `${field} is not restricted`)),
    ...volumeSourceFindings(spec),
    ...containersOf(spec).flatMap(container => containerFindings(container, spec.securityContext).map(finding => `container ${container.name}: ${finding}`)),
  ];
}

function volumeSourceFindings({ volumes }: Json): string[] {
  return list(volumes).flatMap(volume => Object.keys(volume).filter(field => field !== 'name')
    .flatMap(type => unless(VOLUME_SOURCES.includes(type), `a volume of type ${type} is not restricted`)));
}

function containerFindings({ securityContext = {}, ports }: Json, pod: Json = {}): string[] {
  const { capabilities = {} } = securityContext;
  const inherited = { ...pod, ...securityContext };
  return [
    ...unless(!securityContext.privileged, 'privileged is not restricted'),
    ...unless(securityContext.allowPrivilegeEscalation === false, 'allowPrivilegeEscalation must be false'),
    ...unless(list<string>(capabilities.drop).includes('ALL'), 'capabilities.drop must hold ALL'),
    ...list<string>(capabilities.add).flatMap(name => unless(name === 'NET_BIND_SERVICE', `the capability ${name} is not restricted`)),
    ...unless(inherited.runAsNonRoot === true, 'runAsNonRoot must be true'),
    ...unless(inherited.runAsUser !== 0, 'runAsUser must not be 0'),
    ...unless(['RuntimeDefault', 'Localhost'].includes(inherited.seccompProfile?.type), 'seccompProfile.type must be RuntimeDefault or Localhost'),
    ...list(ports).flatMap(({ hostPort }) => unless(hostPort === undefined, 'a host port is not restricted')),
  ];
}
