import { VALID } from '../valid-objects';
import { Changes } from './mistake';

const { cronJob, deployment, job } = VALID;
const POD = 'spec.template.spec';
const CONTAINER = `${POD}.containers.0`;
const PREFERENCE = `${POD}.affinity.nodeAffinity.preferredDuringSchedulingIgnoredDuringExecution.0`;
const JOB_POD = 'spec.jobTemplate.spec.template.spec';

/** What breaks the rules about pods. */
export const POD_MISTAKES: Changes = {
  'the termination grace period is in range': [
    ['a grace period in the past', deployment, `${POD}.terminationGracePeriodSeconds`, -1, 'terminationGracePeriodSeconds must be'],
  ],
  'container names are unique': [
    ['two containers of one name', deployment, `${POD}.initContainers`, [{ name: 'main', image: 'busybox' }], "the container name 'main' occurs more than once"],
    ['a pod without containers', job, `${POD}.containers`, [], 'at least one container'],
  ],
  'container names are DNS labels': [
    ['a container with an underscore', cronJob, `${JOB_POD}.containers.0.name`, 'the_prune', 'its name is no DNS label'],
  ],
  'images can be pulled': [
    ['a repository in capitals', deployment, `${CONTAINER}.image`, 'registry.example.com/Docker:28', 'is no image reference'],
    ['an image with a space', deployment, `${CONTAINER}.image`, 'docker:28 ', 'is no image reference'],
    ['an image with an empty tag', deployment, `${CONTAINER}.image`, 'docker:', 'is no image reference'],
    ['an image with half a digest', deployment, `${CONTAINER}.image`, 'docker@sha256:abc', 'is no image reference'],
    ['a pull policy that does not exist', deployment, `${CONTAINER}.imagePullPolicy`, 'Sometimes', 'imagePullPolicy must be one of'],
  ],
  'the ports of a container are well formed': [
    ['a port name of 16 characters', deployment, `${CONTAINER}.ports.0.name`, 'p'.repeat(16), 'no name of a port'],
    ['a port name of digits alone', deployment, `${CONTAINER}.ports.0.name`, '2376', 'no name of a port'],
    ['two ports of one name', deployment, `${CONTAINER}.ports.0.name`, 'metrics', "the port name 'metrics' occurs more than once"],
    ['a port beyond the last', deployment, `${CONTAINER}.ports.0.containerPort`, 65536, 'containerPort must be'],
  ],
  'environment variables are well formed': [
    ['a variable with a space', deployment, `${CONTAINER}.env.0.name`, 'DOCKER HOST', 'no name of a variable'],
    ['one variable twice', deployment, `${CONTAINER}.env.1`, { name: 'DOCKER_HOST', value: '' }, "the variable 'DOCKER_HOST' occurs more than once"],
  ],
  'resources are quantities, and requests are within limits': [
    ['a request over its limit', deployment, `${CONTAINER}.resources.requests.memory`, '3Gi', 'the request of memory is over its limit'],
    ['less than no CPU', deployment, `${CONTAINER}.resources.requests.cpu`, '-1', "'-1' is no quantity of cpu"],
    ['a unit that does not exist', deployment, `${CONTAINER}.resources.limits.memory`, '2GB', "'2GB' is no quantity of memory"],
  ],
  'privileges do not contradict each other': [
    ['privileged, and not to escalate', deployment, `${CONTAINER}.securityContext`, { privileged: true, allowPrivilegeEscalation: false }, 'cannot set `allowPrivilegeEscalation`'],
    ['SYS_ADMIN, and not to escalate', deployment, `${CONTAINER}.securityContext.capabilities.add`, ['SYS_ADMIN'], 'and add SYS_ADMIN'],
    ['a capability with its prefix', deployment, `${CONTAINER}.securityContext.capabilities.add`, ['CAP_NET_ADMIN'], 'has a prefix'],
    ['root that must not be root', deployment, `${CONTAINER}.securityContext.runAsUser`, 0, 'cannot run as user 0'],
  ],
  'the startupProbe is well formed': [
    ['a probe that does nothing', deployment, `${CONTAINER}.startupProbe`, { periodSeconds: 5 }, 'exactly one handler'],
    ['a start that succeeds twice', deployment, `${CONTAINER}.startupProbe`, { exec: { command: ['true'] }, successThreshold: 2 }, 'successThreshold must be one of 1'],
  ],
  'the readinessProbe is well formed': [
    ['a timeout of no time', deployment, `${CONTAINER}.readinessProbe.timeoutSeconds`, 0, 'timeoutSeconds must be'],
    ['a readiness with a grace period', deployment, `${CONTAINER}.readinessProbe.terminationGracePeriodSeconds`, 5, 'no grace period'],
  ],
  'the livenessProbe is well formed': [
    ['a period of no time', deployment, `${CONTAINER}.livenessProbe.periodSeconds`, 0, 'periodSeconds must be'],
    ['no failure that counts', deployment, `${CONTAINER}.livenessProbe.failureThreshold`, 0, 'failureThreshold must be'],
    ['two handlers', deployment, `${CONTAINER}.livenessProbe.tcpSocket`, { port: 80 }, 'exactly one handler'],
    ['an empty command', deployment, `${CONTAINER}.livenessProbe.exec.command`, [], 'a probe runs a command'],
  ],
  'volume names are unique': [
    ['two volumes of one name', deployment, `${POD}.volumes.1.name`, 'config', "the volume name 'config' occurs more than once"],
  ],
  'volumes are well formed': [
    ['a volume with a dot', deployment, `${POD}.volumes.1.name`, 'pvc-a.b', 'its name is no DNS label'],
    ['a volume of nothing', deployment, `${POD}.volumes.1`, { name: 'tmp' }, 'exactly one source'],
    ['a mode of ten bits', deployment, `${POD}.volumes.0.configMap.defaultMode`, 0o1000, 'defaultMode must be'],
    ['a file that leads up', deployment, `${POD}.volumes.0.configMap.items.0.path`, 'a/../../b', 'no path within the volume'],
    ['a key that no Secret has', deployment, `${POD}.volumes.0`, { name: 'config', secret: { secretName: 'tls', items: [{ key: '..', path: 'ca.pem' }] } }, "'..' is no key"],
    ['one file twice', deployment, `${POD}.volumes.0`, projection('ca.crt', 'ca.crt'), "the path 'ca.crt' occurs more than once"],
    ['a claim without a name', deployment, `${POD}.volumes.1`, { name: 'tmp', persistentVolumeClaim: {} }, 'no name of a claim'],
    ['a relative path of the node', deployment, `${POD}.volumes.1`, { name: 'tmp', hostPath: { path: 'mnt' } }, "'mnt' is no path of a node"],
    ['a kind of path that does not exist', deployment, `${POD}.volumes.1`, { name: 'tmp', hostPath: { path: '/mnt', type: 'Folder' } }, 'hostPath.type must be one of'],
  ],
  'each mounted volume exists': [
    ['a mount of nothing', deployment, `${CONTAINER}.volumeMounts.0.name`, 'data', "the pod has no volume 'data'"],
  ],
  'mount paths are unique': [
    ['two volumes at one path', deployment, `${CONTAINER}.volumeMounts.0.mountPath`, '/tmp', "the mount path '/tmp' occurs more than once"],
    ['a mount path with a colon', deployment, `${CONTAINER}.volumeMounts.0.mountPath`, '/etc:ro', "'/etc:ro' is no mount path"],
  ],
  'the node selector is made of labels': [
    ['a node with a space', deployment, `${POD}.nodeSelector`, { role: 'a builder' }, 'no value of a label'],
  ],
  'the node affinity is well formed': [
    ['a preference of no weight', deployment, `${PREFERENCE}.weight`, 0, 'weight must be'],
    ['a preference for nothing', deployment, `${PREFERENCE}.preference`, {}, 'at least one expression'],
    ['an operator that does not exist', deployment, `${PREFERENCE}.preference.matchExpressions.0.operator`, 'Is', 'operator must be one of'],
  ],
  'tolerations are well formed': [
    ['a taint without a key', deployment, `${POD}.tolerations.0.key`, '', 'no key of a taint'],
    ['Exists with a value', deployment, `${POD}.tolerations.0.operator`, 'Exists', 'Exists takes no value'],
    ['an effect that does not exist', deployment, `${POD}.tolerations.0.effect`, 'NoBuild', 'effect must be one of'],
  ],
  'objects that the pod names have names': [
    ['a pull secret with a slash', deployment, `${POD}.imagePullSecrets`, [{ name: 'a/b' }], 'no name of a pull secret'],
    ['a priority in capitals', deployment, `${POD}.priorityClassName`, 'High', "'High' is no name"],
  ],
  'only the pod that uses a token gets one': [
    ['a token by default', deployment, `${POD}.automountServiceAccountToken`, undefined, 'a token is mounted'],
  ],
  'every pod but the daemon is restricted': [
    ['a privileged job', job, `${CONTAINER}.securityContext.privileged`, true, 'privileged is not restricted'],
    ['a job that may escalate', job, `${CONTAINER}.securityContext.allowPrivilegeEscalation`, undefined, 'allowPrivilegeEscalation must be false'],
    ['a job with capabilities', cronJob, `${JOB_POD}.containers.0.securityContext.capabilities`, undefined, 'capabilities.drop must hold ALL'],
    ['a job as root', job, `${CONTAINER}.securityContext.runAsNonRoot`, undefined, 'runAsNonRoot must be true'],
    ['a job without seccomp', job, `${CONTAINER}.securityContext.seccompProfile`, undefined, 'seccompProfile.type must be'],
    ['a job on the host network', job, `${POD}.hostNetwork`, true, 'hostNetwork is not restricted'],
    ['a job with a path of the node', job, `${POD}.volumes.1`, { name: 'tmp', hostPath: { path: '/mnt' } }, 'a volume of type hostPath is not restricted'],
  ],
};

function projection(...paths: string[]): object {
  return { name: 'config', projected: { sources: paths.map(path => ({ configMap: { name: 'ca', items: [{ key: 'ca.crt', path }] } })) } };
}
