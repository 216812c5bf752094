import * as fs from 'node:fs';
import * as path from 'node:path';
import { DockerClient } from '../../harness/docker/docker-client';
import { makeRunFolder } from '../../harness/docker/outer-daemon';
import { BASE } from './verified-project';

/** A project whose one step finds what it left in a cache mount. */
export class CacheMountProject {
  private readonly folder = makeRunFolder();
  private builds = 0;

  /** Builds it anew; tells whether the cache mount was empty or filled. */
  public async build(client: DockerClient): Promise<string | undefined> {
    this.builds += 1;
    const step = `RUN --mount=type=cache,target=/cache echo ${this.builds}: mount is $(cat /cache/state || echo empty). && echo filled > /cache/state`;
    fs.writeFileSync(path.join(this.folder, 'Dockerfile'), `FROM ${BASE}\n${step}\n`);
    return (await client.build(this.folder)).stderr.match(/: mount is (\w+)\./)?.[1];
  }
}
