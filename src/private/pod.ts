import { Size } from 'cdk8s';
import { ContainerResources, Cpu, k8s } from 'cdk8s-plus-27';
import { BuilderNode } from '../builder-node';
import { DockerImages } from '../docker-images';
import { bytes, quantity } from './quantity';
import { ensure } from './validation';

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
  requireWithinLimits(resources);
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

/** The API server refuses what is asked for beyond what may be used. */
function requireWithinLimits({ cpu, memory, ephemeralStorage }: ContainerResources): void {
  const [request, limit] = [cores('resources.cpu.request', cpu?.request), cores('resources.cpu.limit', cpu?.limit)];
  ensure(!(request > limit), 'resources.cpu.request', 'must be at most the limit', cpu?.request?.amount);
  requireSizeWithin('resources.memory.request', memory?.request, memory?.limit);
  requireSizeWithin('resources.ephemeralStorage.request', ephemeralStorage?.request, ephemeralStorage?.limit);
}

function requireSizeWithin(property: string, request?: Size, limit?: Size): void {
  ensure(!request || !limit || bytes(request) <= bytes(limit), property, 'must be at most the limit', request);
}

function cores(property: string, cpu?: Cpu): number {
  if (cpu === undefined) {
    return NaN;
  }
  ensure(/^\d+(\.\d+)?m?$/.test(cpu.amount), property, 'must be a number of CPUs', cpu.amount);
  return Number.parseFloat(cpu.amount) / (cpu.amount.endsWith('m') ? 1000 : 1);
}
