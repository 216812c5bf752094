import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App, Chart } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { DindCache, DindCacheChart, DindCacheChartProps } from '../src';
import { addresses, cacheProps, identities, Manifest, manifestOf, manifestsBelow, newChart } from './fixtures';
import { describeDefaults } from './support/describe-defaults';
import { removeTemporaryFolders, temporaryFolder } from './support/temporary-folder';

const CLUSTER_SCOPED = ['Namespace', 'StorageClass', 'PersistentVolume'];

afterEach(removeTemporaryFolders);

function chart(props: Partial<DindCacheChartProps> = {}): DindCacheChart {
  return new DindCacheChart(new App({ outdir: '/nonexistent' }), 'docker', { ...cacheProps(), ...props });
}

/** The objects of each file that an app writes, by the file's name. */
function files(app: App): { readonly [name: string]: Manifest[] } {
  app.synth();
  return Object.fromEntries(readdirSync(app.outdir).sort().map(name =>
    [name, parseAllDocuments(readFileSync(join(app.outdir, name), 'utf8')).map(document => document.toJS() as Manifest)]));
}

/** What the cluster-scoped objects and the others must keep to in whatever file they are. */
function expectSeparated(clusterScoped: Manifest[], namespaced: Manifest[], namespace: string): void {
  clusterScoped.forEach(({ kind, metadata }) => {
    expect(CLUSTER_SCOPED).toContain(kind);
    expect(metadata).not.toHaveProperty('namespace');
  });
  namespaced.forEach(({ kind, metadata }) => {
    expect(CLUSTER_SCOPED).not.toContain(kind);
    expect([namespace, 'gitlab-runner']).toContain(metadata.namespace);
  });
  expect(namespaced.map(({ kind }) => kind as string)).toEqual(expect.arrayContaining(['Deployment', 'PersistentVolumeClaim']));
}

describe('a chart with one cache', () => {
  test('is named by its id, in a namespace of its own that comes first', () => {
    const made = chart();

    expect(made.cache.name).toBe('docker');
    expect(made.node.children.map(child => child.node.id)).toEqual(['Namespace', 'Cache']);
    expect(identities(made.toJson() as Manifest[]).slice(0, 2)).toEqual(['Namespace dind-cache', 'StorageClass dind-cache-docker']);
  });

  test('puts its labels and annotations on the namespace too', () => {
    manifestsBelow(chart({ labels: { team: 'web' }, annotations: { note: 'x' } }))
      .forEach(({ metadata }) => expect(metadata).toMatchObject({ labels: { team: 'web' }, annotations: { note: 'x' } }));
  });

  test("leaves alone a namespace that is the user's", () => {
    const made = chart({ namespace: 'ci' });

    expect(made.cacheNamespace).toBeUndefined();
    expect(manifestsBelow(made).map(({ kind }) => kind)).not.toContain('Namespace');
    expect(manifestOf(made).metadata.namespace).toBe('ci');
  });

  test('makes a namespace that is given when told to, and none when told not to', () => {
    expect(chart({ namespace: 'ci', createNamespace: true }).cacheNamespace!.name).toBe('ci');
    expect(chart({ createNamespace: false }).cacheNamespace).toBeUndefined();
  });

  test('names its cache otherwise when told to', () => {
    const made = chart({ name: 'builds' });

    expect(manifestOf(made).metadata.name).toBe('builds');
  });

  test('makes the same namespace as any other cache that is in it', () => {
    const [one, other] = ['builds', 'previews'].map(name => manifestOf(chart({ name }).cacheNamespace!));

    expect(one).toEqual(other);
  });
});

describe('cluster-scoped objects', () => {
  test('are written to a file of their own when told so, and nothing there carries a namespace', () => {
    const app = new App({ outdir: temporaryFolder() });
    new DindCacheChart(app, 'docker', { ...cacheProps(), separateClusterScoped: true });

    const [[first, clusterScoped], [second, namespaced], ...rest] = Object.entries(files(app));
    expect([first, second, ...rest]).toEqual([expect.stringMatching(/^0000-docker-cluster-.*\.k8s\.yaml$/), '0001-docker.k8s.yaml']);
    expect(identities(clusterScoped)).toEqual(['Namespace dind-cache', 'StorageClass dind-cache-docker', 'PersistentVolume dind-cache-docker']);
    expectSeparated(clusterScoped, namespaced, 'dind-cache');
  });

  test.each([
    ['a DindCacheChart', (app: App, clusterScope: Chart) => new DindCacheChart(app, 'docker', { ...cacheProps(), clusterScope, namespace: 'ci', createNamespace: true })],
    ['a DindCache', (app: App, clusterScope: Chart) => new DindCache(new Chart(app, 'docker', { namespace: 'ci' }), 'docker', cacheProps({ clusterScope }))],
  ])('of %s are written to another chart when told so, whatever the namespace of that', (_, make) => {
    const app = new App({ outdir: temporaryFolder() });
    make(app, new Chart(app, 'administrators', { namespace: 'kube-system' }));

    const { 'administrators.k8s.yaml': clusterScoped, 'docker.k8s.yaml': namespaced, ...rest } = files(app);
    expect(rest).toEqual({});
    expect(identities(clusterScoped)).toEqual(expect.arrayContaining(['StorageClass ci-docker', 'PersistentVolume ci-docker']));
    expectSeparated(clusterScoped, namespaced, 'ci');
  });

  test('are the same objects wherever they are written', () => {
    const together = manifestsBelow(chart());
    const apart = manifestsBelow(chart({ separateClusterScoped: true }));

    const byAddress = (manifests: Manifest[]): Manifest => Object.fromEntries(addresses(manifests).map((address, index) => [address, manifests[index]]));
    expect(apart).toHaveLength(together.length);
    expect(byAddress(apart)).toEqual(byAddress(together));
  });

  test('of several caches can be written to one chart', () => {
    const clusterScope = newChart();
    const ids = ['a', 'b'].map(id => new DindCache(new Chart(clusterScope.node.root, id, { namespace: id }), 'docker', cacheProps({ clusterScope })).node.id);

    expect(ids).toHaveLength(2);
    expect(identities(clusterScope.toJson() as Manifest[])).toEqual([
      'StorageClass a-docker', 'PersistentVolume a-docker', 'StorageClass b-docker', 'PersistentVolume b-docker',
    ]);
  });
});

describeDefaults('DindCacheChartProps', [
  ['createNamespace', '- true for the default namespace, false for one that is given', () => {
    expect(chart().cacheNamespace!.name).toBe('dind-cache');
    expect(chart({ namespace: 'dind-cache' }).cacheNamespace).toBeUndefined();
  }],
  ['separateClusterScoped', 'false', () => {
    const made = chart();

    expect(new Set(manifestsBelow(made).map(({ kind }) => kind))).toEqual(new Set((made.toJson() as Manifest[]).map(({ kind }) => kind)));
  }],
]);

describeDefaults('DindCacheChart', [
  ['cacheNamespace', '- none: the namespace is not emitted', () => expect(chart({ createNamespace: false }).cacheNamespace).toBeUndefined()],
]);
