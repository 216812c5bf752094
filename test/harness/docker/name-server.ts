import * as dgram from 'node:dgram';
import { once } from 'node:events';
import { BridgeAddress } from './bridge-address';
import { Bridge } from './own-daemon';

const [HEADER, TYPE_A] = [12, 1];

/**
 * The cluster's name server: it knows the names of Services, for what a build runs, and says of all others that they do not exist.
 *
 * Without it each look-up would wait for its time-out.
 */
export class NameServer {
  private constructor(private readonly own: BridgeAddress, private readonly socket: dgram.Socket) {}

  /** Starts to answer; `addressOf` gives the address of a name. */
  public static async start(bridge: Bridge, addressOf: (name: string) => string | undefined): Promise<NameServer> {
    const own = await BridgeAddress.take(bridge);
    const socket = dgram.createSocket('udp4');
    socket.on('message', (query, from) => socket.send(answer(query, addressOf), from.port, from.address));
    socket.bind(53, own.address);
    await once(socket, 'listening');
    return new NameServer(own, socket);
  }

  /** Where the name server listens. */
  public get address(): string {
    return this.own.address;
  }

  /** Stops to answer. */
  public async stop(): Promise<void> {
    this.socket.close();
    await this.own.release();
  }
}

/** An answer repeats the question; a known name has no other record than its address. */
function answer(query: Buffer, addressOf: (name: string) => string | undefined): Buffer {
  const { name, end } = questionName(query);
  const address = addressOf(name);
  const records = address !== undefined && query.readUInt16BE(end) === TYPE_A ? [addressRecord(address)] : [];
  const header = Buffer.alloc(HEADER);
  query.copy(header, 0, 0, 2);
  // An authoritative answer, recursion desired and available; 3 says that the name does not exist.
  header.writeUInt16BE(0x8580 | (address === undefined ? 3 : 0), 2);
  header.writeUInt16BE(1, 4);
  header.writeUInt16BE(records.length, 6);
  return Buffer.concat([header, query.subarray(HEADER, end + 4), ...records]);
}

function questionName(query: Buffer): { readonly name: string; readonly end: number } {
  const labels: string[] = [];
  let at = HEADER;
  for (; query[at] > 0; at += query[at] + 1) labels.push(query.toString('latin1', at + 1, at + 1 + query[at]));
  return { name: labels.join('.').toLowerCase(), end: at + 1 };
}

/** A pointer to the name in the question, type A, class IN, five seconds to live, four bytes. */
function addressRecord(address: string): Buffer {
  return Buffer.from([0xc0, HEADER, 0, TYPE_A, 0, 1, 0, 0, 0, 5, 0, 4, ...address.split('.').map(Number)]);
}
