import { ApiObject, App, Chart, ChartProps, Size } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import { BuilderNode, CacheClient, CacheVolume, DaemonTls, DindCacheProps, DindConfig, DindEndpoint, DindService, LocalVolumeOptions } from '../src';

/** An object as it stands in a manifest. */
export interface Manifest {
  readonly [key: string]: any;
}

/** A container as it stands in a pod. */
export interface Container extends Manifest {
  readonly env: Manifest[];
  readonly volumeMounts: Manifest[];
}

/** A pod template's specification. */
export interface PodSpec extends Manifest {
  readonly containers: Container[];
  readonly initContainers: Container[];
  readonly volumes: Manifest[];
}

/** A chart in the namespace `ci` and in an app of its own, which has nowhere to write to. */
export function newChart(props: ChartProps = {}): Chart {
  return new Chart(new App({ outdir: '/nonexistent' }), 'chart', { namespace: 'ci', ...props });
}

/** A local volume's options with all that is required and nothing else. */
export function localVolume(overrides: Partial<LocalVolumeOptions> = {}): LocalVolumeOptions {
  return { node: BuilderNode.hostname('node1'), path: '/mnt/docker', capacity: Size.gibibytes(100), ...overrides };
}

/** Mutual TLS with as little as possible said about it. */
export function mutualTls(): DaemonTls {
  return DaemonTls.existingSecrets({ serverSecretName: 'server-tls', clientSecretName: 'client-tls' });
}

/** A cache's properties with all that is required and nothing else. */
export function cacheProps(overrides: Partial<DindCacheProps> = {}): DindCacheProps {
  return { volume: CacheVolume.local(localVolume()), clients: [CacheClient.inNamespace('gitlab-runner')], ...overrides };
}

/** What a Deployment needs beside its TLS. */
export function daemonProps(scope: Construct): { readonly config: DindConfig; readonly claimName: string; readonly tls: DaemonTls } {
  return { config: new DindConfig(scope, 'config'), claimName: 'data', tls: mutualTls() };
}

/** What a prune job needs. */
export function pruneProps(scope: Construct): { readonly config: DindConfig; readonly endpoint: DindEndpoint; readonly capacity: Size } {
  const { endpoint } = new DindService(scope, 'docker', { tls: mutualTls() });
  return { config: new DindConfig(scope, 'config'), endpoint, capacity: Size.gibibytes(100) };
}

/** What an issuer needs. */
export function issuerProps(scope: Construct): { readonly config: DindConfig; readonly tls: DaemonTls; readonly serviceName: string } {
  return { config: new DindConfig(scope, 'config'), tls: DaemonTls.selfIssued(), serviceName: 'docker' };
}

/** The one object of a construct, or the main one of several. */
export function manifestOf(construct: IConstruct): Manifest {
  return ApiObject.of(construct).toJson() as Manifest;
}

/** All objects of a construct and of what lies below it, those of other charts included. */
export function manifestsBelow(construct: IConstruct): Manifest[] {
  return construct.node.findAll().filter(child => ApiObject.isApiObject(child)).map(manifestOf);
}

/** Kind and name of each object, in order. */
export function identities(manifests: Manifest[]): string[] {
  return manifests.map(({ kind, metadata }) => `${kind} ${metadata.name}`);
}

/** What no two objects of a cluster may have in common. */
export function addresses(manifests: Manifest[]): string[] {
  return manifests.map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);
}

/** The pod template's specification of a Deployment, Job or CronJob. */
export function podSpecOf(construct: IConstruct): PodSpec {
  const { spec } = manifestOf(construct);
  return (spec.jobTemplate?.spec ?? spec).template.spec;
}

/** The only container of a Deployment, Job or CronJob. */
export function containerOf(construct: IConstruct): Container {
  const { containers } = podSpecOf(construct);
  expect(containers).toHaveLength(1);
  return containers[0];
}
