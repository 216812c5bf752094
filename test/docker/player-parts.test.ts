import * as fs from 'node:fs';
import * as path from 'node:path';
import { writeFilesAtomically } from '../harness/docker/atomic-files';
import { parseBuildOutput } from '../harness/docker/build-output';
import { expandReferences } from '../harness/docker/environment';
import { Manifests } from '../harness/docker/manifests';
import { makeRunFolder } from '../harness/docker/outer-daemon';
import { refuseUnknownFields } from '../harness/docker/played-fields';
import { PodSpec } from '../harness/docker/pod-spec';
import { probePeriodically, ProbeVerdict } from '../harness/docker/prober';

describe('ProbeVerdict', () => {
  test('turns red after as many failures in a row as the threshold says, and reports each further one', () => {
    const verdict = new ProbeVerdict({ failureThreshold: 2 });
    expect([true, false, true, false, false, false].map(result => verdict.add(result))).toEqual([true, false, false, false, true, true]);
    expect(verdict.healthy).toBe(false);
  });

  test('turns green again after as many successes in a row as the threshold says', () => {
    const verdict = new ProbeVerdict({ failureThreshold: 1, successThreshold: 2 });
    expect([false, true, true].map(result => verdict.add(result))).toEqual([true, false, true]);
    expect(verdict.healthy).toBe(true);
  });
});

test('a probe that takes longer than its period is not run twice at once and misses no turn', async () => {
  const stop = new AbortController();
  let [running, atOnce, runs] = [0, 0, 0];
  const slow = async (): Promise<boolean> => {
    running += 1;
    runs += 1;
    atOnce = Math.max(atOnce, running);
    await new Promise(resolve => { setTimeout(resolve, 60); });
    running -= 1;
    if (runs === 3) stop.abort();
    return true;
  };
  await probePeriodically({ periodSeconds: 0.02 }, slow, () => undefined, stop.signal);
  expect([atOnce, runs]).toEqual([1, 3]);
});

test('references in commands are replaced as Kubernetes does', () => {
  const variables = new Map([['A', 'x']]);
  expect(expandReferences('$(A) $(B) $$(A) $A ${A}', variables)).toBe('x $(B) $(A) $A ${A}');
});

test('the output of a build tells steps, cached steps and what was sent', () => {
  const output = parseBuildOutput([
    '#4 [internal] load build context', '#4 transferring context: 1.01MB 0.1s done', '#4 DONE 0.1s',
    '#5 [deps 1/3] FROM docker.io/library/base:1', '#5 CACHED',
    '#6 [deps 2/3] COPY package.json .', '#6 CACHED', '#7 [stage-2 2/2] COPY --from=build /a /a', '#7 DONE 0.0s',
  ].join('\n'));
  expect(output).toEqual({ steps: [{ name: 'deps 2/3', cached: true }, { name: 'stage-2 2/2', cached: false }], cached: 1, contextBytes: 1_010_000 });
});

test('a field that is not played is refused', () => {
  const spec: PodSpec = { containers: [{ name: 'a', image: 'b', ...{ stdin: true } }] };
  expect(() => refuseUnknownFields(spec)).toThrow('does not play stdin of a container');
});

test('an object that is not in the manifests is named, with those that are', () => {
  const manifests = new Manifests('{ kind: Job, metadata: { name: a } }');
  expect(() => manifests.get('Job', 'b')).toThrow('exactly one Job b must be in the manifests, got 0 among Job/a');
});

test('files of a volume change all at once and keep their modes', () => {
  const folder = makeRunFolder();
  writeFilesAtomically(folder, new Map([['a/b', { content: Buffer.from('1'), mode: 0o400 }], ['c', { content: Buffer.from('1'), mode: 0o644 }]]));
  const before = fs.realpathSync(path.join(folder, '..data'));
  writeFilesAtomically(folder, new Map([['a/b', { content: Buffer.from('2'), mode: 0o400 }]]));
  expect(fs.readFileSync(path.join(folder, 'a/b'), 'utf8')).toBe('2');
  expect(fs.statSync(path.join(folder, 'a/b')).mode & 0o777).toBe(0o400);
  expect([fs.existsSync(before), fs.existsSync(path.join(folder, 'c'))]).toEqual([false, false]);
  fs.rmSync(folder, { recursive: true });
});
