import fc, { Arbitrary } from 'fast-check';

const HOST = /^[a-z]([a-z0-9-]{0,10}[a-z0-9])?(\.[a-z]([a-z0-9-]{0,10}[a-z0-9])?){0,2}$/;
const DAEMON_KEYS = ['debug', 'live-restore', 'icc', 'dns', 'log-level', 'userland-proxy', 'exec-opts'];

const host = fc.stringMatching(HOST);
const hostWithPort = fc.tuple(host, fc.option(fc.integer({ min: 1, max: 65535 }))).map(([name, port]) => (port === null ? name : `${name}:${port}`));
const dockerVersion = fc.stringMatching(/^(26|27|28|29)\.[0-9]\.[0-9]$/);

/** Text, by what it is for. */
const TEXTS = {
  annotation: fc.string({ unit: 'binary', maxLength: 40 }),
  apiVersion: fc.constantFrom<string>('1.24', '1.44', '1.52'),
  cacheName: fc.stringMatching(/^[a-z]([a-z0-9-]{0,38}[a-z0-9])?$/),
  cidr: fc.stringMatching(/^10\.[1-9][0-9]\.0\.0\/(16|20|24)$/),
  configKey: fc.stringMatching(/^[a-zA-Z0-9][-._a-zA-Z0-9]{0,20}$/),
  cronHour: fc.constantFrom<string>('*', '0', '23', '2-5', '*/6', '0-12/3', '1,2,3'),
  cronMinute: fc.constantFrom<string>('0', '59', '*/5', '10-20', '?', '5/15'),
  cronWeekDay: fc.constantFrom<string>('*', '0', 'MON-FRI', 'sat', '1,3,5'),
  digest: fc.stringMatching(/^sha256:[0-9a-f]{64}$/),
  dnsLabel: fc.stringMatching(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/),
  dnsSubdomain: host,
  dockerVersion,
  freeText: fc.string({ unit: 'binary', maxLength: 20 }),
  host: hostWithPort,
  imagePattern: host.map(name => `${name}/base/*`),
  imageReference: fc.tuple(host, dockerVersion).map(([name, version]) => `${name}.example.com:5000/tools/docker:${version}-dind`),
  insecureRegistry: fc.oneof(hostWithPort, fc.constant('10.0.0.0/8')),
  issuerKind: fc.constantFrom<string>('Issuer', 'ClusterIssuer'),
  labelKey: fc.oneof(
    fc.stringMatching(/^[A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?$/),
    fc.constantFrom<string>('example.com/team', 'app.kubernetes.io/name', 'app.kubernetes.io/instance', 'app.kubernetes.io/component'),
  ),
  labelValue: fc.stringMatching(/^([A-Za-z0-9]([-A-Za-z0-9_.]{0,61}[A-Za-z0-9])?)?$/),
  logDriver: fc.constantFrom<string>('json-file', 'local', 'none'),
  mirror: fc.tuple(fc.constantFrom('http', 'https'), hostWithPort, fc.constantFrom('', '/')).map(([scheme, name, end]) => `${scheme}://m${name}${end}`),
  path: fc.stringMatching(/^\/(mnt|data|srv)(\/[a-z0-9@+._-]{1,10}){1,3}\/?$/).filter(path => !path.split('/').some(part => /^\.+$/.test(part))),
  pem: fc.base64String({ minLength: 4, maxLength: 40 }).map(body => `-----BEGIN CERTIFICATE-----\n${body}\n-----END CERTIFICATE-----\n`),
  proxy: fc.tuple(fc.constantFrom('http', 'https', 'socks5'), host).map(([scheme, name]) => `${scheme}://p${name}:3128`),
  registryPrefix: fc.tuple(hostWithPort, fc.stringMatching(/^(\/[a-z0-9]{1,8}){0,2}$/)).map(([name, path]) => `r${name}${path}`),
  secretName: host,
  timeZone: fc.constantFrom<string>('Europe/Berlin', 'UTC', 'America/Argentina/Buenos_Aires', 'Asia/Kolkata', 'Etc/GMT+5', 'America/Port-au-Prince'),
};

/** Numbers, by what they are for. */
const NUMBERS = {
  concurrency: fc.integer({ min: 1, max: 1000 }),
  cachePercent: fc.integer({ min: 10, max: 50 }),
  imagesPercent: fc.integer({ min: 5, max: 40 }),
  millis: fc.integer({ min: 1, max: 64_000 }),
  mtu: fc.integer({ min: 576, max: 65535 }),
  prefixLength: fc.integer({ min: 24, max: 30 }),
};

/** Sizes and durations, which refuse by themselves to be negative. */
const AMOUNTS = {
  kibibytes: fc.integer({ min: 1024 * 1024, max: 2 ** 40 }),
  hours: fc.integer({ min: 1, max: 1000 }),
  mebibytes: fc.integer({ min: 1, max: 300 }),
  requestPercent: fc.integer({ min: 1, max: 100 }),
  seconds: fc.integer({ min: 0, max: 7200 }),
  minutes: fc.integer({ min: 1, max: 100_000 }),
};

/** Keys of daemon.json with their values. */
const DAEMON_OPTIONS: Arbitrary<{ [key: string]: any }> = fc.dictionary(fc.constantFrom(...DAEMON_KEYS), fc.jsonValue(), { maxKeys: 3 });

/** Ingredients that the documentation allows. */
export const VALID = { ...TEXTS, ...NUMBERS, ...AMOUNTS, daemonOptions: DAEMON_OPTIONS };

/** What props are made of. */
export type Ingredients = typeof VALID;

/** Ways in which people and templates get text slightly wrong. */
const SPOILERS: ((text: string) => string)[] = [
  () => '',
  () => ' ',
  text => ` ${text}`,
  text => `${text} `,
  text => `${text}\n`,
  text => text.toUpperCase(),
  text => text.toLowerCase(),
  text => `-${text}`,
  text => `${text}-`,
  text => `.${text}`,
  text => `${text}.`,
  text => `${text}/`,
  text => `${text}//${text}`,
  text => `${text}/../${text}`,
  text => `${text}:`,
  text => `${text}?${text}`,
  text => `${text}é`,
  text => `${text},${text}`,
  text => `\${${text}}`,
  text => `{{ ${text} }}`,
  text => `https://${text}`,
  text => `https:${text}`,
  text => text.slice(1),
  text => text.slice(0, -1),
  text => text.replace('/', '\\'),
  () => '..',
  () => '__proto__',
  () => '0',
  () => '-1',
  () => '/etc',
  () => 'null',
];

/** Just beyond what a label, a name and a path may have. */
const TOO_LONG = [41, 64, 254, 4097];

const WRONG_NUMBERS = [NaN, Infinity, -1, 0, 0.5, 1, 31, 33, 129, 65536, 2 ** 31, 2 ** 53, 1e21, 1e40];

const WRONG_OPTIONS: { [key: string]: any }[] = [
  { hosts: ['tcp://0.0.0.0'] }, { TLS: true }, { 'data-root': '/data' }, { Mtu: 1400 }, { features: {} }, { proxies: {} }, { __proto__x: 1 },
  { debug: undefined }, { debug: NaN }, { debug: () => true }, { debug: 1n }, { debug: Symbol('debug') }, { debug: new Date(0) }, { debug: new Map([[1, 2]]) }, { debug: [undefined] },
  { debug: '\ud800' }, { constructor: true }, { toString: true },
];

/** Ingredients that are allowed but for about one in `oneIn`, which is slightly wrong. */
export function nearlyValid(oneIn: number): Ingredients {
  const mixed = <T>(valid: Arbitrary<T>, wrong: Arbitrary<T>): Arbitrary<T> =>
    fc.oneof({ arbitrary: valid, weight: oneIn - 1 }, { arbitrary: wrong, weight: 1 });
  const wrongAmounts = WRONG_NUMBERS.filter(amount => !(amount < 0));
  return {
    ...mapValues(TEXTS, text => mixed(text, spoilt(text))),
    ...mapValues(NUMBERS, number => mixed(number, fc.constantFrom(...WRONG_NUMBERS))),
    ...mapValues(AMOUNTS, amount => mixed(amount, fc.constantFrom(...wrongAmounts))),
    daemonOptions: mixed(DAEMON_OPTIONS, fc.constantFrom(...WRONG_OPTIONS)),
  };
}

function spoilt(text: Arbitrary<string>): Arbitrary<string> {
  return fc.oneof(
    { arbitrary: fc.tuple(text, fc.constantFrom(...SPOILERS)).map(([valid, spoil]) => spoil(valid)), weight: 6 },
    { arbitrary: fc.tuple(text, fc.constantFrom(...TOO_LONG)).map(([valid, length]) => valid.padEnd(length, 'a')), weight: 3 },
    { arbitrary: fc.string({ unit: 'binary', maxLength: 10 }), weight: 1 },
  );
}

function mapValues<Key extends string, Value>(record: Record<Key, Value>, change: (value: Value) => Value): Record<Key, Value> {
  return Object.fromEntries(Object.entries<Value>(record).map(([key, value]) => [key, change(value)])) as Record<Key, Value>;
}
