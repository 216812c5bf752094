import { DaemonConfig, DaemonConfigOptions, RegistryCertificate } from '../src';
import { describeDefaults } from './support/describe-defaults';

function json(options?: DaemonConfigOptions): { readonly [key: string]: any } {
  return DaemonConfig.of(options).toJson();
}

describe('the configuration of the daemon', () => {
  test('holds this and nothing else unless told otherwise', () => {
    expect(json()).toEqual({
      'features': { 'containerd-snapshotter': false },
      'log-driver': 'json-file',
      'log-opts': { 'max-file': '3', 'max-size': '10m' },
      'shutdown-timeout': 15,
    });
  });

  test('writes each property under the key that dockerd reads', () => {
    expect(json({
      registryMirrors: ['https://mirror.example.com'],
      insecureRegistries: ['registry.local:5000', '10.0.0.0/8'],
      mtu: 1400,
      addressPools: [{ cidr: '10.201.0.0/16', size: 24 }],
      logDriver: 'local',
      logOptions: { 'max-size': '1m' },
      maxConcurrentDownloads: 6,
      maxConcurrentUploads: 7,
      containerdImageStore: true,
      features: { cdi: true },
      minApiVersion: '1.44',
      httpProxy: 'http://proxy.example.com:3128',
      httpsProxy: 'http://proxy.example.com:3129',
      noProxy: ['localhost', '.example.com'],
      additionalOptions: { debug: true },
    })).toEqual({
      'registry-mirrors': ['https://mirror.example.com'],
      'insecure-registries': ['registry.local:5000', '10.0.0.0/8'],
      'mtu': 1400,
      'default-network-opts': { bridge: { 'com.docker.network.driver.mtu': '1400' } },
      'default-address-pools': [{ base: '10.201.0.0/16', size: 24 }],
      'log-driver': 'local',
      'log-opts': { 'max-size': '1m' },
      'max-concurrent-downloads': 6,
      'max-concurrent-uploads': 7,
      'features': { 'cdi': true, 'containerd-snapshotter': true },
      'min-api-version': '1.44',
      'proxies': { 'http-proxy': 'http://proxy.example.com:3128', 'https-proxy': 'http://proxy.example.com:3129', 'no-proxy': 'localhost,.example.com' },
      'debug': true,
      'shutdown-timeout': 15,
    });
  });

  test('does not depend on the order in which it is written down', () => {
    const text = (options: DaemonConfigOptions): string => JSON.stringify(json(options));

    expect(text({ additionalOptions: { debug: true, experimental: { b: 1, a: 2 } }, mtu: 1400 }))
      .toBe(text({ mtu: 1400, additionalOptions: { experimental: { a: 2, b: 1 }, debug: true } }));
  });

  test('leaves empty lists out', () => {
    expect(json({ registryMirrors: [], insecureRegistries: [], addressPools: [], noProxy: [] })).toEqual(json());
  });

  test('can be given one proxy alone', () => {
    expect(json({ httpsProxy: 'socks5://proxy.example.com:1080' }).proxies).toEqual({ 'https-proxy': 'socks5://proxy.example.com:1080' });
  });

  test('is changed neither by what happens to its arguments nor by what happens to its results', () => {
    const registryMirrors = ['https://mirror.example.com'];
    const certificate = RegistryCertificate.fromConfigMap('registry.example.com', 'ca');
    const registryCertificates = [certificate];
    const config = DaemonConfig.of({ registryMirrors, registryCertificates });

    registryMirrors.push('https://other.example.com');
    registryCertificates.pop();
    config.toJson().features['containerd-snapshotter'] = true;

    expect(config.toJson()).toEqual(json({ registryMirrors: ['https://mirror.example.com'] }));
    expect(config.registryCertificates).toEqual([certificate]);
  });
});

