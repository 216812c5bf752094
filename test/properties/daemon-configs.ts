import fc, { Arbitrary } from 'fast-check';
import { DaemonConfig, DaemonConfigOptions, RegistryCertificate } from '../../src';
import { Ingredients } from './ingredients';
import { Recipe, recipe } from './recipe';

/** What a daemon's configuration is made from. */
export type DaemonConfigInput = Omit<DaemonConfigOptions, 'registryCertificates'> & { readonly registryCertificates?: Recipe<RegistryCertificate>[] };

/** Certificates of registries. */
export function registryCertificates(of: Ingredients): Arbitrary<Recipe<RegistryCertificate>> {
  const key = fc.option(of.configKey, { nil: undefined });
  return fc.oneof(
    fc.tuple(of.host, of.pem).map(recipe('RegistryCertificate.fromPem', ([registry, pem]) => RegistryCertificate.fromPem(registry, pem))),
    fc.tuple(of.host, of.dnsSubdomain, key).map(recipe('RegistryCertificate.fromConfigMap', ([...args]) => RegistryCertificate.fromConfigMap(...args))),
    fc.tuple(of.host, of.dnsSubdomain, key).map(recipe('RegistryCertificate.fromSecret', ([...args]) => RegistryCertificate.fromSecret(...args))),
  );
}

/** Configurations of the daemon. */
export function daemonConfigs(of: Ingredients): Arbitrary<Recipe<DaemonConfig, DaemonConfigInput>> {
  const some = <T>(items: Arbitrary<T>): Arbitrary<T[]> => fc.array(items, { maxLength: 2 });
  return fc.record({
    registryMirrors: some(of.mirror),
    insecureRegistries: some(of.insecureRegistry),
    registryCertificates: some(registryCertificates(of)),
    mtu: of.mtu,
    addressPools: some(fc.record({ cidr: of.cidr, size: of.prefixLength })),
    logDriver: of.logDriver,
    logOptions: fc.dictionary(of.freeText, of.freeText, { maxKeys: 2 }),
    maxConcurrentDownloads: of.concurrency,
    maxConcurrentUploads: of.concurrency,
    containerdImageStore: fc.boolean(),
    features: fc.dictionary(of.freeText, fc.boolean(), { maxKeys: 2 }),
    minApiVersion: of.apiVersion,
    httpProxy: of.proxy,
    httpsProxy: of.proxy,
    noProxy: some(of.freeText),
    additionalOptions: of.daemonOptions,
  }, { requiredKeys: [] }).map(recipe('DaemonConfig.of', options =>
    DaemonConfig.of({ ...options, registryCertificates: options.registryCertificates?.map(certificate => certificate.make()) })));
}

/** What daemon.json must hold, as dockerd documents it. */
export function expectedDaemonJson(input: DaemonConfigInput = {}): { [key: string]: any } {
  const { mtu, logDriver = 'json-file', logOptions, httpProxy, httpsProxy, noProxy = [] } = input;
  const proxies = { 'http-proxy': httpProxy, 'https-proxy': httpsProxy, 'no-proxy': unlessEmpty(noProxy)?.join(',') };
  return {
    ...JSON.parse(JSON.stringify(input.additionalOptions ?? {})),
    'builder': expect.any(Object),
    'registry-mirrors': unlessEmpty(input.registryMirrors),
    'insecure-registries': unlessEmpty(input.insecureRegistries),
    mtu,
    'default-network-opts': mtu === undefined ? undefined : { bridge: { 'com.docker.network.driver.mtu': `${mtu}` } },
    'default-address-pools': unlessEmpty(input.addressPools)?.map(({ cidr, size }) => ({ base: cidr, size })),
    'log-driver': logDriver,
    'log-opts': logOptions ?? (logDriver === 'json-file' ? { 'max-size': '10m', 'max-file': '3' } : undefined),
    'max-concurrent-downloads': input.maxConcurrentDownloads,
    'max-concurrent-uploads': input.maxConcurrentUploads,
    'features': { ...input.features, 'containerd-snapshotter': input.containerdImageStore ?? false },
    'min-api-version': input.minApiVersion,
    'proxies': httpProxy === undefined && httpsProxy === undefined ? undefined : proxies,
    'shutdown-timeout': expect.any(Number),
  };
}

function unlessEmpty<T>(list: T[] = []): T[] | undefined {
  return list.length > 0 ? list : undefined;
}
