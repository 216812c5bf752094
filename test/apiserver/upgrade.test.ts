import * as fs from 'node:fs';
import * as path from 'node:path';
import { clusterUnderTest } from './support/cluster-under-test';
import { droppedFields } from './support/dropped-fields';
import { example } from './support/examples';
import { readManifest } from './support/kube-object';
import { applyManifest, fetchManifest } from './support/manifests';
import { Scope } from './support/scope';

const FOLDER = path.join(__dirname, 'upgrade-from');
const VERSIONS = fs.readdirSync(FOLDER).filter(file => file.endsWith('.yaml')).map(file => path.basename(file, '.yaml'));

const cluster = clusterUnderTest();
const scope = new Scope(cluster);
const { file, objects } = example('minimal');

beforeAll(() => scope.namespacesFor(objects));

afterEach(() => scope.clear());

afterAll(() => scope.cleanUp());

async function uid(resource: string): Promise<string> {
  return cluster.kubectl(['get', resource, '-n', 'dind-cache', '-o=jsonpath={.metadata.uid}']);
}

test('there is a version to upgrade from', () => {
  expect(VERSIONS).not.toEqual([]);
});

describe.each(VERSIONS)('over the manifest of version %s', version => {
  const released = path.join(FOLDER, `${version}.yaml`);

  test.each([['plain', false], ['server-side', true]])("today's applies by %s apply, and the volume stays bound to its claim", async (_, serverSide) => {
    await scope.claim([...readManifest(released), ...objects]);
    await applyManifest(cluster, released, { serverSide });
    const claim = await uid('pvc/docker-dind-data');

    const { errors } = await applyManifest(cluster, file, { serverSide });
    const returned = await fetchManifest(cluster, file);

    expect(errors).toBe('');
    expect(objects.flatMap((object, index) => droppedFields(object, returned[index]))).toEqual([]);
    expect(await uid('pvc/docker-dind-data')).toBe(claim);
    await cluster.kubectl(['wait', '--for=jsonpath={.status.phase}=Bound', 'pvc/docker-dind-data', '-n', 'dind-cache', '--timeout=30s']);
  });
});
