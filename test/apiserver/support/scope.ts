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
    const object = { apiVersion: 'v1', kind: 'Namespace', metadata: { name, labels } };
    await this.cluster.kubectl(['create', '-f', '-'], { input: JSON.stringify(object) });
    this.namespaces.push(name);
    await this.cluster.kubectl(['wait', '--for=create', 'serviceaccount/default', '-n', name, '--timeout=60s']);
    return name;
  }

  /** Registers a node. */
  public async node(name: string, labels: Record<string, string> = {}, taints: Taint[] = []): Promise<void> {
    this.nodes.push(await registerNode(this.cluster, name, labels, taints));
  }

  /** Takes charge of objects with names of their own, which must not be somebody else's. */
  public async claim(objects: KubeObject[]): Promise<void> {
    const present = await this.cluster.kubectl(['get', '-f', '-', '--ignore-not-found', '-o=name'], { input: printManifest(objects) });
    if (present !== '') throw new Error(`the cluster already has objects of this test, which it must not touch:\n${present}`);
    this.objects.push(...objects);
    this.namespaces.push(...objects.filter(({ kind }) => kind === 'Namespace').map(({ metadata }) => metadata.name));
  }

  /** Removes everything, and waits for what has a name that the next test may want. */
  public async cleanUp(): Promise<void> {
    await this.remove(this.objects.filter(({ kind }) => kind !== 'Namespace'));
    await Promise.all(this.namespaces.map(name => this.removeNamespace(name)));
    if (this.objects.length > 0) await this.cluster.kubectl(['wait', '--for=delete', '-f', '-', '--timeout=60s'], { input: printManifest(this.objects) });
    await Promise.all(this.nodes.map(node => node.unregister()));
  }

  private async remove(objects: KubeObject[]): Promise<void> {
    if (objects.length === 0) return;
    await this.cluster.kubectl(['delete', '-f', '-', '--ignore-not-found', '--wait=false'], { input: printManifest(objects) });
  }

  /** No kubelet confirms that a pod has ended, and a namespace waits for that as long as the pod's grace period is. */
  private async removeNamespace(name: string): Promise<void> {
    await this.cluster.kubectl(['delete', 'deployments,jobs,cronjobs,pods', '--all', '-n', name, '--wait=false']);
    await eventually(`no pod is left in ${name}`, async () => {
      await this.cluster.kubectl(['delete', 'pods', '--all', '-n', name, '--force', '--grace-period=0', '--wait=false']);
      return (await this.cluster.kubectl(['get', 'deployments,replicasets,jobs,pods', '-n', name, '-o=name'])) === '';
    });
    await this.cluster.kubectl(['delete', 'namespace', name, '--ignore-not-found', '--wait=false']);
  }
}
