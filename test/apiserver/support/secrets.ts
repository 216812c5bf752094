import { Cluster } from '../../harness/kubernetes/cluster';
import { itemsOf, KubeObject } from './kube-object';

/** What a Secret holds, in base64, by key. */
export type SecretData = Record<string, string>;

/** The Secrets of some namespaces, by `namespace/name`. */
export class Secrets {
  private constructor(private readonly objects: ReadonlyMap<string, KubeObject>) {}

  /** Reads the Secrets of all namespaces. */
  public static async read(cluster: Cluster): Promise<Secrets> {
    const objects = itemsOf(await cluster.getJson<KubeObject>(['get', 'secrets', '--all-namespaces']));
    return new Secrets(new Map(objects.map(object => [`${object.metadata.namespace}/${object.metadata.name}`, object])));
  }

  /** What a Secret holds. */
  public data(secret: string): SecretData {
    return (this.objects.get(secret)?.data ?? {}) as SecretData;
  }

  /** The Secrets that are not as they were, in order. */
  public changedSince(before: Secrets): string[] {
    const names = [...new Set([...this.objects.keys(), ...before.objects.keys()])].sort();
    return names.filter(name => this.version(name) !== before.version(name));
  }

  private version(secret: string): unknown {
    return (this.objects.get(secret)?.metadata as { resourceVersion?: string } | undefined)?.resourceVersion;
  }
}
