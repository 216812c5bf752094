import { BuilderNode, DockerImages, VolumeDirectoryJob, VolumeDirectoryJobProps } from '../src';
import { containerOf, localVolume, manifestOf, newChart, podSpecOf } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

function job(props: Partial<VolumeDirectoryJobProps> = {}, id = 'directory'): VolumeDirectoryJob {
  const { node, path } = localVolume();
  return new VolumeDirectoryJob(newChart(), id, { node, path, instance: 'docker', ...props });
}

describe("the Job that makes a volume's directory", () => {
  test('has the kubelet make it on the node while its container does nothing', () => {
    expect(podSpecOf(job())).toMatchObject({
      nodeSelector: { 'kubernetes.io/hostname': 'node1' },
      restartPolicy: 'OnFailure',
      containers: [{ name: 'directory', imagePullPolicy: 'IfNotPresent', command: ['true'], volumeMounts: [{ name: 'data', mountPath: '/data' }] }],
      volumes: [{ name: 'data', hostPath: { path: '/mnt/docker', type: 'DirectoryOrCreate' } }],
    });
  });

  test('is as harmless as a pod with a hostPath can be', () => {
    expect(podSpecOf(job())).toMatchObject({ automountServiceAccountToken: false, enableServiceLinks: false });
    expect(podSpecOf(job()).securityContext).toEqual({ runAsNonRoot: true, runAsUser: 65532, runAsGroup: 65532, seccompProfile: { type: 'RuntimeDefault' } });
    expect(containerOf(job()).securityContext).toEqual({ allowPrivilegeEscalation: false, readOnlyRootFilesystem: true, capabilities: { drop: ['ALL'] } });
    expect(containerOf(job()).resources).toEqual({ requests: { cpu: '10m', memory: '16Mi' }, limits: { memory: '16Mi' } });
  });

  test('tolerates what keeps others off the node', () => {
    expect(podSpecOf(job({ node: BuilderNode.hostname('node1', { tolerations: [{ key: 'ci' }] }) })).tolerations).toEqual([{ key: 'ci', operator: 'Exists' }]);
  });

  test("has a pod that the daemon's Service does not select", () => {
    const { labels } = manifestOf(job({ name: 'made', instance: 'docker' })).spec.template.metadata;

    expect(labels).toEqual({ 'app.kubernetes.io/component': 'directory', 'app.kubernetes.io/instance': 'docker', 'app.kubernetes.io/name': 'dind-cache' });
  });

  test('is a new Job when its template changes, since a Job cannot, and else the same', () => {
    const { name } = job();

    expect(name).toMatch(/^directory-[0-9a-f]{10}$/);
    expect(manifestOf(job()).metadata.name).toBe(name);
    expect(job({ labels: { team: 'web' }, annotations: { note: 'x' } }).name).toBe(name);
    expect(job({ path: '/mnt/other' }).name).not.toBe(name);
    expect(job({ node: BuilderNode.hostname('node2') }).name).not.toBe(name);
  });

  test('does not run again for another version of Docker', () => {
    expect(job({ images: DockerImages.official({ version: '27.5.1' }) }).name).toBe(job().name);
  });

  test('leaves room in its name for the digest', () => {
    const long = 'd'.repeat(53);

    expect(job({}, 'd'.repeat(52)).name).toHaveLength(63);
    expect(() => job({}, long)).toThrow(new Error(`'name' must have at most 52 characters, got '${long}'`));
  });

  test('refuses the root of the node', () => {
    expect(() => job({ path: '/.' })).toThrow(new Error("'path' must not be the root of the node, got '/.'; give a directory of its own, such as '/mnt/k8s/docker'"));
  });
});

describeDefaults('VolumeDirectoryJobProps', [
  ['images', 'DockerImages.official()', () => expect(containerOf(job()).image).toBe(DockerImages.official().busybox)],
]);
