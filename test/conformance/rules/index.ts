import { CONTAINER_RULES } from './containers';
import { METADATA_RULES } from './metadata';
import { NETWORK_RULES } from './network';
import { PROBE_RULES } from './probes';
import { RBAC_RULES } from './rbac';
import { Rule } from './rule';
import { SCHEDULING_RULES } from './scheduling';
import { STORAGE_RULES } from './storage';
import { VOLUME_RULES } from './volumes';
import { WORKLOAD_RULES } from './workloads';

export { isOurs, PROJECT_RULES } from './project';
export type { Json, Rule } from './rule';
export { violations } from './rule';
export { setFindings } from './set';

/** What the API server, or whoever reads the object next, asks for beyond the schema. */
export const CLUSTER_RULES: Rule[] = [
  ...METADATA_RULES,
  ...WORKLOAD_RULES,
  ...CONTAINER_RULES,
  ...PROBE_RULES,
  ...VOLUME_RULES,
  ...SCHEDULING_RULES,
  ...STORAGE_RULES,
  ...NETWORK_RULES,
  ...RBAC_RULES,
];
