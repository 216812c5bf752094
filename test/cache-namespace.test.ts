import { CacheNamespace } from '../src';
import { manifestOf, newChart } from './fixtures';

describe('the namespace of a cache', () => {
  test("is the chart's and admits the daemon's privileged pod", () => {
    const namespace = new CacheNamespace(newChart(), 'Namespace');

    expect(namespace.name).toBe('ci');
    expect(manifestOf(namespace)).toEqual({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: {
        name: 'ci',
        labels: {
          'app.kubernetes.io/instance': 'ci',
          'app.kubernetes.io/managed-by': 'cdk8s',
          'app.kubernetes.io/name': 'dind-cache',
          'pod-security.kubernetes.io/audit': 'privileged',
          'pod-security.kubernetes.io/enforce': 'privileged',
          'pod-security.kubernetes.io/warn': 'privileged',
        },
      },
    });
  });

  test('keeps its PodSecurity labels whatever labels are given', () => {
    const namespace = new CacheNamespace(newChart(), 'Namespace', { labels: { 'team': 'web', 'pod-security.kubernetes.io/enforce': 'restricted' } });

    expect(manifestOf(namespace).metadata.labels).toMatchObject({ 'team': 'web', 'pod-security.kubernetes.io/enforce': 'privileged' });
  });

  test('can be named in a chart that has no namespace', () => {
    const namespace = new CacheNamespace(newChart({ namespace: undefined }), 'Namespace', { name: 'builds' });

    expect(manifestOf(namespace).metadata).toMatchObject({ name: 'builds' });
  });

  test('must be named in a chart that has no namespace', () => {
    expect(() => new CacheNamespace(newChart({ namespace: undefined }), 'Namespace')).toThrow(new Error(
      "'namespace' must be set on the chart, got nothing; pass '{ namespace: … }' to the chart, or use DindCacheChart",
    ));
  });
});