describe('the configuration of the daemon refuses', () => {
  const url = "such as 'https://registry.example.com'";
  test.each<[DaemonConfigOptions, string]>([
    [{ registryMirrors: ['mirror'] }, `'registryMirrors' must be a URL, got 'mirror'; ${url}`],
    [{ registryMirrors: ['ftp://mirror.example.com'] }, "'registryMirrors' must begin with 'http://' or 'https://', got 'ftp://mirror.example.com'"],
    [{ registryMirrors: ['https://fine.example.com', 'https://mirror.example.com/v2/'] },
      "'registryMirrors' must have no path, query or user, got 'https://mirror.example.com/v2/'; a mirror stands at the root of its host"],
    [{ insecureRegistries: ['http://registry'] },
      "'insecureRegistries' must be a host with an optional port, or a CIDR, got 'http://registry'; leave scheme and path out"],
    [{ insecureRegistries: ['10.0.0.0/33'] },
      "'insecureRegistries' must be a host with an optional port, or a CIDR, got '10.0.0.0/33'; leave scheme and path out"],
    [{ insecureRegistries: ['registry/0'] },
      "'insecureRegistries' must be a host with an optional port, or a CIDR, got 'registry/0'; leave scheme and path out"],
    [{ addressPools: [{ cidr: '10.0.0.0', size: 24 }] }, "'addressPools.cidr' must be a CIDR, got '10.0.0.0'; such as '10.200.0.0/16'"],
    [{ addressPools: [{ cidr: '10.0.0.0/16', size: 15 }] }, "'addressPools.size' must be a prefix length from 16 on that leaves room for hosts, got 15"],
    [{ addressPools: [{ cidr: '10.0.0.0/16', size: 31 }] }, "'addressPools.size' must be a prefix length from 16 on that leaves room for hosts, got 31"],
    [{ addressPools: [{ cidr: 'fd00::/8', size: 127 }] }, "'addressPools.size' must be a prefix length from 8 on that leaves room for hosts, got 127"],
    [{ mtu: 500 }, "'mtu' must be an integer from 576 to 65535, got 500"],
    [{ maxConcurrentDownloads: 0 }, "'maxConcurrentDownloads' must be an integer from 1 to 1000, got 0"],
    [{ maxConcurrentUploads: 1.5 }, "'maxConcurrentUploads' must be an integer from 1 to 1000, got 1.5"],
    [{ minApiVersion: '2' }, "'minApiVersion' must be an API version such as '1.44', got '2'"],
    [{ features: { 'containerd-snapshotter': true } }, "'features.containerd-snapshotter' must not be given here, got true; use 'containerdImageStore'"],
    [{ httpProxy: 'proxy:3128' }, "'httpProxy' must be an http, https or socks5 URL, got 'proxy:3128'"],
    [{ httpsProxy: 'proxy' }, `'httpsProxy' must be a URL, got 'proxy'; ${url}`],
    [{ httpProxy: 'http://ci:secret@proxy:3128' }, "'httpProxy' must hold no password, got 'http://ci:…@proxy:3128'; a ConfigMap is no place for one"],
  ])('%j', (options, message) => {
    expect(() => DaemonConfig.of(options)).toThrow(new Error(message));
  });

  test.each<[string, unknown, string]>([
    ['a function', () => 1, '[object Function]'],
    ['a map', { nested: [new Map()] }, '[object Object]'],
    ['a number that is none', NaN, '[object Number]'],
  ])('%s, which daemon.json cannot hold', (_, value, shown) => {
    expect(() => DaemonConfig.of({ additionalOptions: { 'exec-opts': value } })).toThrow(new Error(`'additionalOptions.exec-opts' must be JSON, got '${shown}'`));
  });

  test('nothing that JSON can hold', () => {
    const bare = Object.assign(Object.create(null) as object, { a: [null, true, 'x', 1.5, { b: undefined }] });

    expect(json({ additionalOptions: { 'exec-opts': bare, 'left-out': undefined } })['exec-opts']).toEqual({ a: [null, true, 'x', 1.5, {}] });
  });

  test.each(['hosts', 'tls', 'tlsverify', 'tlscacert', 'tlscert', 'tlskey', 'Hosts'])("the key %s, which would clash with the entrypoint's flags", key => {
    expect(() => DaemonConfig.of({ additionalOptions: { [key]: true } })).toThrow(new Error(
      `'additionalOptions.${key}' must not be one of the flags that the image's entrypoint passes, got true; 'tls' of the cache chooses them`,
    ));
  });

  test.each(['data-root', 'exec-root', 'pidfile', 'shutdown-timeout'])('the key %s, which the manifests rely on', key => {
    expect(() => DaemonConfig.of({ additionalOptions: { [key]: '/x' } })).toThrow(new Error(
      `'additionalOptions.${key}' must not be a key that the manifests rely on, got '/x'`,
    ));
  });

  test.each([
    ['builder', 'gcPolicy'], ['registry-mirrors', 'registryMirrors'], ['insecure-registries', 'insecureRegistries'], ['mtu', 'mtu'], ['default-network-opts', 'mtu'],
    ['default-address-pools', 'addressPools'], ['log-driver', 'logDriver'], ['log-opts', 'logOptions'], ['max-concurrent-downloads', 'maxConcurrentDownloads'],
    ['max-concurrent-uploads', 'maxConcurrentUploads'], ['features', 'features'], ['min-api-version', 'minApiVersion'], ['proxies', 'httpProxy'], ['MTU', 'mtu'],
  ])('the key %s, for which there is %s', (key, property) => {
    expect(() => DaemonConfig.of({ additionalOptions: { [key]: 1 } })).toThrow(new Error(
      `'additionalOptions.${key}' must not be a key that has a property, got 1; use '${property}'`,
    ));
  });
});

