import { isConfigKey, isDnsLabel, isDnsSubdomain } from '../syntax';
import { containerRule, podRule } from './pod-template';
import { choice, integer, Json, list, repeated, Rule, unless } from './rule';

const HOST_PATH_TYPES = ['', 'DirectoryOrCreate', 'Directory', 'FileOrCreate', 'File', 'Socket', 'CharDevice', 'BlockDevice'];

/** Rules about the volumes of pods. */
export const VOLUME_RULES: Rule[] = [
  podRule('volume names are unique', ({ volumes }) => repeated('the volume name', list(volumes).map(({ name }) => name))),
  podRule('volumes are well formed', ({ volumes }) => list(volumes).flatMap(volume => volumeFindings(volume).map(finding => `volume ${volume.name}: ${finding}`))),
  containerRule('each mounted volume exists', ({ volumeMounts }, { volumes }) => list(volumeMounts).flatMap(({ name }) =>
    unless(list(volumes).some(volume => volume.name === name), `the pod has no volume '${name}'`))),
  containerRule('mount paths are unique', ({ volumeMounts }) => [
    ...repeated('the mount path', list(volumeMounts).map(({ mountPath }) => mountPath)),
    ...list(volumeMounts).flatMap(({ mountPath }) => unless(/^\/[^:]+$/.test(mountPath), `'${mountPath}' is no mount path`)),
  ]),
];

/** Whether a path, once joined to another, can lead out of it. */
export function leadsUp(path: unknown): boolean {
  return String(path).split('/').includes('..');
}

function volumeFindings({ name, ...source }: Json): string[] {
  const { configMap, secret, projected, persistentVolumeClaim, hostPath } = source;
  return [
    ...unless(isDnsLabel(name), 'its name is no DNS label'),
    ...unless(Object.keys(source).length === 1, 'a volume has exactly one source'),
    ...(configMap ? fileFindings(configMap.name, configMap.items, configMap.defaultMode) : []),
    ...(secret ? fileFindings(secret.secretName, secret.items, secret.defaultMode) : []),
    ...(projected ? projectedFindings(projected) : []),
    ...(persistentVolumeClaim ? unless(isDnsSubdomain(persistentVolumeClaim.claimName), `'${persistentVolumeClaim.claimName}' is no name of a claim`) : []),
    ...(hostPath ? hostPathFindings(hostPath) : []),
  ];
}

function projectedFindings({ sources, defaultMode }: Json): string[] {
  const named = list(sources).flatMap<Json>(({ configMap, secret }) => configMap ?? secret ?? []);
  const paths = list(sources).flatMap<unknown>(({ configMap, secret, downwardAPI, serviceAccountToken }) =>
    serviceAccountToken?.path ?? list((configMap ?? secret ?? downwardAPI)?.items).map(({ path }) => path));
  return [
    ...named.flatMap(({ name, items }) => fileFindings(name, items, defaultMode)),
    ...repeated('the path', paths),
  ];
}

function fileFindings(name: unknown, items: unknown, mode: unknown): string[] {
  return [
    ...unless(isDnsSubdomain(name), `'${String(name)}' is no name of a ConfigMap or Secret`),
    ...integer('defaultMode', mode, 0, 0o777),
    ...repeated('the path', list(items).map(({ path }) => path)),
    ...list(items).flatMap(({ key, path }) => [
      ...unless(isConfigKey(key), `'${key}' is no key of a ConfigMap or Secret`),
      ...unless(path !== '' && !/^(\/|\.\.)/.test(path) && !leadsUp(path), `'${path}' is no path within the volume`),
    ]),
  ];
}

function hostPathFindings({ path, type }: Json): string[] {
  return [
    ...unless(/^\/./.test(path) && !leadsUp(path), `'${path}' is no path of a node`),
    ...choice('hostPath.type', type, ...HOST_PATH_TYPES),
  ];
}
