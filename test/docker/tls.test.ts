import * as net from 'node:net';
import { DockerClient } from '../harness/docker/docker-client';
import { engineRequest } from '../harness/docker/engine-http';
import { ManifestPlayer } from '../harness/docker/manifest-player';
import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { PlayedPod } from '../harness/docker/played-pod';
import { dockerVersionsUnderTest } from '../harness/docker/versions';
import { eventually } from '../harness/kubernetes/eventually';
import { synthesizeCache } from './support/cache-under-test';
import { certificateEnvironment } from './support/certificate-folder';
import { issue, SecretData, stateSecret, without } from './support/issued-documents';
import { PlayedCache } from './support/played-cache';
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
    const cache = synthesizeCache({ version });
    const server = `${cache.name}-server-tls`;
    let complete: SecretData;
    let player: ManifestPlayer;

    beforeAll(async () => {
      complete = (await issue(outer, cache)).data(cache.namespace, server);
      player = await ManifestPlayer.create(outer, cache.yaml);
      await player.runJob('Job', cache.directoryJob);
    });

    afterAll(() => player?.dispose());

    test('waits for a certificate that nobody has issued yet', async () => {
      await expect(player.startDeployment(cache.name)).rejects.toThrow('references non-existent key: ca.pem');
    });

    test.each(['ca.pem', 'cert.pem', 'key.pem'])('waits for a missing %s', async key => {
      player.writeSecret(cache.namespace, server, without(complete, key));
      await expect(player.startDeployment(cache.name)).rejects.toThrow(`references non-existent key: ${key}`);
    });

    test.each(['ca.pem', 'cert.pem', 'key.pem'])('ends with an empty %s, listens nowhere and makes no certificates of its own', async key => {
      player.writeSecret(cache.namespace, server, { ...complete, [key]: Buffer.alloc(0) });
      const pod = await player.startDeployment(cache.name);
      const [{ id, log }, opened] = await Promise.all([endedTwice(pod), portsOpened(pod)]);
      expect(log).toBe(`start: the server's Secret holds no ${key}\n`);
      expect(opened).toEqual([]);
      expect((await engineRequest(outer.engine.socket, 'GET', `/containers/${id}/changes`)).toString()).not.toContain('.pem');
      await player.remove(pod);
    });
  });

  describe('a daemon with its Secret', () => {
    let played: PlayedCache;
    let forward: PortForward;
    /** Client certificates by what is wrong with them. */
    const certificates = new Map<string, SecretData>();

    beforeAll(async () => {
      played = await PlayedCache.start(outer, { version });
      forward = await PortForward.open({ host: played.pod.ip, port: 2376 });
      await collectCertificates(played, certificates);
    });

    afterAll(async () => {
      forward?.close();
      await played?.dispose();
    });

    const connect = (which: string, host = 'localhost'): Promise<DockerClient> =>
      DockerClient.create(`tcp://${host}:${forward.port}`, certificateEnvironment(certificates.get(which)!));

    test('builds for a client by every name of its certificate', async () => {
      const { cache, issued } = played;
      const names = issued!.certificate(cache.namespace, `${cache.name}-server-tls`).subjectAltName!.replaceAll('DNS:', '').split(', ');
      const job = await played.startJob(cache.namespace);
      for (const name of names.filter(each => each !== 'localhost')) {
        const { exitCode, output } = await job.run('printf "FROM scratch\\nLABEL host=$DOCKER_HOST" | docker build -', { DOCKER_HOST: `tcp://${name}:2376` });
        expect([exitCode, output]).toEqual([0, expect.stringContaining('writing image')]);
      }
      expect(names).toContain('localhost');
      await (await connect('own')).run(['buildx', 'build', '-'], { input: 'FROM scratch\nLABEL host=localhost' });
    });

    test('builds for a client in the namespace of clients, by the name that its environment holds', async () => {
      const { exitCode } = await (await played.startJob('gitlab-runner')).run('printf "FROM scratch\\nLABEL a=b" | docker build -');
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
      expect(await connects(played.pod.ip, 2375)).toBe(false);
    });

    test('is refused by a client that trusts another CA, or knows it by an address', async () => {
      const { stderr } = await (await connect('otherCa')).tryRun(['version']);
      expect(stderr).toContain('x509: certificate signed by unknown authority');
      expect((await (await connect('own', '127.0.0.1')).tryRun(['version'])).stderr).toContain("because it doesn't contain any IP SANs");
    });

    test('has neither the key of its CA nor a token in its pod', async () => {
      const look = 'ls /certs/server | xargs; ls /var/run/secrets /certs/ca 2>&1; ls /certs/client';
      expect((await played.pod.container().exec(['sh', '-c', look])).output).toBe([
        'ca.pem cert.pem key.pem', 'ls: /var/run/secrets: No such file or directory', 'ls: /certs/ca: No such file or directory', '',
      ].join('\n'));
    });
  });
});

async function collectCertificates({ cache, issued, outer }: PlayedCache, certificates: Map<string, SecretData>): Promise<void> {
  const client = `${cache.name}-client-tls`;
  const own = issued!.data('gitlab-runner', client);
  const other = (await issue(outer, cache)).data('gitlab-runner', client);
  const state = without(issued!.data(cache.namespace, stateSecret(cache)), 'client-gitlab-runner-cert.pem');
  const shortLived = synthesizeCache({ issuerEnvironment: { DAYS: '0' } });
  certificates.set('own', own);
  certificates.set('none', { 'ca.pem': own['ca.pem'] });
  certificates.set('otherCa', other);
  certificates.set('foreign', { ...other, 'ca.pem': own['ca.pem'] });
  certificates.set('expired', (await issue(outer, shortLived, state)).data('gitlab-runner', client));
  certificates.set('server', issued!.data(cache.namespace, `${cache.name}-server-tls`));
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
