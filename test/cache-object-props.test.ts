import { CacheVolumeClaim } from '../src';
import { CacheObjectProps } from '../src';
import { Manifest, manifestOf, newChart } from './fixtures';
import { CLUSTER_SCOPED, COMPOSITES, MAKERS } from './support/constructs';
import { describeDefaults } from './support/describe-defaults';

const KEPT = { 'helm.sh/resource-policy': 'keep', 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' };
const LABELS = { 'app.kubernetes.io/name': 'dind-cache', 'app.kubernetes.io/managed-by': 'cdk8s' };
const SINGLE = Object.keys(MAKERS).filter(name => !COMPOSITES.includes(name));
const NAMESPACED = SINGLE.filter(name => !CLUSTER_SCOPED.includes(name));
const LONG = 'a'.repeat(64);

function make(name: string, common?: CacheObjectProps): Manifest {
  return manifestOf(MAKERS[name](newChart(), 'made', common));
}

function claim(props: CacheObjectProps): () => CacheVolumeClaim {
  return () => new CacheVolumeClaim(newChart(), 'data', props);
}

describe('what every object accepts', () => {
  test.each(NAMESPACED)("puts a %s into the chart's namespace", name => {
    expect(make(name).metadata.namespace).toBe('ci');
  });

  test.each(CLUSTER_SCOPED)('puts a %s into no namespace', name => {
    expect(make(name).metadata).not.toHaveProperty('namespace');
  });

  test.each(SINGLE)('gives a %s the name, the instance, the labels and the annotations that are asked for', name => {
    const { metadata } = make(name, { name: 'given', instance: 'cache', labels: { team: 'web' }, annotations: { 'example.com/note': 'any text' } });

    expect(metadata.name).toMatch(name === 'VolumeDirectoryJob' ? /^given-[0-9a-f]{10}$/ : /^given$/);
    expect(metadata.labels).toMatchObject({ ...LABELS, 'app.kubernetes.io/instance': 'cache', 'team': 'web' });
    expect(metadata.annotations).toMatchObject({ 'example.com/note': 'any text' });
  });

  test.each(SINGLE.filter(name => name !== 'CacheNamespace'))('lets a label stand above the common ones of a %s', name => {
    expect(make(name, { labels: { 'app.kubernetes.io/managed-by': 'argo' } }).metadata.labels['app.kubernetes.io/managed-by']).toBe('argo');
  });

  test.each(NAMESPACED)('refuses a %s in a chart that has no namespace', name => {
    expect(() => MAKERS[name](newChart({ namespace: undefined }), 'made')).toThrow(new Error(
      "'namespace' must be set on the chart, got nothing; pass '{ namespace: … }' to the chart, or use DindCacheChart",
    ));
  });

  test("refuses a chart's namespace that cannot exist", () => {
    expect(() => new CacheVolumeClaim(newChart({ namespace: 'a.b' }), 'data')).toThrow(new Error(
      "'namespace' must consist of lower-case letters, digits and '-', and begin and end with a letter or digit, got 'a.b'",
    ));
  });

  test.each<[string, CacheObjectProps, string]>([
    ['a name that is none', { name: 'Data' }, "'name' must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit, got 'Data'"],
    ['a name that is too long', { name: 'a'.repeat(254) }, `'name' must have at most 253 characters, got '${'a'.repeat(254)}'`],
    ['an instance that cannot be a label', { instance: 'my cache' },
      "'instance' must have at most 63 letters, digits, '-', '_' and '.', and begin and end with a letter or digit, got 'my cache'"],
    ['a name that cannot be a label, without an instance', { name: LONG },
      `'instance' must have at most 63 letters, digits, '-', '_' and '.', and begin and end with a letter or digit, got '${LONG}'`],
    ['a label that is none', { labels: { team: '-' } },
      "'labels.team' must have at most 63 letters, digits, '-', '_' and '.', and begin and end with a letter or digit, got '-'"],
    ['an annotation whose key is none', { annotations: { 'Example.com/x': '' } },
      "'annotations' must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit, got 'Example.com'"],
  ])('refuses %s', (_, props, message) => {
    expect(claim(props)).toThrow(new Error(message));
  });

  test.each(CLUSTER_SCOPED)('refuses a name that is none for a %s too', name => {
    expect(() => make(name, { name: 'Made', instance: 'docker' })).toThrow(new Error(
      "'name' must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit, got 'Made'",
    ));
  });

  test('takes a long name with a short instance', () => {
    expect(claim({ name: LONG, instance: 'cache' })).not.toThrow();
  });
});

describeDefaults('CacheObjectProps', [
  ['name', "- the construct's id; for a cluster-scoped object the namespace and the id, joined by '-'", () => {
    const names = SINGLE.map(name => [name, make(name).metadata.name]);

    expect(Object.fromEntries(names)).toEqual({
      ...Object.fromEntries(NAMESPACED.map(name => [name, 'made'])),
      VolumeDirectoryJob: expect.stringMatching(/^made-[0-9a-f]{10}$/),
      CacheNamespace: 'ci',
      LocalPersistentVolume: 'ci-made',
      LocalStorageClass: 'ci-made',
    });
  }],
  ['instance', "- the object's name without its namespace", () => {
    SINGLE.filter(name => name !== 'CacheNamespace').forEach(name => expect(make(name).metadata.labels['app.kubernetes.io/instance']).toBe('made'));
  }],
  ['labels', '- none but the `app.kubernetes.io` ones', () => {
    SINGLE.filter(name => name !== 'CacheNamespace').forEach(name => {
      expect(make(name, { instance: 'cache' }).metadata.labels).toEqual({ ...LABELS, 'app.kubernetes.io/instance': 'cache' });
    });
  }],
  ['annotations', '- none but those that keep volumes, claims and Secrets from being pruned', () => {
    const annotated = SINGLE.filter(name => make(name).metadata.annotations);

    expect(annotated).toEqual(['CacheVolumeClaim', 'LocalPersistentVolume']);
    annotated.forEach(name => expect(make(name).metadata.annotations).toEqual(KEPT));
  }],
]);
