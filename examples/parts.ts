// The constructs alone: a daemon on a claim that exists, for the pods of its own namespace, pruned on working days.
import { App, Chart, Cron, Duration, Size } from 'cdk8s';
import {
  CacheClient, ClientAccessPolicy, ClientFiles, DaemonConfig, DaemonTls, DindConfig, DindDeployment, DindService, DockerImages, GitLabCi, PruneCronJob,
  PrunePolicy,
} from '../src';

const app = new App();
const chart = new Chart(app, 'parts', { namespace: 'builds' });
const tls = DaemonTls.existingSecrets({ serverSecretName: 'docker-server-tls', clientSecretName: 'docker-client-tls' });
const instance = 'docker';
const capacity = Size.gibibytes(50);

const config = new DindConfig(chart, 'docker-config', { instance, capacity, daemonConfig: DaemonConfig.of({ maxConcurrentDownloads: 6 }) });
new DindDeployment(chart, 'docker', { instance, config, claimName: 'docker-data', tls });
const { endpoint } = new DindService(chart, 'docker-api', { instance, tls });
new ClientAccessPolicy(chart, 'docker-clients', { instance, clients: [CacheClient.withLabels({ role: 'ci-job' })], port: endpoint.port });
new PruneCronJob(chart, 'docker-prune', {
  instance,
  endpoint,
  config,
  capacity,
  claimName: 'docker-data',
  policy: PrunePolicy.underPressure({ grace: Duration.hours(12), schedule: Cron.schedule({ minute: '*/30', hour: '6-22', weekDay: 'MON-FRI' }), timeZone: 'Europe/Berlin' }),
});

ClientFiles.synth(app, { 'parts.gitlab-ci.yml': GitLabCi.of(endpoint, DockerImages.official()).toYaml() });
