// What the properties have found, each the shortest that shows it.
import { App, Size } from 'cdk8s';
import { ContainerResources, Cpu } from 'cdk8s-plus-27';
import { CacheVolume, CertificateKeys, CustomImagesOptions, DaemonConfig, DaemonTls, DindCacheChart, DindCacheChartProps, DockerImages, OfficialImagesOptions, PrunePolicy, RegistryCertificate } from '../../src';
import { cacheProps } from '../fixtures';
import { ChartInput, chartOf } from './charts';
import { recipe } from './recipe';

describe('what the API server or the kubelet would refuse is refused', () => {
  const reference = 'must be an image reference';
  test.each<[Partial<CustomImagesOptions>, string]>([
    [{ daemon: 'example.com/Docker:28' }, `'daemon' ${reference}, got 'example.com/Docker:28'`],
    [{ client: 'docker:' }, `'client' ${reference}, got 'docker:'`],
    [{ busybox: 'https://example.com/busybox' }, `'busybox' ${reference}, got 'https://example.com/busybox'`],
    [{ daemon: 'd'.repeat(256) }, `'daemon' ${reference}, got '${'d'.repeat(256)}'`],
    [{ kubectl: 'example.com//kubectl' }, `'kubectl' ${reference}, got 'example.com//kubectl'`],
  ])('the image of %j', (images, message) => {
    expect(() => DockerImages.custom({ version: '28.5.2', daemon: 'docker:28.5.2-dind', client: 'docker:28.5.2-cli', ...images })).toThrow(new Error(message));
  });

  const prefix = "must be a registry's host and path without scheme and without a slash at the end";
  test.each<OfficialImagesOptions>([
    { registryPrefix: 'example.com/Hub' }, { registryPrefix: 'example.com/hub.' }, { registryPrefix: 'example..com' },
  ])('the images of %j', images => {
    expect(() => DockerImages.official(images)).toThrow(new Error(`'registryPrefix' ${prefix}, got '${images.registryPrefix}'`));
  });

  const dataKey = "must have at most 253 characters and not begin with '..'";
  test.each<[string, CertificateKeys, string]>([
    ['the folder above', { ca: '..' }, `'keys.ca' ${dataKey}, got '..'`],
    ['the folder itself', { certificate: '.' }, `'keys.certificate' ${dataKey}, got '.'`],
    ['254 characters', { privateKey: 'k'.repeat(254) }, `'keys.privateKey' ${dataKey}, got '${'k'.repeat(254)}'`],
    ['one key for two files', { ca: 'tls.crt', certificate: 'tls.crt' }, "'keys' must be three different ones, got {\"ca\":\"tls.crt\",\"certificate\":\"tls.crt\",\"privateKey\":\"key.pem\"}"],
  ])('a Secret with %s', (_, keys, message) => {
    expect(() => DaemonTls.existingSecrets({ serverSecretName: 'server', clientSecretName: 'client', keys })).toThrow(new Error(message));
  });

  test.each(['docker-server-tls', 'docker-tls-state', 'docker-tls-ca', 'docker-tls-client-gitlab-runner'])('clients whose Secret is %s', clientSecretName => {
    const tls = recipe('DaemonTls.selfIssued', () => DaemonTls.selfIssued({ clientSecretName }))({});

    expect(() => chartOf({ tls }).make()).toThrow(new Error(`'clientSecretName' must not be the name of a Secret that clients must not read, got '${clientSecretName}'`));
  });

  test('a size that no quantity can say', () => {
    const volume = recipe('CacheVolume.dynamic', () => CacheVolume.dynamic({ capacity: Size.tebibytes(1e30) }))({});

    expect(() => chartOf({ volume }).make()).toThrow("'capacity' must be a positive whole number of KiB, got ");
  });

  test('a certificate under a key that no ConfigMap has', () => {
    expect(() => RegistryCertificate.fromConfigMap('example.com', 'ca', '..')).toThrow(new Error(`'key' ${dataKey}, got '..'`));
  });

  test.each<[string, ContainerResources, string]>([
    ['more CPU than the limit', { cpu: { request: Cpu.units(2), limit: Cpu.millis(1500) } }, "'resources.cpu.request' must be at most the limit, got '2'"],
    ['more memory than the limit', { memory: { request: Size.gibibytes(2), limit: Size.mebibytes(2047) } }, "'resources.memory.request' must be at most the limit, got 2048 MiB"],
    ['more disk than the limit', { ephemeralStorage: { request: Size.mebibytes(2), limit: Size.mebibytes(1) } }, "'resources.ephemeralStorage.request' must be at most the limit, got 2 MiB"],
    ['less than no CPU', { cpu: { request: Cpu.units(-1) } }, "'resources.cpu.request' must be a number of CPUs, got '-1'"],
    ['CPU without end', { cpu: { limit: Cpu.millis(Infinity) } }, "'resources.cpu.limit' must be a number of CPUs, got 'Infinitym'"],
  ])('%s', (_, resources, message) => {
    expect(() => chartOf({ resources: recipe('ContainerResources', () => resources)({}) }).make()).toThrow(new Error(message));
  });
});

