import * as https from 'node:https';
import { setTimeout as sleep } from 'node:timers/promises';
import { PlayedPod } from '../../harness/docker/played-pod';
import { SecretData } from './issued-documents';

/** How long a restart of the daemon took, in seconds from the start of its container. */
export interface RestartTimes {
  /** Until the daemon answered: nothing can be faster. */
  readonly floor: number;
  /** Until the Service led to it again. */
  readonly apiUp: number;
}

/** Waits for the next restart of the daemon and measures it; connects to nothing before, since that would keep the daemon from restarting. */
export async function watchRestart(pod: PlayedPod, certificate: SecretData, deadlineSeconds = 120): Promise<RestartTimes> {
  const before = pod.container().restarts;
  const deadline = performance.now() + deadlineSeconds * 1000;
  const until = async (what: string, look: () => boolean | Promise<boolean>): Promise<number> => {
    while (!await look()) {
      if (performance.now() > deadline) throw new Error(`not within ${deadlineSeconds} s: ${what}\n${await pod.describe()}`);
      await sleep(20);
    }
    return performance.now();
  };
  const started = await until('the container is started again', () => pod.container().restarts > before);
  const [answered, ready] = await Promise.all([
    until('the daemon answers', () => answers(pod.ip, certificate)),
    until('the pod is ready', () => pod.ready),
  ]);
  return { floor: (answered - started) / 1000, apiUp: (ready - started) / 1000 };
}

function answers(host: string, files: SecretData): Promise<boolean> {
  const certificate = { ca: files['ca.pem'], cert: files['cert.pem'], key: files['key.pem'], checkServerIdentity: () => undefined };
  return new Promise(resolve => {
    https.get({ host, port: 2376, path: '/_ping', agent: false, ...certificate }, response => {
      response.resume();
      resolve(response.statusCode === 200);
    }).once('error', () => resolve(false));
  });
}
