import { ApiObject } from 'cdk8s';
import { CacheClient } from '../../../src';
import { ManifestPlayer } from '../../harness/docker/manifest-player';
import { Manifests } from '../../harness/docker/manifests';
import { OuterDaemon } from '../../harness/docker/outer-daemon';
import { CACHE_NAMESPACE, CLIENT_NAMESPACE, jobOf, STATE_SECRET, synthesize } from './cache-daemon';
import { addVariables } from './environment-patch';
import { IssuedDocuments, runIssuer, SecretData } from './issued-documents';

/** What a test says about the issuer of a cache. */
export interface IssueProps {
  readonly version: string;
  /** What was issued before. @default - nothing */
  readonly state?: SecretData;
  /** Namespaces of clients beside the cache's own. @default - that of a cache daemon's clients */
  readonly clientNamespaces?: string[];
  /** Variables that are added to the issuer's container, such as other validities. @default - none */
  readonly environment?: Readonly<Record<string, string>>;
}

/** Runs the issuer of a cache in a cluster of its own. */
export async function issue(outer: OuterDaemon, props: IssueProps): Promise<IssuedDocuments> {
  const { version, state = {}, clientNamespaces = [CLIENT_NAMESPACE], environment = {} } = props;
  const { yaml } = synthesize({
    version,
    imageStore: 'graphdriver',
    chart: { clients: clientNamespaces.map(name => CacheClient.inNamespace(name)) },
    patch: ({ cache }) => addVariables(ApiObject.of(cache.tlsIssuer!), 'initContainers', environment),
  });
  const [manifests, player] = [new Manifests(yaml), await ManifestPlayer.create(outer, yaml)];
  try {
    player.writeSecret(CACHE_NAMESPACE, STATE_SECRET, state);
    return await runIssuer(player, manifests, jobOf(manifests, 'tls')!);
  } finally {
    await player.dispose();
  }
}
