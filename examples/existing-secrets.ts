// A cache with certificates that something else issues, in Secrets of type kubernetes.io/tls.
import { App, Size } from 'cdk8s';
import { BuilderNode, CacheClient, CacheVolume, ClientFiles, DaemonTls, DindCacheChart } from '../src';

const app = new App();
const { cache } = new DindCacheChart(app, 'existing-secrets', {
  name: 'docker-dind',
  volume: CacheVolume.local({ node: BuilderNode.hostname('node1'), path: '/mnt/k8s/docker', capacity: Size.gibibytes(100), requireMountPoint: true }),
  clients: [CacheClient.inNamespace('gitlab-runner')],
  tls: DaemonTls.existingSecrets({
    serverSecretName: 'docker-dind-server',
    clientSecretName: 'docker-dind-client',
    keys: { ca: 'ca.crt', certificate: 'tls.crt', privateKey: 'tls.key' },
  }),
});
ClientFiles.synth(app, { 'existing-secrets.gitlab-ci.yml': cache.gitlabCi().toYaml() });
