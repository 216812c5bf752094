import * as fs from 'node:fs';
import * as http from 'node:http';
import * as path from 'node:path';
import { makeRunFolder, OuterDaemon } from '../../harness/docker/outer-daemon';
import { CacheDaemon, CacheDaemonProps } from './cache-daemon';
import { Registries } from './registries';

const LAYERS = 6;

/** A daemon on which every option has another value than its default, with registries around it. */
export class ConfiguredDaemon {
  private constructor(private readonly outer: OuterDaemon, public readonly cache: CacheDaemon, public readonly registries: Registries) {}

  /** Starts the daemon, with the Secret that `registryCertificates` names. */
  public static async start(outer: OuterDaemon, registries: Registries, props: CacheDaemonProps): Promise<ConfiguredDaemon> {
    const cache = await CacheDaemon.create(outer, props);
    cache.player.writeSecret('dind-cache', 'registry-ca', { 'ca.crt': fs.readFileSync(registries.authority) });
    await cache.start();
    return new ConfiguredDaemon(outer, cache, registries);
  }

  /** Runs a command of the CLI. */
  public run(...args: string[]): Promise<string> {
    return this.cache.client.run(args);
  }

  /** What a Go template makes of the daemon's description. */
  public info(template: string): Promise<string> {
    return this.run('info', '--format', template).then(text => text.trim());
  }

  /** Builds an image of several layers and pushes it by way of the plain registry, then forgets it. */
  public async publish(name: string): Promise<void> {
    await this.cache.client.importBase('base:1');
    const image = `${this.registries.plain.host}/${name}`;
    await this.build(['FROM base:1', ...Array.from({ length: LAYERS }, (_, at) => `RUN dd if=/dev/urandom of=/${at} bs=100k count=1`)], ['-t', image]);
    await this.run('push', image);
    await this.forget(image);
  }

  /** Removes an image and all cache, so that a pull must fetch every layer. */
  public async forget(image: string): Promise<void> {
    await this.run('image', 'rm', image);
    await this.run('buildx', 'prune', '-af');
  }

  /** Builds a Dockerfile without any file and returns what the build printed. */
  public async build(dockerfile: string[], args: string[] = []): Promise<string> {
    const context = makeRunFolder();
    fs.writeFileSync(path.join(context, 'Dockerfile'), `${dockerfile.join('\n')}\n`);
    return (await this.cache.client.build(context, ['--no-cache', ...args])).stderr;
  }

  /** The headers of an answer from the daemon's own socket. */
  public async headers(url: string): Promise<http.IncomingHttpHeaders> {
    const { State: { Pid } } = await this.outer.engine.inspect(this.cache.pod.container().id);
    return new Promise((resolve, reject) => {
      http.get({ socketPath: `/proc/${Pid}/root/run/docker.sock`, path: url, headers: { Host: 'docker' } }, answer => {
        answer.resume();
        resolve(answer.headers);
      }).once('error', reject);
    });
  }
}
