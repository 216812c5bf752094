import { requireAddressPool, requireFreeKeys, requireInsecureRegistry, requireMirror, requireProxy, SHUTDOWN_SECONDS } from './private/daemon-options';
import { sorted } from './private/digest';
import { ensure, requireInteger } from './private/validation';
import { RegistryCertificate } from './registry-certificate';

/**
 * A range of addresses from which the daemon takes the subnets of its networks.
 */
export interface AddressPool {
  /**
   * The range, such as `10.200.0.0/16`.
   */
  readonly cidr: string;

  /**
   * The prefix length of each subnet, such as 24.
   */
  readonly size: number;
}

/**
 * Options of the daemon's configuration.
 *
 * @see https://docs.docker.com/reference/cli/dockerd/#daemon-configuration-file
 */
export interface DaemonConfigOptions {
  /**
   * Mirrors of Docker Hub, as URLs without a path; dockerd asks them before Docker Hub itself.
   *
   * @default - none
   * @see https://docs.docker.com/docker-hub/image-library/mirror/
   */
  readonly registryMirrors?: string[];

  /**
   * Registries that are spoken to without TLS or with an unknown certificate, as hosts with an optional port or as CIDRs.
   *
   * @default - none
   */
  readonly insecureRegistries?: string[];

  /**
   * CA certificates by which the daemon trusts registries.
   *
   * @default - those of the image
   */
  readonly registryCertificates?: RegistryCertificate[];

  /**
   * The MTU in bytes of the default bridge, which builds use, and of every network that a job creates.
   *
   * Where the pods' network has less than 1500, as overlay networks do, set the pods' MTU, or large packets are lost and downloads hang.
   *
   * @default - 1500, Docker's own
   */
  readonly mtu?: number;

  /**
   * Where the subnets of the networks that jobs create come from; none may overlap the cluster's pods, Services or nodes.
   *
   * @default - Docker's own, 31 subnets from 172.17.0.0/16 to 192.168.240.0/20
   * @see https://docs.docker.com/engine/network/#automatic-subnet-allocation
   */
  readonly addressPools?: AddressPool[];

  /**
   * The logging driver of the containers that jobs start.
   *
   * @default 'json-file'
   */
  readonly logDriver?: string;

  /**
   * Options of the logging driver.
   *
   * @default - { 'max-size': '10m', 'max-file': '3' } with the default driver, so that logs do not fill the volume; else none
   * @see https://docs.docker.com/engine/logging/configure/
   */
  readonly logOptions?: { [key: string]: string };

  /**
   * How many layers of one pull are downloaded at a time.
   *
   * @default - 3, Docker's own
   */
  readonly maxConcurrentDownloads?: number;

  /**
   * How many layers of one push are uploaded at a time.
   *
   * @default - 5, Docker's own
   */
  readonly maxConcurrentUploads?: number;

  /**
   * Whether images live in containerd's store instead of Docker's own graph driver.
   *
   * With it BuildKit's collector does not see the build cache on top of an image that is in the store: a small disk then fills up and builds fail.
   * Without it the daemon stores images of its own platform only and exports no cache but inline.
   *
   * @default false
   */
  readonly containerdImageStore?: boolean;

  /**
   * Features of the daemon by name, but for `containerd-snapshotter`, which is `containerdImageStore`.
   *
   * @default - none
   */
  readonly features?: { [key: string]: boolean };

  /**
   * The oldest API version that clients may use, such as `1.44`.
   *
   * @default - the daemon's own
   */
  readonly minApiVersion?: string;

  /**
   * The proxy for the daemon's http requests: pulls and pushes, not the builds' own.
   *
   * @default - none
   * @see https://docs.docker.com/engine/daemon/proxy/
   */
  readonly httpProxy?: string;

  /**
   * The proxy for the daemon's https requests.
   *
   * @default - none
   */
  readonly httpsProxy?: string;

  /**
   * Hosts, domains and CIDRs that are reached without a proxy.
   *
   * @default - none
   */
  readonly noProxy?: string[];

  /**
   * Other keys of daemon.json, as they stand there.
   *
   * Keys that have a property, that the entrypoint passes as flags, or that the manifests rely on are refused.
   *
   * @default - none
   */
  readonly additionalOptions?: { [key: string]: any };
}

