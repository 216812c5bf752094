import { once } from 'node:events';
import * as http from 'node:http';
import * as net from 'node:net';

/** An HTTP proxy that remembers what it was asked for, and knows the only hosts that there are. */
export class RecordingProxy {
  /** Such as `GET http://registry.test/v2/` or `CONNECT registry.test:443`. */
  public readonly requests: string[] = [];

  private constructor(private readonly server: http.Server, private readonly hosts: Readonly<Record<string, string>>) {}

  /** Listens on a free port; `hosts` tells the real `address:port` of each `name:port`. */
  public static async start(address: string, hosts: Readonly<Record<string, string>>): Promise<RecordingProxy> {
    const server = http.createServer();
    const proxy = new RecordingProxy(server, hosts);
    server.on('request', (request, response) => proxy.forward(request, response));
    server.on('connect', (request: http.IncomingMessage, client: net.Socket) => proxy.tunnel(request, client));
    server.listen(0, address);
    await once(server, 'listening');
    return proxy;
  }

  /** URL of the proxy. */
  public get url(): string {
    const { address, port } = this.server.address() as net.AddressInfo;
    return `http://${address}:${port}`;
  }

  /** Closes the port and every connection. */
  public stop(): void {
    this.server.close();
    this.server.closeAllConnections();
  }

  private forward(request: http.IncomingMessage, response: http.ServerResponse): void {
    this.requests.push(`${request.method} ${request.url}`);
    const url = new URL(request.url ?? '');
    const [host, port] = this.target(`${url.hostname}:${url.port || 80}`);
    const upstream = http.request({ host, port, method: request.method, path: url.pathname + url.search, headers: request.headers }, answer => {
      response.writeHead(answer.statusCode ?? 502, answer.headers);
      answer.pipe(response);
    });
    upstream.once('error', () => response.writeHead(502).end());
    request.pipe(upstream);
  }

  private tunnel(request: http.IncomingMessage, client: net.Socket): void {
    this.requests.push(`CONNECT ${request.url}`);
    const [host, port] = this.target(request.url ?? '');
    const upstream = net.connect(port, host, () => {
      client.write('HTTP/1.1 200 Connection established\r\n\r\n');
      client.pipe(upstream).pipe(client);
    });
    upstream.once('error', () => client.end('HTTP/1.1 502 Bad Gateway\r\n\r\n'));
    client.once('error', () => upstream.destroy());
  }

  /** A host that there is not is looked for on a port that nobody can listen on. */
  private target(host: string): [string, number] {
    const [address, port] = (this.hosts[host] ?? '127.0.0.1:0').split(':');
    return [address, Number(port)];
  }
}
