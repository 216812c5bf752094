// A cache on a volume that a provisioner makes, on nodes set aside for builds, with what a company's network needs.
import { App, Size } from 'cdk8s';
import { Cpu, TaintEffect } from 'cdk8s-plus-27';
import { BuilderNode, CacheClient, CacheVolume, ClientFiles, DaemonConfig, DindCacheChart, DockerImages, RegistryCertificate } from '../src';

const builders = BuilderNode.labeled(
  { 'node.example.com/role': 'builder' },
  { tolerations: [{ key: 'node.example.com/role', value: 'builder', effect: TaintEffect.NO_SCHEDULE }] },
);

const app = new App();
const { cache } = new DindCacheChart(app, 'dynamic-volume', {
  name: 'docker-dind',
  namespace: 'ci-builds',
  volume: CacheVolume.dynamic({ storageClassName: 'fast-ssd', capacity: Size.gibibytes(200), node: builders }),
  clients: [CacheClient.inNamespace('gitlab-runner', { podLabels: { 'ci.example.com/docker': 'true' } })],
  images: DockerImages.official({ registryPrefix: 'registry.example.com/docker-hub/library', kubectl: 'registry.example.com/kubernetes/kubectl:v1.34.2', pullSecrets: ['registry-credentials'] }),
  daemonConfig: DaemonConfig.of({
    registryMirrors: ['https://mirror.example.com'],
    registryCertificates: [RegistryCertificate.fromConfigMap('registry.example.com', 'company-ca')],
    mtu: 1450,
    addressPools: [{ cidr: '10.201.0.0/16', size: 24 }],
  }),
  resources: { cpu: { request: Cpu.units(4) }, memory: { request: Size.gibibytes(8), limit: Size.gibibytes(24) } },
});
ClientFiles.synth(app, { 'dynamic-volume.gitlab-ci.yml': cache.gitlabCi({ keywords: { tags: ['kubernetes'] } }).toYaml() });
