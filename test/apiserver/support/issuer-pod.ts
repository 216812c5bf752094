import { execFile } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { promisify } from 'node:util';
import { Cluster } from '../../harness/kubernetes/cluster';
import { describeObject, KubeObject } from './kube-object';
import { templatedPods } from './pod-templates';

interface Volume {
  readonly name: string;
  readonly configMap?: { readonly name: string; readonly items: { readonly key: string; readonly path: string }[] };
  readonly secret?: { readonly secretName: string; readonly items?: { readonly key: string; readonly path: string }[] };
}

interface Container {
  readonly name: string;
  readonly command?: string[];
  readonly args?: string[];
  readonly env?: { readonly name: string; readonly value: string }[];
  readonly volumeMounts: { readonly name: string; readonly mountPath: string }[];
}

interface PodSpec {
  readonly serviceAccountName: string;
  readonly initContainers: Container[];
  readonly containers: Container[];
  readonly volumes: Volume[];
}

/**
 * The pod that issues certificates, run by this machine in place of a node.
 *
 * Its scripts run with the shell and the openssl that are here, its kubectl with the arguments of the manifest;
 * paths in them are mapped to folders below one of the test's.
 */
export class IssuerPod {
  /** The service account of the pod. */
  public readonly account: { readonly namespace: string; readonly name: string };
  private readonly job: string;
  private readonly spec: PodSpec;

  /**
   * @param cluster where the Secrets are that the pod mounts, seen by somebody who may read them
   * @param objects the manifest
   * @param folder a folder for the pod's volumes, of the test's own
   */
  constructor(private readonly cluster: Cluster, private readonly objects: KubeObject[], private readonly folder: string) {
    const found = templatedPods(objects).find(({ owner, pod }) => owner.startsWith('Job/') && pod.metadata.labels?.['app.kubernetes.io/component'] === 'tls');
    if (!found) throw new Error(`no Job issues certificates among ${objects.map(describeObject).join(', ')}`);
    this.spec = found.pod.spec as PodSpec;
    const [, namespace, job] = found.owner.split('/');
    this.job = job;
    this.account = { namespace, name: this.spec.serviceAccountName };
  }

  /** Keeps a cluster that has nodes from running the pod itself. */
  public async suspend(): Promise<void> {
    await this.cluster.kubectl(['patch', 'job', this.job, '-n', this.account.namespace, '--type=merge', '-p', '{"spec":{"suspend":true}}']);
  }

  /** Runs the pod to its end, on volumes as the kubelet would mount them, and returns what it printed; throws when a container fails. */
  public async run(self: Cluster): Promise<string> {
    for (const volume of this.spec.volumes) await this.mount(volume);
    const printed: string[] = [];
    for (const container of this.spec.initContainers) printed.push(await this.execute(container));
    for (const container of this.spec.containers) printed.push(await self.kubectl(this.mapped(container, container.args ?? [])));
    return printed.join('');
  }

  private async mount({ name, configMap, secret }: Volume): Promise<void> {
    const folder = path.join(this.folder, name);
    fs.rmSync(folder, { recursive: true, force: true });
    fs.mkdirSync(folder);
    if (configMap) this.write(folder, this.configMapData(configMap.name), configMap.items);
    if (secret) this.write(folder, await this.secretData(secret.secretName), secret.items);
  }

  private write(folder: string, data: Record<string, string | Buffer>, items = Object.keys(data).map(key => ({ key, path: key }))): void {
    for (const item of items) fs.writeFileSync(path.join(folder, item.path), data[item.key]);
  }

  private configMapData(name: string): Record<string, string> {
    return this.objects.find(({ kind, metadata }) => kind === 'ConfigMap' && metadata.name === name)?.data as Record<string, string>;
  }

  private async secretData(name: string): Promise<Record<string, Buffer>> {
    const { data = {} } = await this.cluster.getJson<{ data?: Record<string, string> }>(['get', 'secret', name, '-n', this.account.namespace]);
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]));
  }

  private async execute(container: Container): Promise<string> {
    const [program, ...args] = this.mapped(container, container.command ?? []);
    const variables = container.env?.map(({ name, value }) => [name, this.mapped(container, [value])[0]]) ?? [];
    const { stdout } = await promisify(execFile)(program, args, { env: { PATH: process.env.PATH, ...Object.fromEntries(variables) } });
    return stdout;
  }

  /** Texts in which the container's mount paths are those of the volumes' folders. */
  private mapped({ volumeMounts }: Container, texts: string[]): string[] {
    const folders = new Map(volumeMounts.map(({ name, mountPath }) => [mountPath, path.join(this.folder, name)]));
    // One volume may be mounted below another: the longest path is the right one.
    const paths = [...folders.keys()].sort().reverse();
    const mounts = new RegExp(`(?<=^|[\\s=])(${paths.join('|')})(?=/|\\s|$)`, 'g');
    return texts.map(text => text.replace(mounts, mount => folders.get(mount)!));
  }
}
