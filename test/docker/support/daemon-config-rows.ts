import * as fs from 'node:fs';
import { DaemonConfigOptions, RegistryCertificate } from '../../../src';
import { DaemonUnderTest } from '../../harness/docker/versions';
import { ConfiguredDaemon } from './configured-daemon';
import { RecordingProxy } from './recording-proxy';
import { PLAIN, Registries, SECURE, STRANGE } from './registries';

/** A value of an option, and what shows that the daemon does as it says. */
export interface Row<T> {
  readonly value: T;
  seen(daemon: ConfiguredDaemon): Promise<void>;
}

/** A row for each option: the type checker refuses one without. */
export type Rows = { readonly [K in keyof DaemonConfigOptions]-?: Row<NonNullable<DaemonConfigOptions[K]>> };

/** The image that is published at the registry before the rows are looked at. */
export const PUBLISHED = 'library/published:1';

const MTU = 'com.docker.network.driver.mtu';

/** A row for each option of the daemon. */
export function daemonConfigRows(registries: Registries, { imageStore }: DaemonUnderTest): Rows {
  return {
    ...registryRows(registries),
    registryCertificates: certificateRow(registries),
    httpProxy: proxyRow(registries.proxy, 'HTTPProxy', PLAIN, `GET http://${PLAIN}/v2/`),
    httpsProxy: proxyRow(registries.proxy, 'HTTPSProxy', SECURE, `CONNECT ${SECURE}:443`),
    noProxy: noProxyRow(registries),
    ...networkRows(),
    ...logRows(),
    ...transferRows(registries),
    containerdImageStore: {
      value: imageStore === 'containerd',
      seen: async daemon => expect(await daemon.info('{{ .Driver }}')).toBe(imageStore === 'containerd' ? 'overlayfs' : 'overlay2'),
    },
    // Without it the header is 2: clients shall use BuildKit.
    features: { value: { buildkit: false }, seen: async daemon => expect((await daemon.headers('/_ping'))['builder-version']).toBe('1') },
    minApiVersion: minApiVersionRow(),
    additionalOptions: { value: { debug: true }, seen: async daemon => expect(await daemon.info('{{ .Debug }}')).toBe('true') },
  };
}

function minApiVersionRow(): Row<string> {
  return {
    value: '1.45',
    seen: async ({ cache: { client } }) => {
      const { stderr } = await client.tryRun(['version'], { env: { DOCKER_API_VERSION: '1.44' } });
      expect(stderr).toContain('client version 1.44 is too old. Minimum supported API version is 1.45');
      await client.run(['version'], { env: { DOCKER_API_VERSION: '1.45' } });
    },
  };
}

function registryRows({ plain }: Registries): Pick<Rows, 'registryMirrors' | 'insecureRegistries'> {
  return {
    registryMirrors: {
      value: [`http://${plain.host}`],
      seen: async daemon => {
        expect(await daemon.info('{{ json .RegistryConfig.Mirrors }}')).toBe(`["http://${plain.host}/"]`);
        // Docker Hub itself is out of reach, for the daemon as for BuildKit, which resolves names on its own.
        const [image, asked] = [PUBLISHED.replace('library/', ''), plain.requests.length];
        await daemon.forget(image);
        await daemon.build([`FROM ${image}`, 'RUN true']);
        await daemon.run('pull', image);
        expect(plain.requests.slice(asked).filter(request => request.includes(` /v2/${PUBLISHED.replace(':', '/manifests/')}`))).not.toEqual([]);
      },
    },
    insecureRegistries: {
      value: [plain.host, PLAIN, '192.0.2.0/24'],
      seen: async daemon => {
        expect(await daemon.info('{{ json .RegistryConfig.InsecureRegistryCIDRs }}')).toContain('"192.0.2.0/24"');
        await daemon.run('pull', `${plain.host}/${PUBLISHED}`);
      },
    },
  };
}

