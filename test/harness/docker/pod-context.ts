import { ClusterState } from './cluster-state';
import { Engine } from './engine';

/** What the pods of one player share. */
export interface PodContext {
  readonly engine: Engine;
  readonly cluster: ClusterState;
  /** Name that the outer daemon has for an image of the manifests. */
  imageOf(image: string): Promise<string>;
  /** Name of the BusyBox image, for sandboxes. */
  readonly sandboxImage: string;
  /** Address of the cluster's name server. */
  readonly nameServer: string;
  /** `name:address` of each Service, as a pod of the namespace resolves it. */
  hosts(namespace: string): string[];
  /** Called whenever a container has become ready or ceased to be. */
  readinessChanged(): void;
  /** Seconds before the second restart of a container; they double with each further one. */
  readonly restartBackoffSeconds: number;
  /** Starts an ended container again instead of a new one, which no kubelet does, but a plain `docker restart`. */
  readonly reuseContainers: boolean;
}
