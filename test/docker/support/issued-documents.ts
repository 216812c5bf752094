import { X509Certificate } from 'node:crypto';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { ManifestPlayer } from '../../harness/docker/manifest-player';
import { Manifests } from '../../harness/docker/manifests';
import { Container } from '../../harness/docker/pod-spec';

/** A Secret's content, key by key. */
export type SecretData = Readonly<Record<string, Buffer>>;

/** A Secret's content without some of its keys. */
export function without(data: SecretData, ...keys: string[]): SecretData {
  return Object.fromEntries(Object.entries(data).filter(([key]) => !keys.includes(key)));
}

/** What one run of the issuer has written for the API server. */
export class IssuedDocuments {
  /** The text of each JSON patch, by the Secret that kubectl is told to patch with it: `namespace/name`. */
  public readonly patches: ReadonlyMap<string, string>;
  /** The user ids that own the files. */
  public readonly owners: ReadonlySet<number>;

  constructor(folder: string, public readonly log: string, kubectl: Container[]) {
    const names = fs.readdirSync(folder);
    this.owners = new Set(names.map(name => fs.statSync(path.join(folder, name)).uid));
    this.patches = new Map(kubectl.map(({ args = [] }) => [patchedSecret(args), fs.readFileSync(path.join(folder, patchFile(args)), 'utf8')]));
    if (names.length !== this.patches.size) throw new Error(`each document must be a container's, got ${names.join(', ')}`);
  }

  /** The content of a Secret after its patch. */
  public data(namespace: string, name: string): SecretData {
    const [{ value }] = JSON.parse(this.patches.get(`${namespace}/${name}`) ?? '[{}]') as { value?: Record<string, string> }[];
    if (!value) throw new Error(`no patch for Secret ${namespace}/${name} among ${[...this.patches.keys()].join(', ')}`);
    return Object.fromEntries(Object.entries(value).map(([key, text]) => [key, Buffer.from(text, 'base64')]));
  }

  /** The certificate under a key of a Secret. */
  public certificate(namespace: string, name: string, key = 'cert.pem'): X509Certificate {
    return new X509Certificate(this.data(namespace, name)[key]);
  }

  /** Writes the Secrets as the API server would. */
  public apply(player: ManifestPlayer): void {
    for (const secret of this.patches.keys()) {
      const [namespace, name] = secret.split('/');
      player.writeSecret(namespace, name, this.data(namespace, name));
    }
  }
}

/** Runs the Job of an issuer on a player, up to what it hands to kubectl. */
export async function runIssuer(player: ManifestPlayer, manifests: Manifests, job: string): Promise<IssuedDocuments> {
  const { containers } = manifests.podTemplate('Job', job).template.spec;
  const issued: IssuedDocuments[] = [];
  await player.runJob('Job', job, {
    skip: containers.map(({ name }) => name),
    beforeRemoval: pod => issued.push(new IssuedDocuments(pod.volumes.path('documents'), [...pod.initLogs.values()].join(''), containers)),
  });
  return issued[0];
}

/** The Secret in `patch secret name --namespace=namespace`. */
function patchedSecret(args: string[]): string {
  const [verb, kind, name] = args;
  if (`${verb} ${kind}` !== 'patch secret') throw new Error(`kubectl must be told to patch a Secret, got ${args.join(' ')}`);
  return `${option(args, 'namespace')}/${name}`;
}

function patchFile(args: string[]): string {
  return path.basename(option(args, 'patch-file'));
}

function option(args: string[], name: string): string {
  const found = args.find(each => each.startsWith(`--${name}=`));
  if (!found) throw new Error(`kubectl must be told --${name}, got ${args.join(' ')}`);
  return found.slice(name.length + 3);
}
