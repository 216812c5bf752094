import { App, Chart, Size } from 'cdk8s';
import { parseAllDocuments } from 'yaml';
import { BuilderNode, CacheClient, CacheVolume, DindCacheProps } from '../../../src';
import { KubeObject } from './kube-object';

/** The objects of all charts of an app, in the order in which they would be applied. */
export function synthesize(build: (app: App) => void): KubeObject[] {
  const app = new App({ outdir: '/nonexistent' });
  build(app);
  return parseAllDocuments(app.synthYaml()).map(document => document.toJS() as KubeObject);
}

/** The objects of one chart in a namespace. */
export function synthesizeChart(namespace: string, build: (chart: Chart) => void): KubeObject[] {
  return synthesize(app => build(new Chart(app, 'chart', { namespace })));
}

/** What differs from the ten lines. */
export interface CacheVariation extends Partial<DindCacheProps> {
  readonly node?: string;
  readonly capacity?: Size;
  readonly clientNamespace?: string;
}

/** A cache's properties, as in the ten lines but for what differs. */
export function cacheProps(variation: CacheVariation = {}): DindCacheProps {
  const { node = 'node1', capacity = Size.gibibytes(100), clientNamespace = 'gitlab-runner', ...props } = variation;
  return {
    volume: CacheVolume.local({ node: BuilderNode.hostname(node), path: '/mnt/k8s/docker', capacity }),
    clients: [CacheClient.inNamespace(clientNamespace)],
    ...props,
  };
}
