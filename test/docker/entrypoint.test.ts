import { DockerClient } from '../harness/docker/docker-client';
import { ManifestPlayer } from '../harness/docker/manifest-player';
import { PodOwner } from '../harness/docker/manifests';
import { OuterDaemon, startOuterDaemon } from '../harness/docker/outer-daemon';
import { PlayedPod } from '../harness/docker/played-pod';
import { Container, EnvVar } from '../harness/docker/pod-spec';
import { DEFAULT_DOCKER_VERSION, dockerVersionsUnderTest } from '../harness/docker/versions';
import { eventually } from '../harness/kubernetes/eventually';

const [version] = dockerVersionsUnderTest().slice(-1);

/** What the stand-in promises to do as upstream's entrypoint does; with `DIND_IMAGE` the same is asked of upstream's. */
describe(`the entrypoint of docker:${version}-dind`, () => {
  let outer: OuterDaemon;
  let player: ManifestPlayer;

  beforeAll(async () => {
    outer = await startOuterDaemon();
  });

  beforeEach(async () => {
    player = await ManifestPlayer.create(outer, '');
  });

  afterEach(async () => {
    await player?.dispose();
  });

  afterAll(async () => {
    await outer?.release();
  });

  /** Starts a daemon whose certificates lie in a volume; `prepare` writes there before. */
  const start = async (container: Partial<Container>, prepare?: string): Promise<PlayedPod> => player.startPod(owner(container, prepare));

  const commandLine = async (pod: PlayedPod): Promise<string> => {
    const look = ['sh', '-c', 'pgrep -x dockerd | head -n1 | xargs -I@ cat /proc/@/cmdline | tr "\\0" " "'];
    return eventually('dockerd runs', async () => (await pod.container().exec(look)).output, { deadlineSeconds: 60 });
  };

  test('without DOCKER_TLS_CERTDIR it listens on the socket and on 2375, with the arguments after its own', async () => {
    const pod = await start({ args: ['--tls=false', '--mtu=1400'], env: [variable('DOCKER_TLS_CERTDIR', '')] });
    expect(await commandLine(pod)).toMatch(/^dockerd --host=unix:\/\/\/var\/run\/docker.sock --host=tcp:\/\/0.0.0.0:2375 --tls=false --mtu=1400 $/);
  });

  test('DOCKER_HOST moves the socket', async () => {
    const pod = await start({ args: ['--tls=false'], env: [variable('DOCKER_TLS_CERTDIR', ''), variable('DOCKER_HOST', 'unix:///run/other.sock')] });
    expect(await commandLine(pod)).toContain('--host=unix:///run/other.sock ');
  });

  test('a first argument that is no flag is the command, and nothing is added', async () => {
    const pod = await start({ args: ['dockerd', '--debug'] });
    expect(await commandLine(pod)).toBe('dockerd --debug ');
  });

  test('pid files of an earlier life go', async () => {
    const script = 'mkdir -p /run/docker; echo 1 | tee /run/docker.pid > /run/docker/docker-x.pid; exec dockerd-entrypoint.sh --tls=false';
    const pod = await start({ command: ['sh', '-c', script], env: [variable('DOCKER_TLS_CERTDIR', '')] });
    await until(pod, '[ -S /var/run/docker.sock ]');
    expect((await pod.container().exec(['ls', '/run/docker'])).output).not.toContain('docker-x.pid');
  });

  test('certificates are made for the names of DOCKER_TLS_SAN, and keys survive what certificates do not', async () => {
    const pod = await start({ env: [variable('DOCKER_TLS_SAN', 'DNS:dind.ns.svc,IP:10.9.8.7')] });
    await until(pod, 'docker -H tcp://localhost:2376 --tlsverify --tlscacert /certs/client/ca.pem --tlscert /certs/client/cert.pem --tlskey /certs/client/key.pem version');
    const look = ['sh', '-c', 'openssl x509 -in /certs/server/cert.pem -noout -ext subjectAltName -serial; sha256sum /certs/*/key.pem; stat -c %a /certs/client/key.pem'];
    const first = (await pod.container().exec(look)).output;
    expect(first).toMatch(/DNS:dind.ns.svc.*IP Address:10.9.8.7/);
    expect(first.trim().endsWith('\n644')).toBe(true);
    await pod.container().kill('SIGKILL');
    await eventually('certificates are made again', async () => serial((await pod.container().exec(look)).output) !== serial(first), { deadlineSeconds: 60 });
    expect(keys((await pod.container().exec(look)).output)).toEqual(keys(first));
  });

  test("a server's own files are checked and nothing is made", async () => {
    const pod = await start({ env: [] }, makeCertificates('server/key.pem'));
    await until(pod, '[ -S /var/run/docker.sock ]');
    expect((await pod.container().exec(['sh', '-c', 'ls /certs /certs/server | xargs'])).output).toBe('/certs: server /certs/server: ca.pem cert.pem key.pem\n');
  });

  test("a server's own files that do not belong together end the container", async () => {
    const pod = await start({ env: [] }, `${makeCertificates('server/key.pem')}; openssl req -x509 -newkey rsa:2048 -nodes -keyout /dev/null -subj /CN=x -out /certs/server/ca.pem`);
    await eventually('the container has ended', async () => pod.container().exitCodes.length > 0, { deadlineSeconds: 60 });
    expect(pod.container().exitCodes[0]).not.toBe(0);
  });

  test('with one of the files missing it makes an authority of its own, silently', async () => {
    const pod = await start({ env: [] }, `${makeCertificates('server/key.pem')}; rm /certs/server/cert.pem`);
    await until(pod, '[ -s /certs/ca/key.pem ] && [ -s /certs/client/cert.pem ]');
  });

  test('a client on this machine reaches it by the certificates that it made', async () => {
    const pod = await start({ env: [] });
    await until(pod, '[ -S /var/run/docker.sock ]');
    const client = await DockerClient.create(`tcp://${pod.ip}:2376`, { DOCKER_TLS_VERIFY: '1', DOCKER_CERT_PATH: `${pod.volumes.path('certs')}/client` });
    expect(await client.run(['version', '--format', '{{ .Server.Version }}'])).toContain(version);
  });
});

