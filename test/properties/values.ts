import { Cron, Duration, Size } from 'cdk8s';
import { ContainerResources, Cpu, PersistentVolumeAccessMode, TaintEffect } from 'cdk8s-plus-27';
import fc, { Arbitrary } from 'fast-check';
import { BuilderNode, CacheClient, CacheVolume, DaemonTls, DockerImages, GcPolicy, GcRecordType, PrunePolicy } from '../../src';
import { Ingredients } from './ingredients';
import { Recipe, recipe } from './recipe';

/** Labels, at least as many as said. */
export function labels(of: Ingredients, minKeys = 0): Arbitrary<{ [key: string]: string }> {
  return fc.dictionary(of.labelKey, of.labelValue, { minKeys, maxKeys: 3 });
}

/** Builder nodes. */
export function builderNodes(of: Ingredients): Arbitrary<Recipe<BuilderNode>> {
  const toleration = fc.record({ key: of.labelKey, value: of.labelValue, effect: fc.constantFrom(...Object.values(TaintEffect)) }, { requiredKeys: ['key'] });
  const options = fc.record({ tolerations: fc.array(toleration, { maxLength: 2 }) }, { requiredKeys: [] });
  return fc.oneof(
    fc.tuple(of.dnsLabel, options).map(recipe('BuilderNode.hostname', ([name, node]) => BuilderNode.hostname(name, node))),
    fc.tuple(labels(of, 1), options).map(recipe('BuilderNode.labeled', ([node, others]) => BuilderNode.labeled(node, others))),
  );
}

/** Clients. */
export function cacheClients(of: Ingredients): Arbitrary<Recipe<CacheClient>> {
  const options = fc.record({ podLabels: labels(of) }, { requiredKeys: [] });
  return fc.oneof(
    fc.tuple(of.dnsLabel, options).map(recipe('CacheClient.inNamespace', ([name, pods]) => CacheClient.inNamespace(name, pods))),
    labels(of, 1).map(recipe('CacheClient.withLabels', pods => CacheClient.withLabels(pods))),
  );
}

/** Volumes. */
export function cacheVolumes(of: Ingredients): Arbitrary<Recipe<CacheVolume>> {
  const capacity = of.kibibytes.map(recipe('Size.kibibytes', kibibytes => Size.kibibytes(kibibytes)));
  const node = builderNodes(of);
  const accessMode = fc.constantFrom(PersistentVolumeAccessMode.READ_WRITE_ONCE, PersistentVolumeAccessMode.READ_WRITE_ONCE_POD);
  return fc.oneof(
    fc.record({ node, path: of.path, capacity, storageClassName: of.dnsSubdomain, requireMountPoint: fc.boolean() }, { requiredKeys: ['node', 'path', 'capacity'] })
      .map(recipe('CacheVolume.local', options => CacheVolume.local({ ...options, node: options.node.make(), capacity: options.capacity.make() }))),
    fc.record({ node, capacity, storageClassName: of.dnsSubdomain, accessMode }, { requiredKeys: ['capacity'] })
      .map(recipe('CacheVolume.dynamic', options => CacheVolume.dynamic({ ...options, node: options.node?.make(), capacity: options.capacity.make() }))),
    fc.record({ node, capacity, claimName: of.dnsSubdomain, accessMode }, { requiredKeys: ['capacity', 'claimName'] })
      .map(recipe('CacheVolume.existingClaim', options => CacheVolume.existingClaim({ ...options, node: options.node?.make(), capacity: options.capacity.make() }))),
  );
}

/** Schedules. */
export function crons(of: Ingredients): Arbitrary<Recipe<Cron>> {
  return fc.record({ minute: of.cronMinute, hour: of.cronHour, weekDay: of.cronWeekDay }, { requiredKeys: ['minute'] })
    .map(recipe('Cron.schedule', fields => Cron.schedule(fields)));
}

/** Ways to protect the daemon. */
export function daemonTls(of: Ingredients): Arbitrary<Recipe<DaemonTls>> {
  const additionalServerNames = fc.array(of.dnsSubdomain, { maxLength: 2 });
  const issued = { clusterDomain: of.dnsSubdomain, additionalServerNames, clientSecretName: of.secretName, schedule: crons(of) };
  const caIssuer = fc.record({ name: of.dnsSubdomain, kind: of.issuerKind }, { requiredKeys: ['name'] });
  const keys = fc.record({ ca: of.configKey, certificate: of.configKey, privateKey: of.configKey }, { requiredKeys: [] });
  return fc.oneof(
    fc.constant({}).map(recipe('DaemonTls.plaintext', () => DaemonTls.plaintext())),
    fc.record(issued, { requiredKeys: [] }).map(recipe('DaemonTls.selfIssued', options =>
      DaemonTls.selfIssued({ ...options, schedule: options.schedule?.make() }))),
    fc.record({ ...issued, caIssuer }, { requiredKeys: [] }).map(recipe('DaemonTls.certManager', options =>
      DaemonTls.certManager({ ...options, schedule: options.schedule?.make() }))),
    fc.record({ serverSecretName: of.dnsSubdomain, clientSecretName: of.secretName, keys }, { requiredKeys: ['serverSecretName', 'clientSecretName'] })
      .map(recipe('DaemonTls.existingSecrets', options => DaemonTls.existingSecrets(options))),
  );
}

