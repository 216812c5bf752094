import { ContainerResources, k8s } from 'cdk8s-plus-27';
import { BuilderNode } from '../builder-node';
import { DockerImages } from '../docker-images';
import { quantity } from './quantity';

/** The user and group of every container but the daemon. */
const NON_ROOT = 65532;

/**
 * What every pod of the library has in common: no token, no variables of Services, the builder node with its taints, pull secrets.
 */
export function podBase(images: DockerImages, node?: BuilderNode): Omit<k8s.PodSpec, 'containers'> {
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    nodeSelector: node?.labels,
    tolerations: node?._tolerations(),
    imagePullSecrets: images.pullSecrets.length > 0 ? images.pullSecrets.map(name => ({ name })) : undefined,
  };
}

/**
 * The pod's half of what the PodSecurity level `restricted` asks for.
 *
 * @see https://kubernetes.io/docs/concepts/security/pod-security-standards/#restricted
 */
export function restrictedPod(): k8s.PodSecurityContext {
  return { runAsNonRoot: true, runAsUser: NON_ROOT, runAsGroup: NON_ROOT, seccompProfile: { type: 'RuntimeDefault' } };
}

/**
 * The container's half of what the PodSecurity level `restricted` asks for.
 */
export function restrictedContainer(): k8s.SecurityContext {
  return { allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } };
}

/**
 * Renders requests and limits; what is not given is not emitted.
 */
export function resourceRequirements(resources: ContainerResources): k8s.ResourceRequirements {
  return { requests: amounts(resources, 'request'), limits: amounts(resources, 'limit') };
}

function amounts({ cpu, memory, ephemeralStorage }: ContainerResources, kind: 'request' | 'limit'): { [key: string]: k8s.Quantity } | undefined {
  const entries = [
    ['cpu', cpu?.[kind] && k8s.Quantity.fromString(cpu[kind].amount)],
    ['memory', memory?.[kind] && quantity(`resources.memory.${kind}`, memory[kind])],
    ['ephemeral-storage', ephemeralStorage?.[kind] && quantity(`resources.ephemeralStorage.${kind}`, ephemeralStorage[kind])],
  ].filter(([, amount]) => amount !== undefined);
  return entries.length > 0 ? Object.fromEntries(entries) : undefined;
}
