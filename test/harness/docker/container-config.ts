import { ContainerConfig } from './engine';
import { expandReferences } from './environment';
import { OWNER_LABEL } from './outer-daemon';
import { Container, PodSpec, SecurityContext } from './pod-spec';
import { BindMount } from './pod-volumes';

/** What a container needs besides its own fields. */
export interface ContainerContext {
  readonly spec: PodSpec;
  /** Name of the image that the outer daemon knows. */
  readonly image: string;
  readonly variables: ReadonlyMap<string, string>;
  readonly mounts: BindMount[];
  /** The container that holds the pod's network. */
  readonly sandbox: string;
}

const UNITS: Record<string, number> = { '': 1, 'k': 1e3, 'M': 1e6, 'G': 1e9, 'Ki': 1024, 'Mi': 1024 ** 2, 'Gi': 1024 ** 3 };

/** Translates a container of a pod into the words of the Engine API, as a kubelet with containerd would run it. */
export function containerConfig(container: Container, { spec, image, variables, mounts, sandbox }: ContainerContext): ContainerConfig {
  const security = { ...spec.securityContext, ...container.securityContext };
  const expand = (words?: string[]) => words?.map(word => expandReferences(word, variables));
  return {
    Image: image,
    Entrypoint: expand(container.command),
    Cmd: expand(container.args),
    Env: [...variables].map(([name, value]) => `${name}=${value}`),
    User: user(container.name, security),
    WorkingDir: container.workingDir,
    Labels: { [OWNER_LABEL]: String(process.pid) },
    HostConfig: {
      NetworkMode: `container:${sandbox}`,
      Mounts: mounts,
      Privileged: security.privileged === true,
      ReadonlyRootfs: security.readOnlyRootFilesystem === true,
      CapAdd: security.capabilities?.add,
      CapDrop: security.capabilities?.drop,
      SecurityOpt: securityOptions(security),
      GroupAdd: groups(spec),
      Memory: quantity(container.resources?.limits?.memory),
      NanoCpus: cpus(container.resources?.limits?.cpu),
    },
  };
}

/** The stand-in images and Docker's own run as root when nothing is said, which the kubelet refuses for `runAsNonRoot`. */
function user(name: string, { runAsUser, runAsGroup, runAsNonRoot }: SecurityContext): string | undefined {
  if (runAsNonRoot && !runAsUser) throw new Error(`container has runAsNonRoot and image will run as root: ${name}`);
  if (runAsUser === undefined && runAsGroup === undefined) return undefined;
  return `${runAsUser ?? 0}:${runAsGroup ?? 0}`;
}

function groups({ securityContext }: PodSpec): string[] {
  const fsGroup = securityContext?.fsGroup === undefined ? [] : [securityContext.fsGroup];
  return [...fsGroup, ...securityContext?.supplementalGroups ?? []].map(String);
}

/** Kubernetes confines system calls only when asked to, Docker unless asked not to. */
function securityOptions({ privileged, allowPrivilegeEscalation, seccompProfile }: SecurityContext): string[] {
  return [
    ...(allowPrivilegeEscalation === false ? ['no-new-privileges'] : []),
    ...(seccompProfile?.type === 'RuntimeDefault' && !privileged ? [] : ['seccomp=unconfined']),
  ];
}

function cpus(value: string | number | undefined): number | undefined {
  if (value === undefined) return undefined;
  const text = String(value);
  return (text.endsWith('m') ? Number(text.slice(0, -1)) / 1000 : Number(text)) * 1e9;
}

function quantity(value: string | number | undefined): number | undefined {
  if (value === undefined) return undefined;
  const [, digits, unit] = String(value).match(/^([0-9.]+)([A-Za-z]*)$/) ?? [];
  if (!(unit in UNITS)) throw new Error(`'memory' must be a number with a unit that the player knows, got '${value}'`);
  return Number(digits) * UNITS[unit];
}
