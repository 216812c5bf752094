import * as net from 'node:net';
import { DockerClient } from '../harness/docker/docker-client';
import { engineRequest } from '../harness/docker/engine-http';
import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { PlayedPod } from '../harness/docker/played-pod';
import { dockerVersionsUnderTest } from '../harness/docker/versions';
import { eventually } from '../harness/kubernetes/eventually';
import { CACHE_NAME, CACHE_NAMESPACE, CacheDaemon, CLIENT_NAMESPACE, CLIENT_SECRET, SERVER_SECRET, STATE_SECRET } from './support/cache-daemon';
import { CacheWithJobs } from './support/cache-with-jobs';
import { certificateEnvironment } from './support/certificate-folder';
import { issue } from './support/issue';
import { IssuedDocuments, SecretData, without } from './support/issued-documents';
import { PortForward } from './support/port-forward';

const PORTS = [2375, 2376];

describe.each(dockerVersionsUnderTest())('mutual TLS on Docker %s', version => {
  let outer: OuterDaemon;

  beforeAll(async () => {
    outer = await startOuterDaemon();
  });

  afterAll(async () => {
    await outer?.release();
  });

  describe('a daemon whose Secret is not complete', () => {
    let cache: CacheDaemon;

    beforeAll(async () => {
      // leaves time to look at a container that has ended
      cache = await CacheDaemon.create(outer, { version, imageStore: 'graphdriver', player: { restartBackoffSeconds: 10 } });
    });

    afterAll(() => cache?.dispose());

    const start = (server: SecretData): Promise<PlayedPod> => {
      cache.player.writeSecret(CACHE_NAMESPACE, SERVER_SECRET, server);
      return cache.player.startDeployment(CACHE_NAME);
    };
    const complete = (): SecretData => cache.issued.data(CACHE_NAMESPACE, SERVER_SECRET);

    test('waits for a certificate that nobody has issued yet', async () => {
      await expect(start({})).rejects.toThrow('references non-existent key: ca.pem');
    });

    test.each(['ca.pem', 'cert.pem', 'key.pem'])('waits for a missing %s', async key => {
      await expect(start(without(complete(), key))).rejects.toThrow(`references non-existent key: ${key}`);
    });

    test.each(['ca.pem', 'cert.pem', 'key.pem'])('ends with an empty %s, listens nowhere and makes no certificates of its own', async key => {
      const pod = await start({ ...complete(), [key]: Buffer.alloc(0) });
      const [{ id, log }, opened] = await Promise.all([endedTwice(pod), portsOpened(pod)]);
      expect(log).toBe(`start: the server's Secret holds no ${key}\n`);
      expect(opened).toEqual([]);
      expect((await engineRequest(outer.engine.socket, 'GET', `/containers/${id}/changes`)).toString()).not.toContain('.pem');
      await cache.player.remove(pod);
    });
  });

  describe('a daemon with its Secret', () => {
    let cache: CacheWithJobs;
    let forward: PortForward;
    /** Client certificates by what is wrong with them. */
    const certificates = new Map<string, SecretData>();

    beforeAll(async () => {
      cache = await CacheWithJobs.start(outer, { version });
      forward = await PortForward.open({ host: cache.pod.ip, port: 2376 });
      await collectCertificates(outer, version, cache.daemon.issued, certificates);
    });

    afterAll(async () => {
      forward?.close();
      await cache?.dispose();
    });

    const connect = (which: string, host = 'localhost'): Promise<DockerClient> =>
      DockerClient.create(`tcp://${host}:${forward.port}`, certificateEnvironment(certificates.get(which)!));

    test('builds for a client by every name of its certificate', async () => {
      const names = cache.daemon.issued.certificate(CACHE_NAMESPACE, SERVER_SECRET).subjectAltName!.replaceAll('DNS:', '').split(', ');
      const job = await cache.startJob(CACHE_NAMESPACE);
      for (const name of names.filter(each => each !== 'localhost')) {
        const { exitCode, output } = await job.run('printf "FROM scratch\\nLABEL host=$DOCKER_HOST" | docker build -', { DOCKER_HOST: `tcp://${name}:2376` });
        expect([exitCode, output]).toEqual([0, expect.stringContaining('writing image')]);
      }
      expect(names).toContain('localhost');
      await (await connect('own')).run(['buildx', 'build', '-'], { input: 'FROM scratch\nLABEL host=localhost' });
    });

    test('builds for a client in the namespace of clients, by the name that its environment holds', async () => {
      const { exitCode } = await (await cache.startJob(CLIENT_NAMESPACE)).run('printf "FROM scratch\\nLABEL a=b" | docker build -');
      expect(exitCode).toBe(0);
    });

    test.each([
      ['without a certificate', 'none', 'remote error: tls: certificate required'],
      ["with another CA's certificate", 'foreign', 'remote error: tls: unknown certificate authority'],
      ['with an expired certificate', 'expired', 'remote error: tls: expired certificate'],
      ["with the server's certificate", 'server', 'remote error: tls: bad certificate'],
    ])('refuses a client %s', async (_, which, message) => {
      for (const command of [['version'], ['buildx', 'build', '-']]) {
        expect(await (await connect(which)).tryRun(command, { input: 'FROM scratch' })).toMatchObject({ exitCode: 1, stderr: expect.stringContaining(message) });
      }
    });

    test('refuses a client in plain text', async () => {
      const plain = await DockerClient.create(`tcp://localhost:${forward.port}`);
      expect(await plain.tryRun(['version'])).toMatchObject({ exitCode: 1, stderr: expect.stringContaining('Client sent an HTTP request to an HTTPS server') });
      expect(await connects(cache.pod.ip, 2375)).toBe(false);
    });

    test('is refused by a client that trusts another CA, or knows it by an address', async () => {
      const { stderr } = await (await connect('otherCa')).tryRun(['version']);
      expect(stderr).toContain('x509: certificate signed by unknown authority');
      expect((await (await connect('own', '127.0.0.1')).tryRun(['version'])).stderr).toContain("because it doesn't contain any IP SANs");
    });

    test('has neither the key of its CA nor a token in its pod', async () => {
      const look = 'ls /certs/server | xargs; ls /var/run/secrets /certs/ca 2>&1; ls /certs/client';
      expect((await cache.pod.container().exec(['sh', '-c', look])).output).toBe([
        'ca.pem cert.pem key.pem', 'ls: /var/run/secrets: No such file or directory', 'ls: /certs/ca: No such file or directory', '',
      ].join('\n'));
    });
  });
});

