import { randomBytes } from 'node:crypto';
import { Cluster } from '../../harness/kubernetes/cluster';
import { eventually } from '../../harness/kubernetes/eventually';
import { RegisteredNode, registerNode, Taint } from '../../harness/kubernetes/nodes';
import { KubeObject, printManifest } from './kube-object';

/** Everything that one test file puts on the cluster, so that it can be taken off again. */
export class Scope {
  private readonly nodes: RegisteredNode[] = [];
  private readonly namespaces: string[] = [];
  private readonly objects: KubeObject[] = [];

  constructor(private readonly cluster: Cluster) {}

  /** Creates a namespace whose name begins with `prefix` and is nobody else's. */
  public async namespace(prefix: string, labels: Record<string, string> = {}): Promise<string> {
    const name = `${prefix}-${randomBytes(3).toString('hex')}`;
    await this.create(namespaceObject(name, labels));
    return name;
  }

  /** Creates the namespaces that objects lie in and that are not among them, as whoever applies a manifest must. */
  public async namespacesFor(objects: KubeObject[]): Promise<void> {
    const made = objects.filter(isNamespace).map(({ metadata }) => metadata.name);
    const named = new Set(objects.flatMap(({ metadata: { namespace } }) => namespace ?? []));
    for (const name of [...named].filter(namespace => !made.includes(namespace))) {
      const object = namespaceObject(name);
      await this.create(object);
      this.objects.push(object);
    }
  }

  /** Registers a node. */
  public async node(name: string, labels: Record<string, string> = {}, taints: Taint[] = []): Promise<void> {
    this.nodes.push(await registerNode(this.cluster, name, labels, taints));
  }

  /** Takes charge of objects with names of their own, which must not be somebody else's. */
  public async claim(objects: KubeObject[]): Promise<void> {
    const unclaimed = objects.filter(object => !this.owns(object));
    if (unclaimed.length === 0) return;
    const present = await this.cluster.kubectl(['get', '-f', '-', '--ignore-not-found', '-o=name'], { input: printManifest(unclaimed) });
    if (present !== '') throw new Error(`the cluster already has objects of this test, which it must not touch:\n${present}`);
    this.objects.push(...unclaimed);
    this.namespaces.push(...unclaimed.filter(isNamespace).map(({ metadata }) => metadata.name));
  }

  /** Removes everything but namespaces, and waits until it is gone, so that the next test can claim it. */
  public async clear(): Promise<void> {
    const objects = this.objects.filter(object => !isNamespace(object));
    await this.remove(objects);
    if (this.nodes.length > 0) await Promise.all(this.namespaces.map(name => this.removePods(name)));
    await this.waitUntilGone(objects);
    await this.unregisterNodes();
    this.objects.splice(0, this.objects.length, ...this.objects.filter(isNamespace));
  }

  /** Removes everything, and waits for what has a name that the next test may want. */
  public async cleanUp(): Promise<void> {
    await this.remove(this.objects.filter(object => !isNamespace(object)));
    await Promise.all(this.namespaces.map(name => this.removeNamespace(name)));
    await this.waitUntilGone(this.objects);
    await this.unregisterNodes();
  }

  private owns({ kind, metadata: { name, namespace } }: KubeObject): boolean {
    if (kind === 'Namespace') return this.namespaces.includes(name);
    return this.objects.some(object => object.kind === kind && object.metadata.name === name && object.metadata.namespace === namespace);
  }

  private async create(namespace: KubeObject): Promise<void> {
    const { name } = namespace.metadata;
    await this.cluster.kubectl(['create', '--save-config', '-f', '-'], { input: printManifest([namespace]) });
    this.namespaces.push(name);
    await this.cluster.kubectl(['wait', '--for=create', 'serviceaccount/default', '-n', name, '--timeout=60s']);
  }

  private async remove(objects: KubeObject[]): Promise<void> {
    if (objects.length === 0) return;
    await this.cluster.kubectl(['delete', '-f', '-', '--ignore-not-found', '--wait=false'], { input: printManifest(objects) });
  }

  private async waitUntilGone(objects: KubeObject[]): Promise<void> {
    if (objects.length === 0) return;
    await this.cluster.kubectl(['wait', '--for=delete', '-f', '-', '--timeout=60s'], { input: printManifest(objects) });
  }

  private async unregisterNodes(): Promise<void> {
    await Promise.all(this.nodes.splice(0).map(node => node.unregister()));
  }

  private async removeNamespace(name: string): Promise<void> {
    await this.removePods(name);
    await this.cluster.kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=false']);
  }

  /** No kubelet confirms that a pod has ended, and a namespace waits for that as long as the pod's grace period is. */
  private async removePods(namespace: string): Promise<void> {
    await this.cluster.kubectl(['delete', 'deployments,jobs,cronjobs,pods', '--all', '-n', namespace, '--wait=false']);
    await eventually(`no pod is left in ${namespace}`, async () => {
      await this.cluster.kubectl(['delete', 'pods', '--all', '-n', namespace, '--force', '--grace-period=0', '--wait=false']);
      return (await this.cluster.kubectl(['get', 'deployments,replicasets,jobs,pods', '-n', namespace, '-o=name'])) === '';
    });
  }
}

function namespaceObject(name: string, labels?: Record<string, string>): KubeObject {
  return { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
}

function isNamespace({ kind }: KubeObject): boolean {
  return kind === 'Namespace';
}
