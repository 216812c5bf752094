import { Duration, Size } from 'cdk8s';
import { GcRecordType, GcRule } from '../../../src';
import { CacheDaemon } from './cache-daemon';

/** A rule of BuildKit's collection, in the words of `docker buildx inspect`. */
export type ShownRule = Readonly<Record<string, string>>;

/** A rule as it stands in daemon.json. */
interface EmittedRule {
  readonly all?: boolean;
  readonly filter?: string[];
  readonly reservedSpace?: string;
  readonly maxUsedSpace?: string;
  readonly minFreeSpace?: string;
  /** Before Docker 28, shown as reserved space. */
  readonly keepStorage?: string;
}

/** Rules with all that the version knows. */
export function customRules(version: string): GcRule[] {
  const old = { recordType: GcRecordType.CACHE_MOUNT, unusedFor: Duration.hours(5), maxUsedSpace: Size.mebibytes(1100) };
  if (Number.parseInt(version, 10) < 28) return [old, { all: true, maxUsedSpace: Size.gibibytes(3) }];
  return [old, { all: true, reservedSpace: Size.gibibytes(1), maxUsedSpace: Size.gibibytes(3), minFreeSpace: Size.gibibytes(2) }];
}

/** The rules that the daemon collects by. */
export async function rulesInEffect({ client }: CacheDaemon): Promise<ShownRule[]> {
  const [, ...sections] = (await client.run(['buildx', 'inspect'])).split(/GC Policy rule#\d+:\n/);
  return sections.map(section => {
    const lines = [...section.matchAll(/^ +([A-Z][\w ]+):[ \t]+(\S.*)$/gm)].map(([, name, value]) => [name, value.replace(/^(\d+h)0m.*$/, '$1')]);
    return Object.fromEntries(lines) as ShownRule;
  });
}

/** The rules of the emitted daemon.json. */
export function rulesEmitted({ manifests }: CacheDaemon): ShownRule[] {
  const { data } = manifests.get('ConfigMap') as unknown as { data: Record<string, string> };
  const { builder } = JSON.parse(data['daemon.json']) as { builder: { gc: { policy: EmittedRule[] } } };
  return builder.gc.policy.map(shown);
}

function shown({ all = false, filter = [], ...sizes }: EmittedRule): ShownRule {
  const value = (key: string): string | undefined => filter.find(each => each.startsWith(`${key}=`))?.split('=')[1];
  const fields = {
    'All': String(all),
    'Filters': value('type') && `type==${value('type')}`,
    'Keep Duration': value('until'),
    'Reserved Space': size(sizes.reservedSpace ?? sizes.keepStorage),
    'Max Used Space': size(sizes.maxUsedSpace),
    'Min Free Space': size(sizes.minFreeSpace),
  };
  return Object.fromEntries(Object.entries(fields).filter(([, field]) => field !== undefined)) as ShownRule;
}

function size(emitted: string | undefined): string | undefined {
  const mebibytes = Number.parseInt(emitted ?? '0', 10);
  if (mebibytes === 0) return undefined;
  return mebibytes < 1024 ? `${mebibytes}MiB` : `${Number((mebibytes / 1024).toPrecision(4))}GiB`;
}
