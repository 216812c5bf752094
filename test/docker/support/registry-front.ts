import { once } from 'node:events';
import * as fs from 'node:fs';
import * as http from 'node:http';
import * as https from 'node:https';
import * as net from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { KeyPair } from '../../harness/kubernetes/certificates';

/** Layers of the tests' images are larger than this, their configurations smaller. */
const LARGEST_CONFIGURATION = 50_000;
/** How long a layer is on its way at least, so that layers which may be sent at once are. */
const TRANSFER_MILLISECONDS = 300;

type Transfer = 'pull' | 'push';

/** What stands before a registry. */
export interface RegistryFrontProps {
  /** Address of this machine to listen at. */
  readonly address: string;
  /** The registry behind it, as `host:port`. */
  readonly registry: string;
  /** Speaks TLS by this certificate. @default - plain HTTP */
  readonly certificate?: KeyPair;
}

/** Stands before a registry, remembers what was asked for, and counts the layers that are on their way at once. */
export class RegistryFront {
  /** Method and path of each request. */
  public readonly requests: string[] = [];
  private readonly running = { pull: 0, push: 0 };
  private readonly most = { pull: 0, push: 0 };

  private constructor(private readonly server: http.Server, private readonly props: RegistryFrontProps) {}

  /** Listens on a free port. */
  public static async start(props: RegistryFrontProps): Promise<RegistryFront> {
    const { address, certificate } = props;
    const server = certificate
      ? https.createServer({ cert: fs.readFileSync(certificate.certificate), key: fs.readFileSync(certificate.key) })
      : http.createServer();
    const front = new RegistryFront(server, props);
    server.on('request', (request, response) => front.forward(request, response));
    server.listen(0, address);
    await once(server, 'listening');
    return front;
  }

  /** Address and port, as in the name of an image. */
  public get host(): string {
    return `${this.props.address}:${(this.server.address() as net.AddressInfo).port}`;
  }

  /** How many layers were pulled at once at most. */
  public get pulledAtOnce(): number {
    return this.most.pull;
  }

  /** How many layers were pushed at once at most. */
  public get pushedAtOnce(): number {
    return this.most.push;
  }

  /** Closes the port and every connection. */
  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private forward(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    const [host, port] = this.props.registry.split(':');
    // The registry tells where to upload to in absolute URLs.
    const headers = { ...request.headers, 'x-forwarded-proto': this.props.certificate ? 'https' : 'http' };
    const upstream = http.request({ host, port, method: request.method, path: request.url, headers }, answer => {
      void this.slowly(transferOf(request, answer), () => {
        response.writeHead(answer.statusCode ?? 502, answer.headers);
        answer.pipe(response);
      });
    });
    upstream.once('error', () => response.destroy());
    request.pipe(upstream);
  }

  /** Answers after a while where a layer is on its way, which is counted meanwhile. */
  private async slowly(transfer: Transfer | undefined, answer: () => void): Promise<void> {
    if (!transfer) return answer();
    this.running[transfer] += 1;
    this.most[transfer] = Math.max(this.most[transfer], this.running[transfer]);
    await sleep(TRANSFER_MILLISECONDS);
    this.running[transfer] -= 1;
    answer();
  }
}

function transferOf({ method = '', url = '' }: http.IncomingMessage, { headers }: http.IncomingMessage): Transfer | undefined {
  // A graph driver sends a layer and then says that it was all, containerd's store does both in one.
  if (['PATCH', 'PUT'].includes(method) && url.includes('/blobs/uploads/')) return 'push';
  return method === 'GET' && Number(headers['content-length']) > LARGEST_CONFIGURATION ? 'pull' : undefined;
}