async function until(pod: PlayedPod, condition: string): Promise<void> {
  await eventually(condition, async () => (await pod.container().exec(['sh', '-c', condition])).exitCode === 0, { deadlineSeconds: 60 })
    .catch(async (error: Error) => { throw new Error(`${error.message}\n${await pod.describe()}`); });
}

function variable(name: string, value: string): EnvVar {
  return { name, value };
}

function serial(output: string): string | undefined {
  return output.match(/serial=(\S+)/)?.[1];
}

function keys(output: string): string[] {
  return output.split('\n').filter(line => line.endsWith('key.pem'));
}

/** Makes what a user brings: a server's certificate and its authority's, without the authority's key. */
function makeCertificates(key: string): string {
  const authority = 'openssl req -x509 -newkey rsa:2048 -nodes -keyout /tmp/ca.key -subj /CN=ca -out /certs/server/ca.pem';
  const server = `openssl req -newkey rsa:2048 -nodes -keyout /certs/${key} -subj /CN=server -out /tmp/csr`;
  const sign = 'openssl x509 -req -in /tmp/csr -CA /certs/server/ca.pem -CAkey /tmp/ca.key -CAcreateserial -CAserial /tmp/serial -out /certs/server/cert.pem';
  return `mkdir /certs/server; ${authority} && ${server} && ${sign}`;
}

function owner(container: Partial<Container>, prepare?: string): PodOwner {
  const image = `docker:${version ?? DEFAULT_DOCKER_VERSION}-dind`;
  const volumeMounts = [{ name: 'certs', mountPath: '/certs' }];
  const init: Container[] = prepare === undefined ? [] : [{ name: 'prepare', image, command: ['sh', '-ec', prepare], volumeMounts }];
  const daemon: Container = { name: 'daemon', image, securityContext: { privileged: true }, volumeMounts, ...container };
  const spec = { restartPolicy: 'Always', terminationGracePeriodSeconds: 5, initContainers: init, containers: [daemon], volumes: [{ name: 'certs', emptyDir: {} }] };
  return { name: 'dind', namespace: 'harness', template: { spec } };
}
