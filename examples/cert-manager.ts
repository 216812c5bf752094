// A cache whose certificates cert-manager issues, from a CA of the cache's own.
import { App, Size } from 'cdk8s';
import { BuilderNode, CacheClient, CacheVolume, ClientFiles, DaemonTls, DindCacheChart } from '../src';

const app = new App();
const { cache } = new DindCacheChart(app, 'cert-manager', {
  name: 'docker-dind',
  volume: CacheVolume.local({ node: BuilderNode.hostname('node1'), path: '/mnt/k8s/docker', capacity: Size.gibibytes(100) }),
  clients: [CacheClient.inNamespace('gitlab-runner')],
  tls: DaemonTls.certManager(),
});
ClientFiles.synth(app, { 'cert-manager.gitlab-ci.yml': cache.gitlabCi().toYaml() });
