import * as net from 'node:net';
import { Transform } from 'node:stream';

/** Where a forward listens, and how fast it is. */
export interface PortForwardOptions {
  /** Address of this machine. @default '127.0.0.1' */
  readonly address?: string;
  /** Bytes a second in each direction of each connection. @default - no limit */
  readonly bytesPerSecond?: number;
}

/** A port of this machine that leads to one of a pod, as with `kubectl port-forward`. */
export class PortForward {
  private readonly sockets = new Set<net.Socket>();

  private constructor(private readonly server: net.Server, private readonly bytesPerSecond?: number) {}

  /** Opens a free port. */
  public static async open(target: { readonly host: string; readonly port: number }, options: PortForwardOptions = {}): Promise<PortForward> {
    const { address = '127.0.0.1', bytesPerSecond } = options;
    const server = net.createServer();
    const forward = new PortForward(server, bytesPerSecond);
    server.on('connection', client => forward.join(client, net.connect(target)));
    await new Promise<void>(resolve => { server.listen(0, address, resolve); });
    return forward;
  }

  /** The port that it listens on. */
  public get port(): number {
    return (this.server.address() as net.AddressInfo).port;
  }

  /** How many connections are open. */
  public get connections(): number {
    return this.sockets.size / 2;
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
      (this.bytesPerSecond ? end.pipe(throttle(this.bytesPerSecond)) : end).pipe(other);
    });
  }
}

function throttle(bytesPerSecond: number): Transform {
  return new Transform({
    transform: (chunk: Buffer, _, done) => { setTimeout(() => done(null, chunk), chunk.length / bytesPerSecond * 1000); },
  });
}
