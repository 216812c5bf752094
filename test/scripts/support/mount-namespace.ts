import { spawnSync } from 'node:child_process';

/** The flags of unshare with which this user gets a mount namespace, if any. */
const FLAGS = [['--mount'], ['--mount', '--map-root-user']].find(flags => canMount(flags));

/** Why no mount namespace can be had here. */
export const NO_MOUNT_NAMESPACE = FLAGS === undefined ? 'unshare gives this user no mount namespace' : undefined;

/** A command that runs another in a mount namespace with an empty /run, after some preparation in sh. */
export function isolated(preparation: string, command: readonly string[], flags: readonly string[] = []): [program: string, args: string[]] {
  const emptyRun = 'mount -t tmpfs tmpfs /run; [ -L /var/run ] || mount -t tmpfs tmpfs /var/run';
  return ['unshare', [...FLAGS!, ...flags, 'sh', '-ec', `${emptyRun}; ${preparation}\nexec "$@"`, 'sh', ...command]];
}

function canMount(flags: string[]): boolean {
  return spawnSync('unshare', [...flags, 'mount', '-t', 'tmpfs', 'tmpfs', '/run']).status === 0;
}