describeDefaults('DaemonConfigOptions', [
  ['registryMirrors', '- none', () => expect(json()).not.toHaveProperty('registry-mirrors')],
  ['insecureRegistries', '- none', () => expect(json()).not.toHaveProperty('insecure-registries')],
  ['registryCertificates', '- those of the image', () => expect(DaemonConfig.of().registryCertificates).toEqual([])],
  ['mtu', "- 1500, Docker's own", () => {
    expect(json()).not.toHaveProperty('mtu');
    expect(json()).not.toHaveProperty('default-network-opts');
  }],
  ['addressPools', "- Docker's own, 31 subnets from 172.17.0.0/16 to 192.168.240.0/20", () => expect(json()).not.toHaveProperty('default-address-pools')],
  ['logDriver', "'json-file'", () => expect(json()['log-driver']).toBe('json-file')],
  ['logOptions', "- { 'max-size': '10m', 'max-file': '3' } with the default driver, so that logs do not fill the volume; else none", () => {
    expect(json()['log-opts']).toEqual({ 'max-size': '10m', 'max-file': '3' });
    expect(json({ logDriver: 'local' })).not.toHaveProperty('log-opts');
  }],
  ['maxConcurrentDownloads', "- 3, Docker's own", () => expect(json()).not.toHaveProperty('max-concurrent-downloads')],
  ['maxConcurrentUploads', "- 5, Docker's own", () => expect(json()).not.toHaveProperty('max-concurrent-uploads')],
  ['containerdImageStore', 'false', () => expect(json().features).toEqual({ 'containerd-snapshotter': false })],
  ['features', '- none', () => expect(Object.keys(json().features)).toEqual(['containerd-snapshotter'])],
  ['minApiVersion', "- the daemon's own", () => expect(json()).not.toHaveProperty('min-api-version')],
  ['httpProxy', '- none', () => {
    expect(json()).not.toHaveProperty('proxies');
    expect(json({ httpsProxy: 'http://proxy:1' }).proxies).not.toHaveProperty('http-proxy');
  }],
  ['httpsProxy', '- none', () => expect(json({ httpProxy: 'http://proxy:1' }).proxies).not.toHaveProperty('https-proxy')],
  ['noProxy', '- none', () => expect(json({ httpProxy: 'http://proxy:1' }).proxies).not.toHaveProperty('no-proxy')],
  ['additionalOptions', '- none', () => expect(Object.keys(json())).toEqual(['features', 'log-driver', 'log-opts', 'shutdown-timeout'])],
]);
