// A cache inside a chart that has been there before, and a Deployment of that chart that builds on it.
import { App, Chart, Size } from 'cdk8s';
import { Cpu, Deployment } from 'cdk8s-plus-27';
import { BuilderNode, CacheClient, CacheVolume, ClientFiles, DindCache } from '../src';

const app = new App();
const chart = new Chart(app, 'existing-chart', { namespace: 'previews', labels: { team: 'web' } });

const cache = new DindCache(chart, 'docker-dind', {
  volume: CacheVolume.local({
    node: BuilderNode.hostname('node1'),
    path: '/mnt/disks/docker',
    capacity: Size.gibibytes(100),
    requireMountPoint: true,
  }),
  clients: [CacheClient.inNamespace('gitlab-runner')],
});

const previews = new Deployment(chart, 'preview-builder', {
  replicas: 1,
  containers: [{
    image: 'registry.example.com/web/preview-builder:1.4.2',
    resources: { cpu: { request: Cpu.millis(100) }, memory: { request: Size.mebibytes(128) } },
  }],
});
cache.connect(previews);

ClientFiles.synth(app, { 'existing-chart.gitlab-ci.yml': cache.gitlabCi({ stage: 'image' }).toYaml() });
