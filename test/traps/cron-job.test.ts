// T16 to T19: what a privileged daemon written with the defaults of cdk8s-plus-27 falls into, and the library's output does not.
import { ApiObject, Cron, Duration, JsonPatch } from 'cdk8s';
import { PrunePolicy, VolumeDirectoryJob } from '../../src';
import { containerOf, localVolume, manifestOf, newChart, podSpecOf } from '../fixtures';
import { standardErrorOf } from '../support/captured';
import { documentedDefaults } from '../support/source';
import { cacheChart, objects } from './cache-chart';

const { cache } = cacheChart();
const jobs = [cache.pruneJob, cache.storage.directoryJob!];

describe('the CronJob', () => {
  const { spec } = manifestOf(cache.pruneJob);

  test('T16: a late controller does not skip a night, and a prune asks for little and runs as nobody', () => {
    expect(spec).toMatchObject({ concurrencyPolicy: 'Forbid', startingDeadlineSeconds: 3600, jobTemplate: { spec: { backoffLimit: 1 } } });
    expect(containerOf(cache.pruneJob).resources.requests).toEqual({ cpu: '50m', memory: '64Mi' });
    expect(podSpecOf(cache.pruneJob).securityContext).toMatchObject({ runAsNonRoot: true, runAsUser: 65532 });
  });

  test('T17: a property that is passed on as undefined is as good as left out', () => {
    const optional = documentedDefaults().filter(({ type }) => ['DindCacheProps', 'DindCacheChartProps'].includes(type)).map(({ property }) => property);
    const passedOn = Object.fromEntries([...optional, 'namespace', 'disableResourceNameHashes'].map(property => [property, undefined]));

    expect(optional).toContain('drainTimeout');
    expect(objects(passedOn)).toEqual(objects({ tls: undefined }));
    jobs.forEach(job => expect(['Never', 'OnFailure']).toContain(podSpecOf(job).restartPolicy));
  });

  test('T18: a wrong time zone is refused, a duration is printed readably, and a schedule without minute is warned of', () => {
    expect(() => PrunePolicy.underPressure({ timeZone: 'Not/AZone' })).toThrow("'timeZone' must be a time zone of the IANA database, got 'Not/AZone'");
    expect(() => PrunePolicy.underPressure({ grace: Duration.seconds(5) })).toThrow("'grace' must be a positive whole number of minutes, got 5 seconds");
    expect(standardErrorOf(() => objects({ prune: PrunePolicy.underPressure({ schedule: Cron.schedule({ hour: '3' }) }) }))).toContain("'* 3 * * *' runs every minute");
  });

  test('T19: the pods of jobs are labelled, and a patch sets what there is no property for', () => {
    const job = new VolumeDirectoryJob(newChart(), 'directory', localVolume());
    ApiObject.of(job).addJsonPatch(JsonPatch.add('/spec/completions', 1), JsonPatch.add('/spec/podFailurePolicy', { rules: [] }));

    expect(manifestOf(job).spec).toMatchObject({ completions: 1, podFailurePolicy: { rules: [] } });
    expect(manifestOf(job).spec.template.metadata.labels).toMatchObject({ 'app.kubernetes.io/component': 'directory' });
    expect(spec.jobTemplate.spec.template.metadata.labels).toMatchObject({ 'app.kubernetes.io/component': 'prune' });
  });
});
