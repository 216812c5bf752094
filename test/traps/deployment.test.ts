// T1: what a privileged daemon written with the defaults of cdk8s-plus-27 falls into, and the library's output does not.
import { ApiObject, JsonPatch, Size } from 'cdk8s';
import { DaemonTls } from '../../src';
import { containerOf, manifestOf, podSpecOf } from '../fixtures';
import { cacheChart, objects } from './cache-chart';

const { cache } = cacheChart();
const daemonPod = podSpecOf(cache.deployment);
const daemon = containerOf(cache.deployment);
const jobs = [cache.pruneJob, cache.storage.directoryJob!];

describe('the privileged Deployment', () => {
  test('T1a: a privileged container may escalate its privileges, or the API server rejects it', () => {
    expect(daemon.securityContext).toMatchObject({ privileged: true, allowPrivilegeEscalation: true });
  });

  test('T1b: neither pod nor container must run as non-root, or the kubelet refuses the daemon', () => {
    expect(daemon.securityContext.runAsNonRoot).toBe(false);
    expect(daemonPod.securityContext?.runAsNonRoot).toBeUndefined();
  });

  test('T1c: the root file system can be written to, as the daemon does', () => {
    expect(daemon.securityContext.readOnlyRootFilesystem).toBe(false);
  });

  test('T1d: there is one replica and it is recreated, so that two daemons never share the data', () => {
    expect(manifestOf(cache.deployment).spec).toMatchObject({ replicas: 1, strategy: { type: 'Recreate' } });
  });

  test('T1e: no limit slows or kills builds unless asked for, and nothing is added to what is asked for', () => {
    expect(Object.keys(daemon.resources)).toEqual(['requests']);
    const { deployment } = cacheChart({ resources: { memory: { limit: Size.gibibytes(8) } } }).cache;
    expect(containerOf(deployment).resources).toEqual({ limits: { memory: '8Gi' } });
  });

  test('T1f: the probes ask the daemon instead of a port, and give it two minutes to start', () => {
    const { startupProbe, readinessProbe, livenessProbe } = daemon;
    [startupProbe, readinessProbe, livenessProbe].forEach(probe => {
      expect(probe.exec.command).toContain('/etc/dind-cache/alive.sh');
      expect(probe.tcpSocket).toBeUndefined();
    });
    expect(startupProbe.periodSeconds * startupProbe.failureThreshold).toBeGreaterThanOrEqual(120);
  });

  test('T1g: port and container have names that say what they are, and the daemon has time to stop', () => {
    expect(daemon).toMatchObject({ name: 'daemon', ports: [{ name: 'docker', containerPort: 2376 }] });
    const daemonJson = JSON.parse(manifestOf(cache.config).data['daemon.json']);
    expect(daemonPod.terminationGracePeriodSeconds).toBeGreaterThan(daemonJson['shutdown-timeout']);
  });

  test('T1h: the user that every container runs as is written out', () => {
    expect(daemon.securityContext.runAsUser).toBe(0);
    jobs.forEach(job => expect(podSpecOf(job).securityContext).toMatchObject({ runAsUser: 65532, runAsGroup: 65532 }));
  });

  test('T1i: no capability has the prefix CAP_, which Kubernetes does not know', () => {
    expect(JSON.stringify(objects())).not.toContain('CAP_');
    jobs.forEach(job => expect(containerOf(job).securityContext.capabilities).toEqual({ drop: ['ALL'] }));
  });

  test('T1j: what cdk8s-plus has no property for is set, and a patch finds the parents of what is not', () => {
    expect(manifestOf(cache.deployment).spec.revisionHistoryLimit).toBe(3);
    jobs.forEach(job => expect(podSpecOf(job).securityContext.seccompProfile).toEqual({ type: 'RuntimeDefault' }));
    [cache.deployment, ...jobs].forEach(workload => expect(podSpecOf(workload).enableServiceLinks).toBe(false));

    const { deployment } = cacheChart({ priorityClassName: 'builds' }).cache;
    expect(podSpecOf(deployment).priorityClassName).toBe('builds');
    const pod = '/spec/template/spec';
    ApiObject.of(deployment).addJsonPatch(
      JsonPatch.add(`${pod}/runtimeClassName`, 'sysbox'),
      JsonPatch.add(`${pod}/shareProcessNamespace`, true),
      JsonPatch.add(`${pod}/securityContext`, { seccompProfile: { type: 'Unconfined' } }),
      JsonPatch.add(`${pod}/containers/0/resources/limits`, { memory: '8Gi' }),
      JsonPatch.add('/spec/template/metadata/annotations/note', 'x'),
    );
    expect(podSpecOf(deployment)).toMatchObject({ runtimeClassName: 'sysbox', shareProcessNamespace: true });
  });

  test('T1k: the empty value that turns TLS off survives', () => {
    const { deployment } = cacheChart({ tls: DaemonTls.plaintext() }).cache;
    expect(containerOf(deployment).env).toContainEqual({ name: 'DOCKER_TLS_CERTDIR', value: '' });
  });

  test('T1l: no fsGroup and no policy for one, which would change the owner of the whole data directory', () => {
    expect(JSON.stringify(objects())).not.toContain('fsGroup');
  });
});
