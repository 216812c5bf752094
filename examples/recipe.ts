// The published recipe, field for field, to migrate from it. It is unsafe: docs/migrating-from-the-recipe.md says where and why.
// What the library holds for dangerous goes through the escape hatch, `ApiObject.addJsonPatch`.
import { ApiObject, App, Chart, JsonPatch, Size } from 'cdk8s';
import { IConstruct } from 'constructs';
import {
  BuilderNode, CacheVolumeClaim, ClientFiles, DaemonTls, DindConfig, DindDeployment, DindService, DockerImages, GitLabCi, LocalPersistentVolume,
  LocalStorageClass, PruneCronJob, PrunePolicy,
} from '../src';

const app = new App();
const chart = new Chart(app, 'recipe', { namespace: 'kube-ops' });
const instance = 'docker-dind';
const labels = { app: 'docker-dind' };
const tls = DaemonTls.plaintext();
const images = DockerImages.custom({ version: DockerImages.DEFAULT_VERSION, daemon: 'docker:dind', client: 'docker:latest' });

const storageClass = new LocalStorageClass(chart, 'local-volume', { name: 'local-volume', instance });
patch(storageClass, JsonPatch.replace('/reclaimPolicy', 'Delete'));

new LocalPersistentVolume(chart, 'docker-pv', {
  name: 'docker-pv',
  instance,
  node: BuilderNode.hostname('node1'),
  path: '/mnt/k8s/docker',
  capacity: Size.gibibytes(5),
  storageClassName: storageClass.name,
  claimName: 'docker-dind-data',
});
const claim = new CacheVolumeClaim(chart, 'docker-dind-data', { instance, labels, storageClassName: storageClass.name, claimRequest: Size.gibibytes(5) });

const config = new DindConfig(chart, 'docker-dind-config', { instance, labels });
const deployment = new DindDeployment(chart, 'docker-dind', { instance, labels, config, claimName: claim.name, tls, images, podLabels: labels });
patch(deployment,
  JsonPatch.add('/spec/selector/matchLabels/app', 'docker-dind'),
  JsonPatch.replace('/spec/template/spec/containers/0/name', 'docker-dind'),
  JsonPatch.add('/spec/template/spec/containers/0/args/-', '--registry-mirror=https://ot2k4d59.mirror.aliyuncs.com/'),
  JsonPatch.add('/spec/template/spec/containers/0/env/0', { name: 'DOCKER_DRIVER', value: 'overlay2' }),
  JsonPatch.add('/spec/template/spec/containers/0/env/1', { name: 'DOCKER_HOST', value: 'tcp://0.0.0.0:2375' }),
  JsonPatch.replace('/spec/template/spec/containers/0/ports/0/name', 'daemon-port'),
  JsonPatch.replace('/spec/template/spec/containers/0/volumeMounts/0', { name: 'docker-dind-data-vol', mountPath: '/var/lib/docker/' }),
  JsonPatch.replace('/spec/template/spec/volumes/0/name', 'docker-dind-data-vol'));

const service = new DindService(chart, 'docker-dind-service', { name: 'docker-dind', instance, labels, tls });
patch(service, JsonPatch.replace('/spec/ports/0/targetPort', 2375), JsonPatch.add('/spec/selector/app', 'docker-dind'));

const prune = new PruneCronJob(chart, 'docker-dind-clear-cache', { instance, labels, endpoint: service.endpoint, config, images, policy: PrunePolicy.systemPruneAll() });
patch(prune,
  JsonPatch.add('/spec/jobTemplate/metadata', { name: 'docker-dind-clear-cache', labels }),
  JsonPatch.replace('/spec/jobTemplate/spec/template/spec/restartPolicy', 'OnFailure'),
  JsonPatch.replace('/spec/jobTemplate/spec/template/spec/containers/0/name', 'clear-cache'),
  JsonPatch.replace('/spec/jobTemplate/spec/template/spec/containers/0/env/0/value', 'tcp://docker-dind:2375'));

ClientFiles.synth(app, {
  'recipe.gitlab-ci.yml': GitLabCi.of(service.endpoint, images, {
    stage: 'image',
    image: 'xxxx',
    variables: { DOCKER_HOST: 'tcp://docker-dind:2375' },
    keywords: { only: ['tags'] },
  }).toYaml(),
});

function patch(construct: IConstruct, ...operations: JsonPatch[]): void {
  ApiObject.of(construct).addJsonPatch(...operations);
}
