import * as fs from 'node:fs';
import { ControlPlane, provideControlPlane } from '../../harness/kubernetes/control-plane';
import { installCustomResources, removeCustomResources } from '../../harness/kubernetes/custom-resources';
import { CLUSTER_VARIABLE } from './cluster-under-test';
import { sharedFile } from './shared';

let controlPlane: ControlPlane | undefined;
let installed: string[] = [];

/** Provides the control plane of the run, with the custom resources that manifests may use. */
export async function start(): Promise<void> {
  exitOnSignals();
  const began = Date.now();
  controlPlane = await provideControlPlane();
  try {
    installed = await installCustomResourcesOfShared(controlPlane);
    process.env[CLUSTER_VARIABLE] = JSON.stringify(controlPlane.cluster.props);
    const { serverVersion } = await controlPlane.cluster.getJson<{ serverVersion: { gitVersion: string } }>(['version']);
    process.stderr.write(`control plane ${serverVersion.gitVersion} ready after ${((Date.now() - began) / 1000).toFixed(1)} s\n`);
  } catch (error) {
    await stop();
    throw error;
  }
}

/** Ends what `start` began. */
export async function stop(): Promise<void> {
  try {
    if (controlPlane?.cluster.props.external) await removeCustomResources(controlPlane.cluster, installed);
  } finally {
    await controlPlane?.stop();
  }
}

async function installCustomResourcesOfShared({ cluster }: ControlPlane): Promise<string[]> {
  const folder = sharedFile('crds');
  if (fs.existsSync(folder)) return installCustomResources(cluster, folder);
  process.stderr.write('skipped: custom resources are not installed, ../shared/crds is absent\n');
  return [];
}

/** An interrupted run must pass by the handlers of `exit`, which end the control plane. */
function exitOnSignals(): void {
  for (const signal of ['SIGINT', 'SIGTERM', 'SIGHUP'] as const) process.once(signal, () => process.exit(1));
}