/**
 * The daemon's configuration: a typed daemon.json.
 *
 * What it holds is as public as a ConfigMap.
 */
export class DaemonConfig {
  /**
   * A configuration with these options.
   */
  public static of(options: DaemonConfigOptions = {}): DaemonConfig {
    requireLists(options);
    requireNumbers(options);
    requireFreeKeys(options.additionalOptions ?? {});
    return new DaemonConfig(options);
  }

  /**
   * CA certificates by which the daemon trusts registries.
   */
  public readonly registryCertificates: RegistryCertificate[];

  private readonly json: { readonly [key: string]: any };

  private constructor(options: DaemonConfigOptions) {
    this.registryCertificates = [...(options.registryCertificates ?? [])];
    this.json = render(options);
  }

  /**
   * The content of daemon.json.
   */
  public toJson(): { [key: string]: any } {
    return sorted(this.json);
  }
}

function render(options: DaemonConfigOptions): { [key: string]: any } {
  return sorted({
    ...options.additionalOptions,
    ...networkKeys(options),
    ...logKeys(options),
    'registry-mirrors': listOrNothing(options.registryMirrors),
    'insecure-registries': listOrNothing(options.insecureRegistries),
    'max-concurrent-downloads': options.maxConcurrentDownloads,
    'max-concurrent-uploads': options.maxConcurrentUploads,
    'features': { ...options.features, 'containerd-snapshotter': options.containerdImageStore ?? false },
    'min-api-version': options.minApiVersion,
    'proxies': proxyKeys(options),
    'shutdown-timeout': SHUTDOWN_SECONDS,
  });
}

function networkKeys({ mtu, addressPools }: DaemonConfigOptions): { [key: string]: any } {
  return {
    'mtu': mtu,
    // `mtu` covers the default bridge alone: https://github.com/moby/moby/issues/22297
    'default-network-opts': mtu === undefined ? undefined : { bridge: { 'com.docker.network.driver.mtu': String(mtu) } },
    'default-address-pools': listOrNothing(addressPools?.map(({ cidr, size }) => ({ base: cidr, size }))),
  };
}

function logKeys({ logDriver = 'json-file', logOptions }: DaemonConfigOptions): { [key: string]: any } {
  const rotation = logDriver === 'json-file' ? { 'max-size': '10m', 'max-file': '3' } : undefined;
  return { 'log-driver': logDriver, 'log-opts': logOptions ?? rotation };
}

function proxyKeys({ httpProxy, httpsProxy, noProxy }: DaemonConfigOptions): { [key: string]: string | undefined } | undefined {
  if (httpProxy === undefined && httpsProxy === undefined) {
    return undefined;
  }
  return { 'http-proxy': httpProxy, 'https-proxy': httpsProxy, 'no-proxy': listOrNothing(noProxy)?.join(',') };
}

function listOrNothing<T>(list?: T[]): T[] | undefined {
  return list && list.length > 0 ? list : undefined;
}

function requireLists(options: DaemonConfigOptions): void {
  options.registryMirrors?.forEach(requireMirror);
  options.insecureRegistries?.forEach(requireInsecureRegistry);
  options.addressPools?.forEach(({ cidr, size }) => requireAddressPool(cidr, size));
  requireProxy('httpProxy', options.httpProxy);
  requireProxy('httpsProxy', options.httpsProxy);
  ensure(options.features?.['containerd-snapshotter'] === undefined, 'features.containerd-snapshotter', 'must not be given here',
    options.features?.['containerd-snapshotter'], "use 'containerdImageStore'");
}

function requireNumbers(options: DaemonConfigOptions): void {
  const { mtu = 1500, maxConcurrentDownloads = 3, maxConcurrentUploads = 5, minApiVersion = '1.44' } = options;
  requireInteger('mtu', mtu, 576, 65535);
  requireInteger('maxConcurrentDownloads', maxConcurrentDownloads, 1, 1000);
  requireInteger('maxConcurrentUploads', maxConcurrentUploads, 1, 1000);
  ensure(/^1\.\d+$/.test(minApiVersion), 'minApiVersion', "must be an API version such as '1.44'", minApiVersion);
}
