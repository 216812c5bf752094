import { X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ManifestPlayer } from '../../harness/docker/manifest-player';
import { OuterDaemon } from '../../harness/docker/outer-daemon';
import { KubernetesObject } from '../../harness/docker/pod-spec';
import { CacheUnderTest } from './cache-under-test';

/** The container of the issuer's pod that talks to the API server. */
const APPLY = 'apply';

/** A Secret's content, key by key. */
export type SecretData = Readonly<Record<string, Buffer>>;

/** A Secret's content without some of its keys. */
export function without(data: SecretData, ...keys: string[]): SecretData {
  return Object.fromEntries(Object.entries(data).filter(([key]) => !keys.includes(key)));
}

/** What one run of the issuer has written for the API server. */
export class IssuedDocuments {
  /** The text of each document, by the name of its file. */
  public readonly files: ReadonlyMap<string, string>;
  /** The user ids that own the files. */
  public readonly owners: ReadonlySet<number>;

  constructor(folder: string, public readonly log: string) {
    const names = fs.readdirSync(folder).sort();
    this.files = new Map(names.map(name => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
    this.owners = new Set(names.map(name => fs.statSync(path.join(folder, name)).uid));
  }

  /** The content of a Secret. */
  public data(namespace: string, name: string): SecretData {
    const { data } = JSON.parse(this.files.get(`${namespace}.${name}.json`) ?? '{}') as { data?: Record<string, string> };
    if (!data) throw new Error(`no document for Secret ${namespace}/${name} among ${[...this.files.keys()].join(', ')}`);
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, Buffer.from(value, 'base64')]));
  }

  /** The certificate under a key of a Secret. */
  public certificate(namespace: string, name: string, key = 'cert.pem'): X509Certificate {
    return new X509Certificate(this.data(namespace, name)[key]);
  }

  /** Writes the Secrets as the API server would. */
  public apply(player: ManifestPlayer): void {
    for (const text of this.files.values()) {
      const { metadata: { namespace = '', name } } = JSON.parse(text) as KubernetesObject;
      player.writeSecret(namespace, name, this.data(namespace, name));
    }
  }
}

/** Name of the Secret that holds what the issuer of a cache has issued. */
export function stateSecret({ name }: CacheUnderTest): string {
  return `${name}-tls-state`;
}

/** Runs the issuer's Job of a cache, up to what it hands to the API server, on what it issued before. */
export async function issue(outer: OuterDaemon, cache: CacheUnderTest, state: SecretData = {}): Promise<IssuedDocuments> {
  const player = await ManifestPlayer.create(outer, cache.yaml);
  try {
    player.writeSecret(cache.namespace, stateSecret(cache), state);
    const documents: IssuedDocuments[] = [];
    await player.runJob('Job', cache.issuerJob, {
      skip: [APPLY],
      beforeRemoval: pod => documents.push(new IssuedDocuments(pod.volumes.path('documents'), [...pod.initLogs.values()].join(''))),
    });
    return documents[0];
  } finally {
    await player.dispose();
  }
}