/** Images. */
export function dockerImages(of: Ingredients): Arbitrary<Recipe<DockerImages>> {
  const pullSecrets = fc.array(of.dnsSubdomain, { maxLength: 2 });
  const digests = fc.record({ daemon: of.digest, client: of.digest, busybox: of.digest }, { requiredKeys: [] });
  return fc.oneof(
    fc.record({ version: of.dockerVersion, registryPrefix: of.registryPrefix, digests, kubectl: of.imageReference, pullSecrets }, { requiredKeys: [] })
      .map(recipe('DockerImages.official', options => DockerImages.official(options))),
    fc.record(
      { version: of.dockerVersion, daemon: of.imageReference, client: of.imageReference, busybox: of.imageReference, kubectl: of.imageReference, pullSecrets },
      { requiredKeys: ['version', 'daemon', 'client'] },
    ).map(recipe('DockerImages.custom', options => DockerImages.custom(options))),
  );
}

/** What is pruned, and when. */
export function prunePolicies(of: Ingredients): Arbitrary<Recipe<PrunePolicy>> {
  const schedule = { schedule: crons(of), timeZone: of.timeZone };
  const age = of.minutes.map(recipe('Duration.minutes', minutes => Duration.minutes(minutes)));
  const options = { ...schedule, grace: age, leftoversAfter: age, keepImages: fc.array(of.imagePattern, { maxLength: 2 }), keepLabel: of.labelKey };
  return fc.oneof(
    fc.record(options, { requiredKeys: [] }).map(recipe('PrunePolicy.underPressure', ({ schedule: cron, grace, leftoversAfter, ...rest }) =>
      PrunePolicy.underPressure({ ...rest, schedule: cron?.make(), grace: grace?.make(), leftoversAfter: leftoversAfter?.make() }))),
    fc.record(schedule, { requiredKeys: [] }).map(recipe('PrunePolicy.systemPruneAll', ({ schedule: cron, timeZone }) =>
      PrunePolicy.systemPruneAll({ timeZone, schedule: cron?.make() }))),
  );
}

/** How the build cache is kept within a volume of at least one GiB. */
export function gcPolicies(of: Ingredients): Arbitrary<Recipe<GcPolicy>> {
  const recordType = fc.constantFrom(...Object.values(GcRecordType));
  const aged = fc.record({ recordType, hours: of.hours, mebibytes: of.mebibytes, all: fc.boolean() }, { requiredKeys: ['hours', 'mebibytes'] });
  const last = fc.record({ reserved: of.mebibytes, more: of.mebibytes, free: of.mebibytes, all: fc.boolean() }, { requiredKeys: ['reserved', 'more'] });
  return fc.oneof(
    fc.record({ cache: of.cachePercent, images: of.imagesPercent }, { requiredKeys: [] }).map(recipe('GcPolicy.shares', options => GcPolicy.shares(options))),
    fc.tuple(fc.array(aged, { maxLength: 2 }), last).map(recipe('GcPolicy.custom', ([rules, { reserved, more, free, all }]) => GcPolicy.custom([
      ...rules.map(({ hours, mebibytes, ...rest }) => ({ ...rest, unusedFor: Duration.hours(hours), maxUsedSpace: Size.mebibytes(mebibytes) })),
      {
        all,
        reservedSpace: Size.mebibytes(reserved),
        maxUsedSpace: Size.mebibytes(reserved + more),
        minFreeSpace: free === undefined ? undefined : Size.mebibytes(free),
      },
    ]))),
  );
}

/** What the daemon asks for, a percentage of what it may use. */
export function containerResources(of: Ingredients): Arbitrary<Recipe<ContainerResources>> {
  return fc.record({ millis: of.millis, kibibytes: of.kibibytes, percent: of.requestPercent, limited: fc.boolean() })
    .map(recipe('ContainerResources', ({ millis, kibibytes, percent, limited }) => ({
      cpu: { request: Cpu.millis(Math.ceil(millis * percent / 100)), limit: limited ? Cpu.millis(millis) : undefined },
      memory: { request: Size.kibibytes(Math.ceil(kibibytes * percent / 100)), limit: limited ? Size.kibibytes(kibibytes) : undefined },
      ephemeralStorage: { limit: Size.kibibytes(kibibytes) },
    })));
}
