import { KubeObject } from '../apiserver/support/kube-object';
import { OLDEST_MINOR } from './kubernetes-versions';
import { Json, list } from './rules/rule';

/** A field or value that Kubernetes has known only since a certain minor. */
export interface NewerField {
  /** What the user asks for to have it emitted. */
  readonly askedForBy: string;
  /** The first minor that has it switched on. */
  readonly since: number;
  /** Whether an object has it. */
  readonly isIn: (object: KubeObject) => boolean;
}

/** Everything that the library emits on demand and that the oldest supported Kubernetes does not know. */
export const NEWER_FIELDS: NewerField[] = [
  {
    askedForBy: 'PruneScheduleOptions.timeZone',
    since: 24,
    isIn: ({ kind, spec }) => kind === 'CronJob' && (spec as Json).timeZone !== undefined,
  },
  {
    askedForBy: 'DynamicVolumeOptions.accessMode',
    since: 29,
    isIn: ({ kind, spec }) => kind === 'PersistentVolumeClaim' && list<string>((spec as Json).accessModes).includes('ReadWriteOncePod'),
  },
];

/** The oldest supported minor that an object is valid on. */
export function oldestMinorOf(object: KubeObject): number {
  return Math.max(OLDEST_MINOR, ...NEWER_FIELDS.filter(({ isIn }) => isIn(object)).map(({ since }) => since));
}
