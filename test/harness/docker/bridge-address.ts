import { run, tryRun } from './command';
import { Bridge } from './own-daemon';

/** An address of this machine that the containers reach, and nobody else has. */
export class BridgeAddress {
  private constructor(public readonly address: string, private readonly bridge: Bridge) {}

  /** Takes an address in the upper half of the network, which is never a container's. */
  public static async take(bridge: Bridge): Promise<BridgeAddress> {
    const prefix = bridge.subnet.split('.').slice(0, 2).join('.');
    for (let attempt = 0; attempt < 100; attempt += 1) {
      const address = `${prefix}.${200 + Math.floor(Math.random() * 50)}.${1 + Math.floor(Math.random() * 250)}`;
      const added = await tryRun('ip', ['address', 'add', `${address}/32`, 'dev', bridge.name]);
      if (added.exitCode === 0) return new BridgeAddress(address, bridge);
      if (!added.stderr.includes('exists')) throw new Error(`no address on ${bridge.name}: ${added.stderr}`);
    }
    throw new Error(`no free address on ${bridge.name}`);
  }

  /** Gives the address back. */
  public async release(): Promise<void> {
    await run('ip', ['address', 'delete', `${this.address}/32`, 'dev', this.bridge.name]);
  }
}
