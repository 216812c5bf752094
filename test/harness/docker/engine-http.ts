import * as http from 'node:http';
import { Readable } from 'node:stream';

/** An error that a Docker daemon answered. */
export class EngineError extends Error {
  constructor(public readonly status: number, message: string) {
    super(message);
  }
}

/** Sends one request to a Docker daemon's socket and returns the whole answer; throws what the daemon refuses. */
export function engineRequest(socketPath: string, method: string, path: string, body?: unknown): Promise<Buffer> {
  const headers = { 'Host': 'docker', 'Content-Type': body instanceof Readable ? 'application/x-tar' : 'application/json' };
  return new Promise((resolve, reject) => {
    const request = http.request({ socketPath, method, path, headers }, response => {
      const chunks: Buffer[] = [];
      response.on('data', (chunk: Buffer) => chunks.push(chunk)).once('error', reject);
      response.once('end', () => {
        const answer = Buffer.concat(chunks);
        if ((response.statusCode ?? 0) < 400) resolve(answer);
        else reject(new EngineError(response.statusCode ?? 0, `${method} ${path}: ${response.statusCode} ${answer.toString('utf8').trim()}`));
      });
    });
    request.once('error', reject);
    if (body instanceof Readable) body.once('error', reject).pipe(request);
    else request.end(body === undefined ? undefined : JSON.stringify(body));
  });
}

/** Handles the rejection of a request about something that has ended or is not there. */
export function ignoreMissing(error: unknown): void {
  if (!(error instanceof EngineError && [304, 404, 409].includes(error.status))) throw error;
}

/** Throws the error that a daemon reports in the middle of an answer whose status was good. */
export function refuseErrorLines(answer: Buffer): void {
  const error = answer.toString('utf8').split('\n').find(line => line.includes('"errorDetail"'));
  if (error) throw new EngineError(500, error);
}

/** Takes the text out of a stream in which each piece has a header of eight bytes: stream, three zeros, length. */
export function demultiplex(stream: Buffer): string {
  const pieces: Buffer[] = [];
  for (let at = 0; at + 8 <= stream.length;) {
    const length = stream.readUInt32BE(at + 4);
    pieces.push(stream.subarray(at + 8, at + 8 + length));
    at += 8 + length;
  }
  return Buffer.concat(pieces).toString('utf8');
}
