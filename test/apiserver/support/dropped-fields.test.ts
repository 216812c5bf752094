import { droppedFields } from './dropped-fields';
import { KubeObject } from './kube-object';

function objectWith(fields: Record<string, unknown>): KubeObject {
  return { apiVersion: 'v1', kind: 'Secret', metadata: { name: 'any' }, ...fields };
}

test.each([
  ['a field is gone', { spec: { replicas: 1 } }, { spec: {} }, ['spec.replicas: sent 1, got undefined']],
  ['a value is another', { spec: { replicas: 1 } }, { spec: { replicas: 2 } }, ['spec.replicas: sent 1, got 2']],
  ['an item of a list is gone', { args: ['a', 'b'] }, { args: ['a'] }, ['args.1: sent "b", got undefined']],
  ['an empty map is gone', { emptyDir: {} }, {}, ['emptyDir: sent {}, got undefined']],
  ['a quantity is another', { storage: '1Gi' }, { storage: '1G' }, ['storage: sent "1Gi", got "1G"']],
  ['a text is another', { data: { a: 'x' } }, { data: { a: 'y' } }, ['data.a: sent "x", got "y"']],
])('reports that %s', (_, sent, returned, expected) => {
  expect(droppedFields(objectWith(sent), objectWith(returned))).toEqual(expected);
});

test.each([
  ['what the server adds', { spec: { replicas: 1 } }, { spec: { replicas: 1, paused: true }, status: {} }],
  ['what the server appends to a list', { finalizers: ['a'] }, { finalizers: ['a', 'b'] }],
  ['a quantity in its shortest form', { memory: '2048Mi', cpu: '1000m' }, { memory: '2Gi', cpu: '1' }],
  ['a quantity sent as a number', { cpu: 0.5 }, { cpu: '500m' }],
  ['values that are zero in Go', { value: '', list: [], off: false, nothing: null }, {}],
  ['stringData that came back as data', { data: { a: 'YQ==' }, stringData: { b: 'b' } }, { data: { a: 'YQ==', b: 'Yg==' } }],
])('accepts %s', (_, sent, returned) => {
  expect(droppedFields(objectWith(sent), objectWith(returned))).toEqual([]);
});
