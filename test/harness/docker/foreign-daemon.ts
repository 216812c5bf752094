import * as fs from 'node:fs';
import { Engine } from './engine';
import { busyboxImage } from './images';
import { Bridge } from './own-daemon';

/** A daemon that the machine had already. */
export interface ForeignDaemon {
  readonly engine: Engine;
  readonly bridge: Bridge;
}

/** Finds the machine's own daemon, if there is one and it runs privileged containers; `DIND_OUTER=own` leaves it alone. */
export async function findForeignDaemon(): Promise<ForeignDaemon | undefined> {
  const socket = (process.env.DOCKER_HOST ?? 'unix:///var/run/docker.sock').replace(/^unix:\/\//, '');
  if (process.env.DIND_OUTER === 'own' || !fs.existsSync(socket)) return undefined;
  const engine = new Engine(socket);
  if (!await engine.ping() || !await runsPrivileged(engine)) return undefined;
  const { IPAM, Options } = await engine.network('bridge');
  const [{ Subnet, Gateway }] = IPAM.Config;
  return { engine, bridge: { name: Options['com.docker.network.bridge.name'] ?? 'docker0', subnet: Subnet, gateway: Gateway } };
}

async function runsPrivileged(engine: Engine): Promise<boolean> {
  const image = await busyboxImage(engine);
  try {
    const id = await engine.run({ Image: image, Cmd: ['true'], HostConfig: { Privileged: true } });
    const exitCode = await engine.wait(id);
    await engine.remove(id);
    return exitCode === 0;
  } catch (error) {
    process.stderr.write(`the machine's own Docker daemon runs no privileged container, so another one is started: ${String(error)}\n`);
    return false;
  }
}
