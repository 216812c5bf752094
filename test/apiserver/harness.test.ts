import { execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import * as fs from 'node:fs';
import * as os from 'node:os';
import * as path from 'node:path';
import { findBinaries } from '../harness/kubernetes/binaries';
import { kubernetesVersion } from '../harness/kubernetes/build';
import { startControlPlane } from '../harness/kubernetes/control-plane';
import { eventually } from '../harness/kubernetes/eventually';
import { testUnless } from '../support/conditional-test';

const REPOSITORY = path.resolve(__dirname, '../..');
const ASSETS = process.env.KUBEBUILDER_ASSETS ? 'KUBEBUILDER_ASSETS names other binaries' : undefined;
const EXTERNAL = process.env.KUBECONFIG ? 'KUBECONFIG names a cluster, nothing is started' : undefined;
const temporary = fs.mkdtempSync(path.join(os.tmpdir(), 'harness-test-'));

afterAll(() => fs.rmSync(temporary, { recursive: true, force: true }));

/** The processes of this machine, but for those that have ended and that nobody has waited for yet. */
function processes(): { pid: number; command: string }[] {
  const lines = execFileSync('ps', ['-A', '-o', 'pid=,stat=,args='], { encoding: 'utf8' }).split('\n');
  return lines.flatMap(line => {
    const [, pid, state, command] = line.match(/^ *(\d+) +(\S+) +(.*)$/) ?? [];
    return pid === undefined || state.startsWith('Z') ? [] : [{ pid: Number(pid), command }];
  });
}

function isRunning(pid: number): boolean {
  return processes().some(process => process.pid === pid);
}

/** Folders and processes of the control planes that this process has started. */
function traces(): string[] {
  const prefix = `control-plane-${process.pid}-`;
  const folders = fs.readdirSync(os.tmpdir()).filter(name => name.startsWith(prefix));
  return [...folders, ...processes().map(({ command }) => command).filter(command => command.includes(prefix))].sort();
}

testUnless(EXTERNAL, 'a second control plane lives beside the first and leaves nothing behind', async () => {
  const second = await startControlPlane();
  const { pids, folder, cluster } = second;

  expect(pids.map(isRunning)).toEqual([true, true, true, true]);
  expect(await cluster.kubectl(['get', 'namespaces', '-o', 'name'])).toContain('namespace/default');
  await second.stop();

  expect(pids.map(isRunning)).toEqual([false, false, false, false]);
  expect(fs.existsSync(folder)).toBe(false);
});

testUnless(EXTERNAL ?? ASSETS, 'the control plane is the release that go.mod names', async () => {
  const version = execFileSync(findBinaries()['kube-apiserver'], ['--version'], { encoding: 'utf8' });

  expect(version).toBe(`Kubernetes ${kubernetesVersion()}\n`);
});

testUnless(EXTERNAL, 'a control plane that cannot start says why and leaves nothing behind', async () => {
  const broken = path.join(temporary, 'kube-apiserver');
  fs.writeFileSync(broken, '#!/bin/sh\necho "the disk is on fire"\nexit 3\n', { mode: 0o755 });
  const before = traces();

  const failure: Error = await startControlPlane({ ...findBinaries(), 'kube-apiserver': broken }).then(
    () => { throw new Error('it started'); },
    (error: Error) => error,
  );

  expect(failure.message).toContain('kube-apiserver ended early: exit code 3');
  expect(failure.message).toContain('the disk is on fire');
  expect(failure.message).toContain('--- etcd (running)');
  expect(traces()).toEqual(before);
});

test('a component dies with a test runner that is killed', async () => {
  const program = `
    const { Component } = require('./test/harness/kubernetes/component');
    console.log(Component.start('sleep', 'sleep', ['600'], ${JSON.stringify(temporary)}).pid);
    setInterval(() => {}, 1000);`;
  const runner = spawn(process.execPath, ['-r', 'ts-node/register/transpile-only', '-e', program], {
    cwd: REPOSITORY,
    env: { ...process.env, TS_NODE_PROJECT: 'tsconfig.dev.json' },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  const [output] = await once(runner.stdout, 'data') as [Buffer];
  const pid = Number(output.toString());
  expect(isRunning(pid)).toBe(true);

  runner.kill('SIGKILL');

  await eventually('the component has ended', async () => !isRunning(pid), { deadlineSeconds: 10 });
});