async function collectCertificates(outer: OuterDaemon, version: string, issued: IssuedDocuments, certificates: Map<string, SecretData>): Promise<void> {
  const own = issued.data(CLIENT_NAMESPACE, CLIENT_SECRET);
  const other = (await issue(outer, { version })).data(CLIENT_NAMESPACE, CLIENT_SECRET);
  const state = without(issued.data(CACHE_NAMESPACE, STATE_SECRET), `client-${CLIENT_NAMESPACE}-cert.pem`);
  const expired = await issue(outer, { version, state, environment: { DAYS: '0' } });
  certificates.set('own', own);
  certificates.set('none', { 'ca.pem': own['ca.pem'] });
  certificates.set('otherCa', other);
  certificates.set('foreign', { ...other, 'ca.pem': own['ca.pem'] });
  certificates.set('expired', expired.data(CLIENT_NAMESPACE, CLIENT_SECRET));
  certificates.set('server', issued.data(CACHE_NAMESPACE, SERVER_SECRET));
}

/** Waits until the first container of a pod has ended twice, since a kubelet tries again, and tells about the last. */
async function endedTwice(pod: PlayedPod): Promise<{ readonly id: string; readonly log: string }> {
  await eventually('the container has ended twice', async () => pod.container().exitCodes.length >= 2);
  expect(pod.container().exitCodes.every(code => code === 1)).toBe(true);
  return { id: pod.container().id, log: await pod.container().log() };
}

/** Docker's ports that could be connected to until the first container of a pod has ended twice. */
async function portsOpened(pod: PlayedPod): Promise<number[]> {
  const opened = new Set<number>();
  await eventually('the container has ended twice', async () => {
    for (const port of PORTS) if (await connects(pod.ip, port)) opened.add(port);
    return pod.container().exitCodes.length >= 2;
  }, { intervalMilliseconds: 20 });
  return [...opened];
}

function connects(host: string, port: number): Promise<boolean> {
  return new Promise(resolve => {
    const socket = net.connect({ host, port }).once('error', () => resolve(false)).once('connect', () => {
      socket.destroy();
      resolve(true);
    });
  });
}
