// T2 to T6: what a privileged daemon written with the defaults of cdk8s-plus-27 falls into, and the library's output does not.
import { Testing } from 'cdk8s';
import { Construct } from 'constructs';
import { DindCache, DindDeployment, PruneCronJob } from '../../src';
import { addresses, cacheProps, daemonProps, manifestOf, newChart, pruneProps } from '../fixtures';
import { cacheChart, objects, objectsOf } from './cache-chart';

const { cache } = cacheChart();

describe('labels, selectors and names', () => {
  test('T2: the selector does not follow the path of the construct, for it can never change', () => {
    const chart = newChart();
    const [plain, moved] = [chart, new Construct(chart, 'Moved')].map(scope =>
      new DindDeployment(new Construct(scope, 'Parent'), 'Deployment', { ...daemonProps(newChart()), name: 'docker' }));

    expect(manifestOf(moved).spec.selector).toEqual(manifestOf(plain).spec.selector);
    expect(JSON.stringify(manifestOf(plain))).not.toContain('cdk8s.io/metadata.addr');
  });

  test('T3: the Service selects by the labels of the Deployment, and no pod of a job has them', () => {
    const { selector } = manifestOf(cache.service).spec;

    expect(selector).toEqual(manifestOf(cache.deployment).spec.selector.matchLabels);
    const templates = [manifestOf(cache.storage.directoryJob!).spec.template, manifestOf(cache.pruneJob).spec.jobTemplate.spec.template];
    templates.forEach(({ metadata }) => expect(metadata.labels).not.toMatchObject(selector));
  });

  test('T4: pods have the labels that select them, whatever labels the chart gives its objects', () => {
    const [deployment] = objectsOf('Deployment', { labels: { team: 'web' }, podLabels: { cost: 'ci' } });

    expect(deployment.metadata.labels).toMatchObject({ team: 'web' });
    expect(deployment.spec.template.metadata.labels).toMatchObject({ ...deployment.spec.selector.matchLabels, cost: 'ci' });
  });

  test('T5: names carry no hash of a path, caches in one namespace do not collide, and names that are too long are refused', () => {
    const names = objects().filter(({ kind }) => kind !== 'Job').map(({ metadata }) => metadata.name);
    expect([...new Set(names)]).toEqual([
      'dind-cache', 'dind-cache-docker', 'docker-data', 'docker-config', 'docker', 'docker-tls-state', 'docker-server-tls', 'docker-client-tls', 'docker-tls',
      'dind-cache-docker-tls', 'docker-clients', 'docker-prune',
    ]);
    expect(cache.endpoint.dockerHost).toBe('tcp://docker.dind-cache.svc:2376');

    const chart = newChart();
    ['a', 'b'].forEach(id => new DindCache(chart, id, cacheProps()));
    const all = addresses(Testing.synth(chart));
    expect(new Set(all).size).toBe(all.length);

    const [prune] = objectsOf('CronJob', { name: 'c'.repeat(40) });
    expect(prune.metadata.name.length).toBeLessThanOrEqual(52);
    expect(() => new PruneCronJob(chart, 'c'.repeat(60), pruneProps(newChart()))).toThrow("'name' must have at most 52 characters");
  });

  test('T6: the Service has a named port with a target, and no externalIPs', () => {
    const { spec } = manifestOf(cache.service);

    expect(spec.ports).toEqual([{ name: 'docker', port: 2376, targetPort: 'docker', protocol: 'TCP' }]);
    expect(spec).not.toHaveProperty('externalIPs');
  });
});
