import { isOnRootDisk, requireVolumePath } from '../../src/private/volume-path';

const HINT = "give a directory of its own, such as '/mnt/k8s/docker'";

describe("the path of a volume's directory", () => {
  test.each(['/mnt', '/mnt/k8s/docker', '/data', '/mnt/disk-1/docker_data@2+a.b', '/mnt//docker/', '/srv/./docker', '/var/lib/dind', '/etcetera', '/usr2'])('can be %s', path => {
    expect(() => requireVolumePath(path)).not.toThrow();
  });

  test.each<[string, string]>([
    ['mnt/docker', "'path' must be absolute, got 'mnt/docker'; did you mean '/mnt/docker'?"],
    ['/mnt/my docker', "'path' must consist of letters, digits and '/', '.', '-', '_', '+', '@', got '/mnt/my docker'"],
    ['/mnt/{{docker}}', "'path' must consist of letters, digits and '/', '.', '-', '_', '+', '@', got '/mnt/{{docker}}'"],
    ['/mnt/../etc', "'path' must not contain '..', got '/mnt/../etc'"],
    ['/', `'path' must not be the root of the node, got '/'; ${HINT}`],
    ['//./', `'path' must not be the root of the node, got '//./'; ${HINT}`],
  ])('cannot be %j', (path, message) => {
    expect(() => requireVolumePath(path)).toThrow(new Error(message));
  });

  const own = ['/bin', '/boot', '/dev', '/etc', '/lib', '/lib64', '/proc', '/run', '/sbin', '/sys', '/usr',
    '/var/lib/containerd', '/var/lib/docker', '/var/lib/etcd', '/var/lib/kubelet', '/var/log', '/var/run'];
  test.each([...own, ...own.map(path => `${path}/docker`), '/var', '/var/lib', '/var/lib/', '//etc/./docker'])("cannot be %s, the node's own", path => {
    expect(() => requireVolumePath(path)).toThrow(new Error(`'path' must not be, hold or lie in one of the node's own directories, got '${path}'; ${HINT}`));
  });
});

describe("the node's root disk", () => {
  test.each(['/var/lib/dind', '/home/docker', '/root/x', '/opt', '/tmp/x', '//opt/./x'])('usually holds %s', path => {
    expect(isOnRootDisk(path)).toBe(true);
  });

  test.each(['/mnt/docker', '/data', '/optional', '/srv/var'])('is not suspected of holding %s', path => {
    expect(isOnRootDisk(path)).toBe(false);
  });
});
