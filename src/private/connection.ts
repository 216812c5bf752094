import { EnvValue, Secret, Volume, Workload } from 'cdk8s-plus-27';
import { DindEndpoint } from '../dind-endpoint';

/**
 * Gives every container of a workload what a client of the daemon needs: the environment and the mounted certificate.
 */
export function connectContainers(workload: Workload, instance: string, endpoint: DindEndpoint): void {
  const volume = endpoint.clientSecretName === undefined ? undefined : clientVolume(workload, instance, endpoint);
  for (const container of workload.containers) {
    Object.entries(endpoint.environment).forEach(([name, value]) => container.env.addVariable(name, EnvValue.fromValue(value)));
    if (volume) {
      container.mount(endpoint.certificateMountPath!, volume, { readOnly: true });
    }
  }
}

function clientVolume(workload: Workload, instance: string, { clientSecretName, clientSecretItems = {} }: DindEndpoint): Volume {
  const secret = Secret.fromSecretName(workload, `${instance}-client-tls`, clientSecretName!);
  const items = Object.fromEntries(Object.entries(clientSecretItems).map(([key, path]) => [key, { path }]));
  return Volume.fromSecret(workload, `${instance}-client-tls-volume`, secret, { name: 'docker-client-tls', items, defaultMode: 0o444 });
}
