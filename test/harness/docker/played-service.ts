import * as net from 'node:net';
import { tryRun } from './command';
import { Bridge } from './own-daemon';
import { PlayedPod } from './played-pod';
import { KubernetesObject } from './pod-spec';

/** The parts of a Service that the player plays. */
export interface ServiceObject extends KubernetesObject {
  readonly spec: {
    readonly selector: Record<string, string>;
    readonly ports: { readonly port: number; readonly targetPort?: number | string }[];
    readonly publishNotReadyAddresses?: boolean;
  };
}

/**
 * A Service: an address of its own that leads to the ready pods which it selects, and refuses connections when there are none.
 *
 * A pod that is being deleted but still ready stays behind it, as with kube-proxy when no other pod is ready.
 */
export class PlayedService {
  private readonly servers = new Map<number, net.Server>();
  private readonly sockets = new Set<net.Socket>();

  private constructor(
    private readonly service: ServiceObject,
    public readonly address: string,
    private readonly bridge: Bridge,
    private readonly pods: () => PlayedPod[],
  ) {}

  /** Gives the Service an address that nobody has. */
  public static async create(service: ServiceObject, bridge: Bridge, pods: () => PlayedPod[]): Promise<PlayedService> {
    const prefix = bridge.subnet.split('.').slice(0, 2).join('.');
    for (let attempt = 0; attempt < 100; attempt += 1) {
      // The upper half of the network is never a container's.
      const address = `${prefix}.${200 + Math.floor(Math.random() * 50)}.${1 + Math.floor(Math.random() * 250)}`;
      const added = await tryRun('ip', ['address', 'add', `${address}/32`, 'dev', bridge.name]);
      if (added.exitCode === 0) return new PlayedService(service, address, bridge, pods);
      if (!added.stderr.includes('exists')) throw new Error(`no address for Service ${service.metadata.name}: ${added.stderr}`);
    }
    throw new Error(`no free address for Service ${service.metadata.name}`);
  }

  /** Name of the Service. */
  public get name(): string {
    return this.service.metadata.name;
  }

  /** `name:address` for each name that a pod of a namespace can use. */
  public hosts(namespace: string): string[] {
    const { name, namespace: own = 'default' } = this.service.metadata;
    const names = [`${name}.${own}`, `${name}.${own}.svc`, `${name}.${own}.svc.cluster.local`];
    return [...(namespace === own ? [name] : []), ...names].map(each => `${each}:${this.address}`);
  }

  /** Opens or closes the ports after a pod has become ready or ceased to be; established connections stay. */
  public update(): void {
    for (const { port, targetPort = port } of this.service.spec.ports) {
      const server = this.servers.get(port);
      if (this.endpoint() && !server) this.listen(port, targetPort);
      if (!this.endpoint() && server) {
        server.close();
        this.servers.delete(port);
      }
    }
  }

  /** Closes everything and gives the address back. */
  public async remove(): Promise<void> {
    this.servers.forEach(server => server.close());
    this.sockets.forEach(socket => socket.destroy());
    await tryRun('ip', ['address', 'delete', `${this.address}/32`, 'dev', this.bridge.name]);
  }

  private endpoint(): PlayedPod | undefined {
    const { selector, publishNotReadyAddresses } = this.service.spec;
    const selects = (pod: PlayedPod): boolean => Object.entries(selector).every(([label, value]) => pod.labels[label] === value);
    return this.pods().find(pod => pod.namespace === (this.service.metadata.namespace ?? 'default') && selects(pod) && (publishNotReadyAddresses ?? pod.ready));
  }

  private listen(port: number, targetPort: number | string): void {
    const server = net.createServer({ allowHalfOpen: true }, client => {
      const pod = this.endpoint();
      if (!pod) client.destroy();
      else this.join(client, net.connect({ host: pod.ip, port: pod.port(targetPort), allowHalfOpen: true }));
    });
    this.servers.set(port, server.listen(port, this.address));
  }

  private join(client: net.Socket, upstream: net.Socket): void {
    for (const [from, to] of [[client, upstream], [upstream, client]]) {
      this.sockets.add(from);
      from.setNoDelay(true);
      from.on('error', () => to.destroy()).once('close', () => { this.sockets.delete(from); });
      from.pipe(to);
    }
  }
}