function certificateRow({ secure, authority }: Registries): Rows['registryCertificates'] {
  return {
    value: [RegistryCertificate.fromPem(secure.host, fs.readFileSync(authority, 'utf8')), RegistryCertificate.fromSecret(SECURE, 'registry-ca')],
    seen: async daemon => {
      await daemon.run('pull', `${secure.host}/${PUBLISHED}`);
      await daemon.run('tag', `${secure.host}/${PUBLISHED}`, `${secure.host}/pushed:1`);
      await daemon.run('push', `${secure.host}/pushed:1`);
      await daemon.run('pull', `${SECURE}/pushed:1`);
      expect((await daemon.cache.client.tryRun(['pull', `${STRANGE}/pushed:1`])).stderr).toContain('certificate signed by unknown authority');
    },
  };
}

function proxyRow(proxy: RecordingProxy, field: string, registry: string, request: string): Row<string> {
  return {
    value: proxy.url,
    seen: async daemon => {
      expect(await daemon.info(`{{ .${field} }}`)).toBe(proxy.url);
      await daemon.run('pull', `${registry}/${PUBLISHED}`);
      expect(proxy.requests).toContain(request);
    },
  };
}

function noProxyRow({ proxy, address }: Registries): Rows['noProxy'] {
  return {
    value: [address, '.internal.example.test'],
    seen: async daemon => {
      expect(await daemon.info('{{ .NoProxy }}')).toBe(`${address},.internal.example.test`);
      expect(proxy.requests.filter(request => request.includes(address))).toEqual([]);
    },
  };
}

function networkRows(): Pick<Rows, 'mtu' | 'addressPools'> {
  return {
    mtu: {
      value: 1380,
      seen: async daemon => {
        await daemon.run('network', 'create', 'of-a-job');
        for (const name of ['bridge', 'of-a-job']) {
          expect(await daemon.run('network', 'inspect', '--format', `{{ index .Options "${MTU}" }}`, name)).toBe('1380\n');
          expect(await daemon.run('run', '--rm', '--network', name, 'base:1', 'cat', '/sys/class/net/eth0/mtu')).toBe('1380\n');
        }
        expect(await daemon.build(['FROM base:1', 'RUN echo "the MTU is $(cat /sys/class/net/eth0/mtu)."'])).toContain(' the MTU is 1380.');
      },
    },
    addressPools: {
      value: [{ cidr: '10.231.16.0/20', size: 26 }],
      seen: async daemon => {
        await daemon.run('network', 'create', 'of-another-job');
        expect(await daemon.run('network', 'inspect', '--format', '{{ range .IPAM.Config }}{{ .Subnet }}{{ end }}', 'of-another-job'))
          .toMatch(/^10\.231\.(1[6-9]|2\d|3[01])\.\d+\/26\n$/);
      },
    },
  };
}

function transferRows({ plain }: Registries): Pick<Rows, 'maxConcurrentDownloads' | 'maxConcurrentUploads'> {
  return {
    maxConcurrentDownloads: { value: 1, seen: async () => expect(plain.pulledAtOnce).toBe(1) },
    maxConcurrentUploads: { value: 2, seen: async () => expect(plain.pushedAtOnce).toBe(2) },
  };
}

function logRows(): Pick<Rows, 'logDriver' | 'logOptions'> {
  const ofContainer = async (daemon: ConfiguredDaemon, template: string): Promise<string> => {
    const id = (await daemon.run('create', 'base:1', 'true')).trim();
    return (await daemon.run('inspect', '--format', template, id)).trim();
  };
  return {
    logDriver: { value: 'local', seen: async daemon => expect(await ofContainer(daemon, '{{ .HostConfig.LogConfig.Type }}')).toBe('local') },
    logOptions: {
      value: { 'max-size': '5m', 'max-file': '2' },
      seen: async daemon => expect(JSON.parse(await ofContainer(daemon, '{{ json .HostConfig.LogConfig.Config }}'))).toEqual({ 'max-size': '5m', 'max-file': '2' }),
    },
  };
}
