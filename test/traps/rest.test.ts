// T20 to T25: what a privileged daemon written with the defaults of cdk8s-plus-27 falls into, and the library's output does not.
import { App, Chart, Testing } from 'cdk8s';
import { Deployment } from 'cdk8s-plus-27';
import { CacheVolume, DindCache, DindDeployment, LocalPersistentVolume } from '../../src';
import { cacheProps, daemonProps, localVolume, manifestOf, mutualTls, newChart, podSpecOf } from '../fixtures';
import { cacheChart, objects, objectsOf } from './cache-chart';

const { cache } = cacheChart();
const jobs = [cache.pruneJob, cache.storage.directoryJob!];

describe('tokens, namespaces, policies, kinds and errors', () => {
  test('T20: no pod gets a token', () => {
    [cache.deployment, ...jobs].forEach(workload => expect(podSpecOf(workload).automountServiceAccountToken).toBe(false));
  });

  test('T21: the namespace comes first, admits a privileged pod and is made only where the library owns it', () => {
    const [first] = objects();

    expect(first).toMatchObject({ kind: 'Namespace', metadata: { name: 'dind-cache', labels: { 'pod-security.kubernetes.io/enforce': 'privileged' } } });
    expect(first).not.toHaveProperty('spec');
    expect(objectsOf('Namespace', { namespace: 'ci' })).toEqual([]);
  });

  test('T22: the policy is about the ingress of the daemon alone, and connecting a workload writes no other', () => {
    const chart = newChart();
    const connected = new DindCache(chart, 'docker', cacheProps());
    connected.connect(new Deployment(chart, 'web', { containers: [{ image: 'web' }] }));
    const policies = Testing.synth(chart).filter(({ kind }) => kind === 'NetworkPolicy');

    expect(policies).toHaveLength(1);
    expect(policies[0].spec.policyTypes).toEqual(['Ingress']);
    expect(policies[0].spec).not.toHaveProperty('egress');
    expect(policies[0].spec.podSelector.matchLabels).toEqual(manifestOf(connected.deployment).spec.selector.matchLabels);
  });

  test('T23: the daemon is no StatefulSet, and its Service is not headless', () => {
    expect(objectsOf('StatefulSet')).toEqual([]);
    expect(objectsOf('Service').map(service => service.spec)).toEqual([expect.objectContaining({ type: 'ClusterIP' })]);
    expect(manifestOf(cache.service).spec).not.toHaveProperty('clusterIP');
  });

  test('T24: no pod is on the network of its node, where names of the cluster are not resolved', () => {
    expect(JSON.stringify(objects())).not.toContain('hostNetwork');
  });

  test('T25: a wrong argument throws where it stands, not wrapped when the chart is synthesized', () => {
    const mistakes = [
      () => CacheVolume.local(localVolume({ path: 'mnt/docker' })),
      () => cacheChart({ clients: [] }),
      () => cacheChart({ name: 'Docker' }),
      () => cacheChart({ labels: { team: 'web shop' } }),
      () => new LocalPersistentVolume(new Chart(new App(), 'chart'), 'volume', { ...localVolume(), storageClassName: 'local', claimName: 'data' }),
      () => new DindDeployment(newChart(), 'docker', { ...daemonProps(newChart()), tls: mutualTls(), claimName: '' }),
    ];

    mistakes.forEach(mistake => expect(mistake).toThrow(/^'(path|clients|name|labels\.team|namespace|claimName)' must /));
  });
});
