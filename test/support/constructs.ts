import { Chart } from 'cdk8s';
import { Construct, IConstruct } from 'constructs';
import * as library from '../../src';
import { cacheProps, daemonProps, issuerProps, localVolume, mutualTls, pruneProps } from '../fixtures';

/** Makes a construct with a given id and what every object accepts, as plainly as possible. */
export type Maker = (scope: Construct, id: string, common?: library.CacheObjectProps) => Construct;

const { capacity, node, path } = localVolume();

/** How to make each construct that the library exports, by its name. */
export const MAKERS: { readonly [name: string]: Maker } = {
  CacheNamespace: (scope, id, common) => new library.CacheNamespace(scope, id, common),
  CacheStorage: (scope, id, common) => new library.CacheStorage(scope, id, { volume: library.CacheVolume.local(localVolume()), ...common }),
  CacheVolumeClaim: (scope, id, common) => new library.CacheVolumeClaim(scope, id, common),
  ClientAccessPolicy: (scope, id, common) => new library.ClientAccessPolicy(scope, id, { clients: cacheProps().clients, port: 2376, ...common }),
  DindCache: (scope, id, common) => new library.DindCache(scope, id, cacheProps(common)),
  DindCacheChart: (scope, id, common) => new library.DindCacheChart(scope, id, { namespace: Chart.of(scope).namespace, ...cacheProps(common) }),
  DindConfig: (scope, id, common) => new library.DindConfig(scope, id, common),
  DindDeployment: (scope, id, common) => new library.DindDeployment(scope, id, { ...daemonProps(scope), ...common }),
  DindService: (scope, id, common) => new library.DindService(scope, id, { tls: mutualTls(), ...common }),
  LocalPersistentVolume: (scope, id, common) =>
    new library.LocalPersistentVolume(scope, id, { node, path, capacity, storageClassName: 'local', claimName: 'data', ...common }),
  LocalStorageClass: (scope, id, common) => new library.LocalStorageClass(scope, id, common),
  PruneCronJob: (scope, id, common) => new library.PruneCronJob(scope, id, { ...pruneProps(scope), ...common }),
  TlsIssuer: (scope, id, common) => new library.TlsIssuer(scope, id, { ...issuerProps(scope), ...common }),
  VolumeDirectoryJob: (scope, id, common) => new library.VolumeDirectoryJob(scope, id, { node, path, ...common }),
};

/** The constructs whose object belongs to no namespace. */
export const CLUSTER_SCOPED = ['CacheNamespace', 'LocalPersistentVolume', 'LocalStorageClass'];

/** The constructs that make several objects. */
export const COMPOSITES = ['CacheStorage', 'DindCache', 'DindCacheChart', 'TlsIssuer'];

/** The names of the classes of the library that are constructs. */
export function exportedConstructs(): string[] {
  return Object.entries(library).filter(([, value]) => isConstructClass(value)).map(([name]) => name);
}

function isConstructClass(value: unknown): value is new (scope: IConstruct, id: string) => Construct {
  return typeof value === 'function' && value.prototype instanceof Construct;
}
