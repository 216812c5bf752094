import { PlayerOptions } from '../../harness/docker/manifest-player';
import { makeRunFolder } from '../../harness/docker/outer-daemon';

/** What plays the claim of a cache as a folder that outlives the cache and may be shared. */
export function dataFolder(folder = makeRunFolder()): { readonly player: PlayerOptions } {
  return { player: { claims: { 'docker-dind-data': folder } } };
}
