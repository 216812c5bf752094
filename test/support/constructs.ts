import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import * as library from '../../src';
import { cacheProps, daemonProps, localVolume, mutualTls, pruneProps } from '../fixtures';

/** Makes a construct with a given id and what every object accepts, as plainly as possible. */
export type Maker = (chart: Chart, id: string, common?: library.CacheObjectProps) => Construct;

const { capacity, node, path } = localVolume();

/** How to make each construct that the library exports, by its name. */
export const MAKERS: { readonly [name: string]: Maker } = {
  CacheNamespace: (chart, id, common) => new library.CacheNamespace(chart, id, common),
  CacheStorage: (chart, id, common) => new library.CacheStorage(chart, id, { volume: library.CacheVolume.local(localVolume()), ...common }),
  CacheVolumeClaim: (chart, id, common) => new library.CacheVolumeClaim(chart, id, common),
  ClientAccessPolicy: (chart, id, common) => new library.ClientAccessPolicy(chart, id, { clients: cacheProps().clients, port: 2376, ...common }),
  DindCache: (chart, id, common) => new library.DindCache(chart, id, cacheProps(common)),
  DindCacheChart: (chart, id, common) => new library.DindCacheChart(chart, id, { namespace: chart.namespace, ...cacheProps(common) }),
  DindConfig: (chart, id, common) => new library.DindConfig(chart, id, common),
  DindDeployment: (chart, id, common) => new library.DindDeployment(chart, id, { ...daemonProps(chart), ...common }),
  DindService: (chart, id, common) => new library.DindService(chart, id, { tls: mutualTls(), ...common }),
  LocalPersistentVolume: (chart, id, common) =>
    new library.LocalPersistentVolume(chart, id, { node, path, capacity, storageClassName: 'local', claimName: 'data', ...common }),
  LocalStorageClass: (chart, id, common) => new library.LocalStorageClass(chart, id, common),
  PruneCronJob: (chart, id, common) => new library.PruneCronJob(chart, id, { ...pruneProps(chart), ...common }),
  VolumeDirectoryJob: (chart, id, common) => new library.VolumeDirectoryJob(chart, id, { node, path, ...common }),
};

/** The constructs whose object belongs to no namespace. */
export const CLUSTER_SCOPED = ['CacheNamespace', 'LocalPersistentVolume', 'LocalStorageClass'];

/** The constructs that make several objects. */
export const COMPOSITES = ['CacheStorage', 'DindCache', 'DindCacheChart'];

/** The names of the classes of the library that are constructs. */
export function exportedConstructs(): string[] {
  return Object.entries(library).filter(([, value]) => isConstructClass(value)).map(([name]) => name);
}

function isConstructClass(value: unknown): value is new (scope: IConstruct, id: string) => Construct {
  return typeof value === 'function' && value.prototype instanceof Construct;
}