describe('what dockerd or the API server would read otherwise is refused', () => {
  test.each(['ASIA/KOLKATA', 'US/EASTERN', 'PST', 'ACT', 'SYSTEMV/AST4'])('the time zone %s', timeZone => {
    expect(() => PrunePolicy.systemPruneAll({ timeZone })).toThrow(new Error(`'timeZone' must be a time zone of the IANA database, got '${timeZone}'; such as 'Europe/Berlin'`));
  });

  test.each([1n, NaN, Symbol('debug'), new Date(0), new Map(), [undefined], { nested: Size.gibibytes(1) }])('the option of the daemon %p', debug => {
    expect(() => DaemonConfig.of({ additionalOptions: { debug } })).toThrow(/^'additionalOptions.debug' must be JSON, got '\[object /);
  });

  test('an option of the daemon that has no text is JSON all the same', () => {
    const additionalOptions = { debug: { toString: '' } };

    expect(DaemonConfig.of({ additionalOptions }).toJson()).toMatchObject(additionalOptions);
  });

  test.each(['https:mirror.example.com', 'https:\\\\mirror.example.com', ' https://mirror.example.com'])('the mirror %j', mirror => {
    expect(() => DaemonConfig.of({ registryMirrors: [mirror] })).toThrow(new Error(`'registryMirrors' must begin with 'http://' or 'https://', got '${mirror}'`));
  });

  test.each(['https://mirror.example.com\\hub', 'https://mirror.example.com?', 'https://mirror.example.com\n'])('the mirror %j', mirror => {
    expect(() => DaemonConfig.of({ registryMirrors: [mirror] })).toThrow(
      new Error(`'registryMirrors' must have no path, query or user, got '${mirror}'; a mirror stands at the root of its host`),
    );
  });

  test.each(['http:proxy.example.com', 'http://proxy.example.com:3128\n'])('the proxy %j', httpProxy => {
    expect(() => DaemonConfig.of({ httpProxy })).toThrow(new Error(`'httpProxy' must be an http, https or socks5 URL, got '${httpProxy}'`));
  });
});

test('a pull secret that is named twice is emitted once, for server-side apply takes no list with two of a name', () => {
  expect(DockerImages.official({ pullSecrets: ['a', 'b', 'a'] }).pullSecrets).toEqual(['a', 'b']);
});

describe('what plain JavaScript can leave out is asked for', () => {
  test.each(['volume', 'clients'])('%s', property => {
    const props: DindCacheChartProps = { ...cacheProps(), [property]: undefined };

    expect(() => new DindCacheChart(new App(), 'docker', props)).toThrow(new Error(`'${property}' must be given, got nothing`));
  });
});

describe('what is refused is refused by the name that the user gave it', () => {
  const label = "must consist of lower-case letters, digits and '-', and begin and end with a letter or digit";
  test.each<[ChartInput, string]>([
    [{ name: 'a?a' }, `'name' ${label}, got 'a?a'`],
    [{ namespace: 'A', createNamespace: true }, `'namespace' ${label}, got 'A'`],
  ])('%j', (input, message) => {
    expect(() => chartOf(input).make()).toThrow(new Error(message));
  });
});
