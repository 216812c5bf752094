import { ensure } from './validation';

/** Directories that belong to the node: a daemon's data in or around them breaks the node. */
const NODE_DIRECTORIES = ['/bin', '/boot', '/dev', '/etc', '/lib', '/lib64', '/proc', '/run', '/sbin', '/sys', '/usr',
  '/var/lib/containerd', '/var/lib/docker', '/var/lib/etcd', '/var/lib/kubelet', '/var/log', '/var/run'];

/** Directories that usually lie on the node's root file system. */
const ROOT_DISK_DIRECTORIES = ['/home', '/opt', '/root', '/tmp', '/var'];

/**
 * Throws unless the path can hold a daemon's data without harm to the node.
 */
export function requireVolumePath(path: string): void {
  ensure(path.startsWith('/'), 'path', 'must be absolute', path, `did you mean '/${path}'?`);
  ensure(/^[\w./@+-]+$/.test(path), 'path', "must consist of letters, digits and '/', '.', '-', '_', '+', '@'", path);
  ensure(!path.split('/').includes('..'), 'path', "must not contain '..'", path);
  const normal = normalized(path);
  ensure(normal !== '/', 'path', 'must not be the root of the node', path, "give a directory of its own, such as '/mnt/k8s/docker'");
  ensure(!NODE_DIRECTORIES.some(directory => isWithin(normal, directory) || isWithin(directory, normal)),
    'path', "must not be, hold or lie in one of the node's own directories", path, "give a directory of its own, such as '/mnt/k8s/docker'");
}

/**
 * Whether the path usually lies on the node's root file system.
 */
export function isOnRootDisk(path: string): boolean {
  return ROOT_DISK_DIRECTORIES.some(directory => isWithin(normalized(path), directory));
}

function normalized(path: string): string {
  return '/' + path.split('/').filter(part => part !== '' && part !== '.').join('/');
}

function isWithin(path: string, directory: string): boolean {
  return path === directory || path.startsWith(`${directory}/`);
}
