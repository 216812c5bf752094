import * as fs from 'node:fs';
import { sharedFile } from '../apiserver/support/shared';

/** The oldest Kubernetes minor that the library's output is valid on. */
export const OLDEST_MINOR = 22;

/** A Kubernetes release whose definitions are at hand. */
export interface KubernetesVersion {
  /** The minor, such as 30 of v1.30. */
  readonly minor: number;
  /** The path of the file with the definitions. */
  readonly file: string;
}

const FOLDER = sharedFile('kubernetes-schemas');

/** The releases whose definitions are at hand, oldest first: none where the folder `shared` beside the repository is absent. */
export function kubernetesVersions(): KubernetesVersion[] {
  if (!fs.existsSync(FOLDER)) {
    return [];
  }
  return fs.readdirSync(FOLDER)
    .flatMap(name => {
      const minor = /^v1\.(\d+)\.\d+\.json$/.exec(name)?.[1];
      return minor === undefined ? [] : [{ minor: Number(minor), file: sharedFile(`kubernetes-schemas/${name}`) }];
    })
    .sort((a, b) => a.minor - b.minor);
}
