import * as net from 'node:net';
import { BridgeAddress } from './bridge-address';
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
    private readonly own: BridgeAddress,
    private readonly pods: () => PlayedPod[],
  ) {}

  /** Gives the Service an address. */
  public static async create(service: ServiceObject, bridge: Bridge, pods: () => PlayedPod[]): Promise<PlayedService> {
    return new PlayedService(service, await BridgeAddress.take(bridge), pods);
  }

  /** Address of the Service. */
  public get address(): string {
    return this.own.address;
  }

  /** Name of the Service. */
  public get name(): string {
    return this.service.metadata.name;
  }

  /** Each name that a pod of a namespace can use. */
  public names(namespace: string): string[] {
    const { name, namespace: own = 'default' } = this.service.metadata;
    return [...(namespace === own ? [name] : []), `${name}.${own}`, `${name}.${own}.svc`, `${name}.${own}.svc.cluster.local`];
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
    await this.own.release();
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
