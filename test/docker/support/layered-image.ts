import * as fs from 'node:fs';
import * as path from 'node:path';
import { DockerClient } from '../../harness/docker/docker-client';
import { makeRunFolder } from '../../harness/docker/outer-daemon';
import { BASE } from './verified-project';

/** How much an image holds. */
export interface LayeredImageProps {
  readonly layers: number;
  readonly megabytesPerLayer: number;
  readonly filesPerLayer: number;
}

/** Builds an image of large layers with many files, whose content is fast to make. */
export async function buildLayeredImage(client: DockerClient, { layers, megabytesPerLayer, filesPerLayer }: LayeredImageProps): Promise<void> {
  const folder = makeRunFolder();
  const layer = (at: number): string =>
    `RUN mkdir /${at} && dd if=/dev/zero of=/${at}/large bs=1M count=${megabytesPerLayer} && for i in $(seq ${filesPerLayer}); do echo ${at}-$i > /${at}/$i; done`;
  fs.writeFileSync(path.join(folder, 'Dockerfile'), [`FROM ${BASE}`, ...Array.from({ length: layers }, (_, at) => layer(at)), ''].join('\n'));
  await client.build(folder, ['-t', 'layered:1']);
}

/** A build that keeps a core and the disk busy for so many seconds. */
export async function heavyBuild(client: DockerClient, name: string, seconds: number): Promise<void> {
  const folder = makeRunFolder();
  const work = `end=$(($(date +%s) + ${seconds})); while [ $(date +%s) -lt $end ]; do dd if=/dev/urandom bs=1M count=8 2> /dev/null | gzip > /large; done`;
  fs.writeFileSync(path.join(folder, 'Dockerfile'), `FROM ${BASE}\nRUN echo ${name}; ${work}\n`);
  await client.build(folder, ['-t', `${name}:1`]);
}
