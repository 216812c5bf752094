import { Size } from 'cdk8s';
import {
  BuilderNode, CacheStorage, CacheVolume, DaemonTls, DindConfig, DindDeployment, DindDeploymentProps, DindService, PruneCronJob, PruneCronJobProps, TlsIssuer,
} from '../../../src';
import { KubeObject } from './kube-object';
import { synthesizeChart } from './synthesis';

/** TLS of which nothing else is emitted. */
export const TLS = DaemonTls.existingSecrets({ serverSecretName: 'server-tls', clientSecretName: 'client-tls' });

/** A daemon and its configuration, in a namespace. */
export function daemon(namespace: string, props: Partial<DindDeploymentProps> = {}): KubeObject[] {
  return synthesizeChart(namespace, chart =>
    new DindDeployment(chart, 'docker', { config: new DindConfig(chart, 'config'), claimName: 'data', tls: TLS, ...props }));
}

/** The objects of a local volume, in a namespace. */
export function storage(namespace: string, capacity: Size): KubeObject[] {
  const volume = CacheVolume.local({ node: BuilderNode.hostname('node1'), path: '/mnt/docker', capacity });
  return synthesizeChart(namespace, chart => new CacheStorage(chart, 'docker', { volume }));
}

/** An issuer of certificates, in a namespace. */
export function issuer(namespace: string): KubeObject[] {
  return synthesizeChart(namespace, chart =>
    new TlsIssuer(chart, 'docker-tls', { tls: DaemonTls.selfIssued(), serviceName: 'docker', config: new DindConfig(chart, 'config') }));
}

/** A prune job, in some namespace. */
export function pruneJob(props: Partial<PruneCronJobProps> = {}): KubeObject[] {
  return synthesizeChart('ci', chart => {
    const { endpoint } = new DindService(chart, 'docker', { tls: TLS });
    return new PruneCronJob(chart, 'prune', { endpoint, config: new DindConfig(chart, 'config'), capacity: Size.gibibytes(100), ...props });
  });
}
