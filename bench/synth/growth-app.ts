// Builds and writes a number of caches in one app and prints the CPU seconds: `growth-app library|l1 charts|chart COUNT OUTDIR`.
// `l1` makes the same objects out of cdk8s-plus-27's generated classes; `charts` gives each cache a chart of its own, `chart` has all in one.
import { App, Chart, Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { BuilderNode, CacheClient, CacheVolume, DaemonTls, DindCache } from '../../src';

interface Manifest {
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

type L1Class = new (scope: Construct, id: string, props: unknown) => Construct;

const NAMESPACE = 'builds';
const QUANTITIES = ['capacity', 'limits', 'requests'];

/** Makes one cache below a chart. */
type Maker = (chart: Chart, name: string) => void;

function library(chart: Chart, name: string): void {
  new DindCache(chart, name, {
    volume: CacheVolume.local({ node: BuilderNode.hostname('node1'), path: '/mnt/k8s/docker', capacity: Size.gibibytes(100) }),
    clients: [CacheClient.inNamespace('gitlab-runner')],
    tls: DaemonTls.existingSecrets({ serverSecretName: 'docker-dind-server-tls', clientSecretName: 'docker-dind-client-tls' }),
  });
}

/** Makes what `library` makes, out of what it came to once. */
function l1(): Maker {
  const template = new Chart(new App(), 'template', { namespace: NAMESPACE });
  library(template, 'cache-0');
  const objects = (template.toJson() as Manifest[]).map(({ kind, ...props }) => ({ kind, props: typed(props, kind === 'NetworkPolicy' ? ['port'] : ['targetPort']) }));
  const classes = k8s as unknown as Record<string, L1Class>;
  return (chart, name) => objects.forEach(({ kind, props }, index) => new classes[`Kube${kind}`](chart, `${name}-${index}`, props));
}

/** Gives quantities and ports the types that the generated classes want. */
function typed<T>(value: T, ports: string[], key = ''): T {
  if (Array.isArray(value)) {
    return value.map(item => typed(item, ports)) as T;
  }
  if (typeof value === 'object' && value !== null) {
    return Object.fromEntries(Object.entries(value).map(([name, item]) => [name, typed(item, ports, QUANTITIES.includes(key) ? 'quantity' : name)])) as T;
  }
  if (key === 'quantity') {
    return k8s.Quantity.fromString(String(value)) as T;
  }
  if (ports.includes(key)) {
    return (typeof value === 'number' ? k8s.IntOrString.fromNumber(value) : k8s.IntOrString.fromString(String(value))) as T;
  }
  return value;
}

function synth(make: Maker, layout: string, count: number, outdir: string): void {
  const app = new App({ outdir });
  // cdk8s would set a chart's namespace also on what has none; the objects of the template have theirs already
  const chartOf = (name: string) => new Chart(app, name, { namespace: make === library ? NAMESPACE : undefined });
  const common = layout === 'chart' ? chartOf('caches') : undefined;
  for (let index = 0; index < count; index += 1) {
    make(common ?? chartOf(`chart-${index}`), `cache-${index}`);
  }
  app.synth();
}

const [kind, layout, count, outdir] = process.argv.slice(2);
const make = kind === 'l1' ? l1() : library;
const begin = process.cpuUsage();
synth(make, layout, Number(count), outdir);
const { user, system } = process.cpuUsage(begin);
console.log((user + system) / 1e6);
