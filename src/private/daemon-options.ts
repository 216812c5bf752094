import { isIPv4, isIPv6 } from 'net';
import { ensure, invalid } from './validation';

/** How long the daemon waits for its containers when it is stopped. */
export const SHUTDOWN_SECONDS = 15;

/** Keys of daemon.json that the image's entrypoint or the Deployment passes as flags: dockerd refuses to start with both. */
const FLAGS = ['hosts', 'tls', 'tlsverify', 'tlscacert', 'tlscert', 'tlskey'];

/** Keys of daemon.json that the rest of the manifests relies on. */
const FIXED = ['data-root', 'exec-root', 'pidfile', 'shutdown-timeout'];

/** Keys of daemon.json that a typed property writes. */
const TYPED: { readonly [key: string]: string } = {
  'builder': 'gcPolicy',
  'registry-mirrors': 'registryMirrors',
  'insecure-registries': 'insecureRegistries',
  'mtu': 'mtu',
  'default-network-opts': 'mtu',
  'default-address-pools': 'addressPools',
  'log-driver': 'logDriver',
  'log-opts': 'logOptions',
  'max-concurrent-downloads': 'maxConcurrentDownloads',
  'max-concurrent-uploads': 'maxConcurrentUploads',
  'features': 'features',
  'min-api-version': 'minApiVersion',
  'proxies': 'httpProxy',
};

/**
 * Throws where a free key of daemon.json would clash with what the library writes or passes.
 */
export function requireFreeKeys(options: { readonly [key: string]: any }): void {
  for (const key of Object.keys(options)) {
    // Go's JSON decoder matches keys whatever their case
    const lower = key.toLowerCase();
    const property = `additionalOptions.${key}`;
    ensure(options[key] === undefined || isJson(options[key]), property, 'must be JSON', Object.prototype.toString.call(options[key]));
    ensure(!FLAGS.includes(lower), property, "must not be one of the flags that the image's entrypoint passes", options[key], "'tls' of the cache chooses them");
    ensure(!FIXED.includes(lower), property, 'must not be a key that the manifests rely on', options[key]);
    ensure(TYPED[lower] === undefined, property, 'must not be a key that has a property', options[key], `use '${TYPED[lower]}'`);
  }
}

/**
 * Throws unless dockerd accepts the URL as a mirror of Docker Hub.
 */
export function requireMirror(mirror: string): void {
  parsed('registryMirrors', mirror);
  // the URL class mends what dockerd does not: 'https:host', backslashes, spaces around
  ensure(/^https?:\/\//.test(mirror), 'registryMirrors', "must begin with 'http://' or 'https://'", mirror);
  ensure(/^\w+:\/\/[^\s/\\?#@]+\/?$/.test(mirror), 'registryMirrors',
    'must have no path, query or user', mirror, 'a mirror stands at the root of its host');
}

/**
 * Throws unless the text is a registry's host with an optional port, or a range of addresses.
 */
export function requireInsecureRegistry(registry: string): void {
  ensure(/^[\w.-]+(:\d+)?$/.test(registry) || isCidr(registry), 'insecureRegistries', 'must be a host with an optional port, or a CIDR', registry,
    'leave scheme and path out');
}

/**
 * Throws unless subnets of the given prefix length fit into the range.
 */
export function requireAddressPool(cidr: string, size: number): void {
  ensure(isCidr(cidr), 'addressPools.cidr', 'must be a CIDR', cidr, "such as '10.200.0.0/16'");
  const prefix = Number(cidr.split('/')[1]);
  ensure(Number.isInteger(size) && size >= prefix && size <= (cidr.includes(':') ? 128 : 32) - 2, 'addressPools.size',
    `must be a prefix length from ${prefix} on that leaves room for hosts`, size);
}

/**
 * Throws unless the text is the URL of a proxy.
 */
export function requireProxy(property: string, proxy: string | undefined): void {
  if (proxy !== undefined) {
    const url = parsed(property, proxy);
    ensure(/^(https?|socks5):\/\/\S+$/.test(proxy), property, 'must be an http, https or socks5 URL', proxy);
    ensure(url.password === '', property, 'must hold no password', `${url.protocol}//${url.username}:…@${url.host}`, 'a ConfigMap is no place for one');
  }
}

/** Anything else would be lost, or end in an error far from here. */
function isJson(value: unknown): boolean {
  if (Array.isArray(value)) {
    return value.every(isJson);
  }
  if (typeof value === 'object' && value !== null) {
    const isPlain = (Object.getPrototypeOf(value)?.constructor.name ?? 'Object') === 'Object';
    return isPlain && Object.values(value).every(item => item === undefined || isJson(item));
  }
  return value === null || ['string', 'boolean'].includes(typeof value) || Number.isFinite(value);
}

function parsed(property: string, text: string): URL {
  try {
    return new URL(text);
  } catch {
    throw invalid(property, 'must be a URL', text, "such as 'https://registry.example.com'");
  }
}

function isCidr(text: string): boolean {
  const [address, prefix, ...rest] = text.split('/');
  const longest = isIPv4(address) ? 32 : isIPv6(address) ? 128 : -1;
  return rest.length === 0 && /^\d+$/.test(prefix ?? '') && Number(prefix) <= longest;
}
