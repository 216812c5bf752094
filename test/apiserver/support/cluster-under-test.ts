import { Cluster, ClusterProps } from '../../harness/kubernetes/cluster';

/** Environment variable by which the global set-up tells the tests where the cluster is. */
export const CLUSTER_VARIABLE = 'APISERVER_SUITE_CLUSTER';

/** The cluster that the run's set-up provided. */
export function clusterUnderTest(): Cluster {
  const props = process.env[CLUSTER_VARIABLE];
  if (!props) throw new Error(`'${CLUSTER_VARIABLE}' must be set by the global set-up of test/apiserver`);
  return new Cluster(JSON.parse(props) as ClusterProps);
}
