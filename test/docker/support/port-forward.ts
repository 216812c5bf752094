import * as net from 'node:net';

/** A port of this machine that leads to one of a pod, as with `kubectl port-forward`. */
export class PortForward {
  private readonly sockets = new Set<net.Socket>();

  private constructor(private readonly server: net.Server) {}

  /** Opens a port on the loopback interface, or on another address of this machine. */
  public static async open(target: { readonly host: string; readonly port: number }, address = '127.0.0.1'): Promise<PortForward> {
    const server = net.createServer();
    const forward = new PortForward(server);
    server.on('connection', client => forward.join(client, net.connect(target)));
    await new Promise<void>(resolve => { server.listen(0, address, resolve); });
    return forward;
  }

  /** The port that it listens on. */
  public get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }

  /** Closes the port and every connection. */
  public close(): void {
    this.server.close();
    this.sockets.forEach(socket => socket.destroy());
  }

  private join(...ends: [net.Socket, net.Socket]): void {
    ends.forEach((end, index) => {
      const other = ends[1 - index];
      this.sockets.add(end);
      end.on('error', () => other.destroy()).once('close', () => {
        this.sockets.delete(end);
        other.destroy();
      });
      end.pipe(other);
    });
  }
}
