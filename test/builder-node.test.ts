import { Size } from 'cdk8s';
import { TaintEffect } from 'cdk8s-plus-27';
import { BuilderNode, DindDeployment, LocalPersistentVolume } from '../src';
import { daemonProps, manifestOf, newChart, podSpecOf } from './fixtures';
import { describeDefaults } from './support/describe-defaults';

/** What a pod and a volume on the node look like. */
function placed(node: BuilderNode): { readonly [key: string]: any } {
  const chart = newChart();
  const { nodeSelector, tolerations } = podSpecOf(new DindDeployment(chart, 'docker', { ...daemonProps(chart), builderNode: node }));
  const volume = new LocalPersistentVolume(chart, 'volume', {
    node, path: '/mnt/docker', capacity: Size.gibibytes(1), storageClassName: 'local', claimName: 'data',
  });
  return { nodeSelector, tolerations, nodeAffinity: manifestOf(volume).spec.nodeAffinity };
}

function affinityOf(node: BuilderNode): { readonly [key: string]: any }[] {
  return placed(node).nodeAffinity.required.nodeSelectorTerms;
}

describe('a builder node', () => {
  test('named by its hostname ties pod and volume to the same label', () => {
    const { nodeSelector, nodeAffinity } = placed(BuilderNode.hostname('node1'));

    expect(nodeSelector).toEqual({ 'kubernetes.io/hostname': 'node1' });
    expect(nodeAffinity).toEqual({
      required: { nodeSelectorTerms: [{ matchExpressions: [{ key: 'kubernetes.io/hostname', operator: 'In', values: ['node1'] }] }] },
    });
  });

  test('named by labels must have all of them', () => {
    const { nodeSelector } = placed(BuilderNode.labeled({ role: 'builder', disk: 'nvme' }));

    expect(nodeSelector).toEqual({ role: 'builder', disk: 'nvme' });
    expect(affinityOf(BuilderNode.labeled({ role: 'builder', disk: 'nvme' }))).toEqual([{
      matchExpressions: [{ key: 'disk', operator: 'In', values: ['nvme'] }, { key: 'role', operator: 'In', values: ['builder'] }],
    }]);
  });

  test("gives an immutable node affinity that does not depend on the labels' order", () => {
    expect(affinityOf(BuilderNode.labeled({ a: '1', b: '2' }))).toEqual(affinityOf(BuilderNode.labeled({ b: '2', a: '1' })));
  });

  test('passes its tolerations on to the pod', () => {
    const tolerations = [{ key: 'dedicated', value: 'ci', effect: TaintEffect.NO_SCHEDULE }, { key: 'example.com/spot' }];

    expect(placed(BuilderNode.hostname('node1', { tolerations })).tolerations).toEqual([
      { key: 'dedicated', operator: 'Equal', value: 'ci', effect: 'NoSchedule' },
      { key: 'example.com/spot', operator: 'Exists' },
    ]);
    expect(BuilderNode.labeled({ role: 'builder' }, { tolerations }).tolerations).toEqual(tolerations);
  });

  test('is not changed by what happens to its arguments', () => {
    const labels: { [key: string]: string } = { role: 'builder' };
    const tolerations = [{ key: 'dedicated' }];
    const node = BuilderNode.labeled(labels, { tolerations });

    labels.role = 'changed';
    tolerations.push({ key: 'added' });

    expect(node.labels).toEqual({ role: 'builder' });
    expect(node.tolerations).toEqual([{ key: 'dedicated' }]);
  });

  test.each<[string, () => BuilderNode, string]>([
    ['an empty hostname', () => BuilderNode.hostname(''), "'hostname' must not be empty, got ''"],
    ['no label', () => BuilderNode.labeled({}), "'labels' must not be empty, got {}; name at least one label of the node"],
    ['a label that is none', () => BuilderNode.labeled({ role: 'a b' }),
      "'labels.role' must have at most 63 letters, digits, '-', '_' and '.', and begin and end with a letter or digit, got 'a b'"],
    ['a taint that is none', () => BuilderNode.hostname('node1', { tolerations: [{ key: '-' }] }),
      "'tolerations' must have keys of at most 63 letters, digits, '-', '_' and '.', that begin and end with a letter or digit, got '-'"],
    ["a taint's value that is none", () => BuilderNode.hostname('node1', { tolerations: [{ key: 'dedicated', value: 'a b' }] }),
      "'tolerations.dedicated' must have at most 63 letters, digits, '-', '_' and '.', and begin and end with a letter or digit, got 'a b'"],
  ])('refuses %s', (_, make, message) => {
    expect(make).toThrow(new Error(message));
  });
});

describeDefaults('BuilderToleration', [
  ['value', '- any value', () => {
    expect(placed(BuilderNode.hostname('node1', { tolerations: [{ key: 'dedicated' }] })).tolerations).toEqual([{ key: 'dedicated', operator: 'Exists' }]);
  }],
  ['effect', '- all effects', () => {
    expect(placed(BuilderNode.hostname('node1', { tolerations: [{ key: 'dedicated', value: 'ci' }] })).tolerations)
      .toEqual([{ key: 'dedicated', operator: 'Equal', value: 'ci' }]);
  }],
]);

describeDefaults('BuilderNodeOptions', [
  ['tolerations', '- none', () => {
    expect(BuilderNode.hostname('node1').tolerations).toEqual([]);
    expect(placed(BuilderNode.labeled({ role: 'builder' })).tolerations).toBeUndefined();
  }],
]);
