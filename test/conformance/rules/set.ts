import { describeObject, KubeObject } from '../../apiserver/support/kube-object';
import { containersOf, podTemplate } from './pod-template';
import { amountOf } from './quantity';
import { Json, list, repeated, unless } from './rule';

/** What is wrong with how objects that are applied together fit each other; what they only name may exist already. */
export function setFindings(objects: KubeObject[]): string[] {
  return [
    ...repeated('the object', objects.map(describeObject)),
    ...ofKind(objects, 'Service').flatMap(service => serviceFindings(service, objects)),
    ...ofKind(objects, 'PersistentVolume').flatMap(volume => bindingFindings(volume, objects)),
    ...objects.flatMap(object => fileFindings(object, objects)),
    ...ofKind(objects, 'RoleBinding').flatMap(binding => grantFindings(binding, objects)),
  ];
}

function ofKind(objects: KubeObject[], kind: string): KubeObject[] {
  return objects.filter(object => object.kind === kind);
}

function serviceFindings(service: KubeObject, objects: KubeObject[]): string[] {
  const { selector, ports } = service.spec as Json;
  const selected = objects.filter(object => isSelected(selector, podTemplate(object)?.metadata?.labels) && inSameNamespace(object, service));
  const portNames = selected.flatMap(object => containersOf(podTemplate(object)!.spec).flatMap(container => list(container.ports).map(({ name }) => name)));
  return [
    ...unless(selected.length === 1 && selected[0].kind === 'Deployment', `${describeObject(service)} selects ${selected.map(describeObject).join(' and ') || 'nothing'}`),
    ...list(ports).flatMap(({ targetPort }) =>
      unless(typeof targetPort !== 'string' || portNames.includes(targetPort), `no container has the port ${targetPort} of ${describeObject(service)}`)),
  ];
}

function isSelected(selector: Json, labels?: Json): boolean {
  return labels !== undefined && Object.entries(selector).every(([key, value]) => labels[key] === value);
}

function bindingFindings(volume: KubeObject, objects: KubeObject[]): string[] {
  const { claimRef, capacity, storageClassName } = volume.spec as Json;
  const claim = ofKind(objects, 'PersistentVolumeClaim').find(({ metadata }) => metadata.name === claimRef.name && metadata.namespace === claimRef.namespace);
  const { volumeName, resources, storageClassName: className } = claim?.spec as Json ?? {};
  return [
    ...unless(claim !== undefined, `${describeObject(volume)} is reserved for a claim that does not exist`),
    ...unless(volumeName === undefined || volumeName === volume.metadata.name, `the claim of ${describeObject(volume)} asks for another volume`),
    ...unless(className === storageClassName, `${describeObject(volume)} and its claim are of different classes`),
    ...unless(amountOf(resources?.requests.storage) <= amountOf(capacity.storage), `the claim of ${describeObject(volume)} asks for more than it has`),
  ];
}

/** The kubelet holds a pod back as long as a file is missing that it is to mount. */
function fileFindings(object: KubeObject, objects: KubeObject[]): string[] {
  const volumes = list(podTemplate(object)?.spec?.volumes);
  const sources = volumes.flatMap(volume => [volume, ...list(volume.projected?.sources)]);
  return sources.flatMap(({ configMap }) => {
    const { name, items }: Json = configMap ?? {};
    const mounted = ofKind(objects, 'ConfigMap').find(candidate => candidate.metadata.name === name && inSameNamespace(candidate, object));
    return mounted ? list(items).flatMap(({ key }) => unless(key in (mounted.data as Json), `${describeObject(mounted)} has no ${key}`)) : [];
  });
}

function grantFindings({ metadata: { namespace }, roleRef, subjects }: KubeObject, objects: KubeObject[]): string[] {
  const named = [{ namespace, ...roleRef as { kind: string; name: string } }, ...list(subjects)].map(({ kind, name, ...reference }) => `${kind}/${reference.namespace}/${name}`);
  return named.flatMap(name => unless(objects.some(object => describeObject(object) === name), `there is no ${name} to bind`));
}

function inSameNamespace(a: KubeObject, b: KubeObject): boolean {
  return a.metadata.namespace === b.metadata.namespace;
}
