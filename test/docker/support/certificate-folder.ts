import * as fs from 'node:fs';
import * as path from 'node:path';
import { makeRunFolder } from '../../harness/docker/outer-daemon';
import { SecretData } from './issued-documents';

/** The environment of a client that uses the certificate in a folder with these files. */
export function certificateEnvironment(files: SecretData): NodeJS.ProcessEnv {
  const folder = makeRunFolder();
  for (const [name, content] of Object.entries(files)) fs.writeFileSync(path.join(folder, name), content);
  return { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: folder };
}
