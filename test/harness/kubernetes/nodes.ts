import { Cluster } from './cluster';

const HEARTBEAT_SECONDS = 10;
const RESOURCES = { 'cpu': '8', 'memory': '32Gi', 'pods': '110', 'ephemeral-storage': '200Gi' };

/** A taint, as in a Node's spec. */
export interface Taint {
  readonly key: string;
  readonly value?: string;
  readonly effect: 'NoSchedule' | 'PreferNoSchedule' | 'NoExecute';
}

/** A Node object without a kubelet: pods are bound to it and never start. */
export interface RegisteredNode {
  readonly name: string;
  /** Removes the Node object. */
  unregister(): Promise<void>;
}

/** Registers a Ready node with room for pods, as its kubelet would. */
export async function registerNode(cluster: Cluster, name: string, labels: Record<string, string> = {}, taints: Taint[] = []): Promise<RegisteredNode> {
  await cluster.kubectl(['create', '-f', '-'], { input: JSON.stringify(nodeObject(name, labels)) });
  // Admission taints every new node as not ready, and here no controller takes that off.
  await cluster.kubectl(['patch', 'node', name, '--type=merge', '-p', JSON.stringify({ spec: { taints } })]);
  const stopHeartbeat = cluster.props.external ? await startHeartbeat(cluster, name) : undefined;
  return {
    name,
    unregister: async () => {
      await stopHeartbeat?.();
      await cluster.kubectl(['delete', 'node', name, '--ignore-not-found']);
    },
  };
}

function nodeObject(name: string, labels: Record<string, string>): object {
  return {
    apiVersion: 'v1',
    kind: 'Node',
    metadata: { name, labels: { 'kubernetes.io/hostname': name, 'kubernetes.io/os': 'linux', ...labels } },
    status: { capacity: RESOURCES, allocatable: RESOURCES, conditions: [{ type: 'Ready', status: 'True', reason: 'Registered' }] },
  };
}

/** Somebody else's controllers call a node lost whose lease is not renewed. */
async function startHeartbeat(cluster: Cluster, name: string): Promise<() => Promise<void>> {
  const renew = () => cluster.kubectl(['apply', '-f', '-'], { input: JSON.stringify(lease(name)) });
  await renew();
  // One lost renewal is made good by the next.
  const timer = setInterval(() => void renew().catch(() => undefined), HEARTBEAT_SECONDS * 1000);
  return async () => {
    clearInterval(timer);
    await cluster.kubectl(['delete', 'lease', name, '-n', 'kube-node-lease', '--ignore-not-found']);
  };
}

function lease(name: string): object {
  return {
    apiVersion: 'coordination.k8s.io/v1',
    kind: 'Lease',
    metadata: { name, namespace: 'kube-node-lease' },
    spec: { holderIdentity: name, leaseDurationSeconds: 40, renewTime: new Date().toISOString().replace('Z', '000Z') },
  };
}
