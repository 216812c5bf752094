// The ten lines: a cache on the disk of one node, for the CI jobs of one namespace.
import { App, Size } from 'cdk8s';
import { BuilderNode, CacheClient, CacheVolume, ClientFiles, DindCacheChart } from '../src';

const app = new App();
const { cache } = new DindCacheChart(app, 'minimal', {
  name: 'docker-dind',
  volume: CacheVolume.local({ node: BuilderNode.hostname('node1'), path: '/mnt/k8s/docker', capacity: Size.gibibytes(100) }),
  clients: [CacheClient.inNamespace('gitlab-runner')],
});
ClientFiles.synth(app, { 'minimal.gitlab-ci.yml': cache.gitlabCi().toYaml() });
