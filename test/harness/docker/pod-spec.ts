/** The parts of a Kubernetes object that every kind has. */
export interface KubernetesObject {
  readonly apiVersion: string;
  readonly kind: string;
  readonly metadata: { readonly name: string; readonly namespace?: string };
}

/** What a Deployment or Job makes pods of. */
export interface PodTemplate {
  readonly metadata?: { readonly labels?: Record<string, string>; readonly annotations?: Record<string, string> };
  readonly spec: PodSpec;
}

/** The parts of a pod that the player plays. */
export interface PodSpec {
  readonly containers: Container[];
  readonly initContainers?: Container[];
  readonly volumes?: Volume[];
  readonly securityContext?: SecurityContext & { readonly fsGroup?: number; readonly supplementalGroups?: number[] };
  readonly terminationGracePeriodSeconds?: number;
  readonly restartPolicy?: string;
  readonly hostname?: string;
  readonly hostAliases?: { readonly ip: string; readonly hostnames: string[] }[];
}

/** The parts of a container that the player plays. */
export interface Container {
  readonly name: string;
  readonly image: string;
  readonly command?: string[];
  readonly args?: string[];
  readonly workingDir?: string;
  readonly env?: EnvVar[];
  readonly envFrom?: EnvFrom[];
  readonly ports?: { readonly name?: string; readonly containerPort: number }[];
  readonly resources?: { readonly limits?: Record<string, string | number>; readonly requests?: Record<string, string | number> };
  readonly securityContext?: SecurityContext;
  readonly volumeMounts?: VolumeMount[];
  readonly startupProbe?: Probe;
  readonly readinessProbe?: Probe;
  readonly livenessProbe?: Probe;
  readonly lifecycle?: { readonly preStop?: { readonly exec: ExecAction } };
}

/** One variable of a container. */
export interface EnvVar {
  readonly name: string;
  readonly value?: string;
  readonly valueFrom?: {
    readonly fieldRef?: { readonly fieldPath: string };
    readonly secretKeyRef?: KeyReference;
    readonly configMapKeyRef?: KeyReference;
  };
}

/** A key of a Secret or ConfigMap. */
export interface KeyReference {
  readonly name: string;
  readonly key: string;
  readonly optional?: boolean;
}

/** All keys of a Secret or ConfigMap as variables. */
export interface EnvFrom {
  readonly prefix?: string;
  readonly secretRef?: { readonly name: string; readonly optional?: boolean };
  readonly configMapRef?: { readonly name: string; readonly optional?: boolean };
}

/** Who a container runs as and what it may. */
export interface SecurityContext {
  readonly privileged?: boolean;
  readonly allowPrivilegeEscalation?: boolean;
  readonly readOnlyRootFilesystem?: boolean;
  readonly runAsNonRoot?: boolean;
  readonly runAsUser?: number;
  readonly runAsGroup?: number;
  readonly capabilities?: { readonly add?: string[]; readonly drop?: string[] };
  readonly seccompProfile?: { readonly type: string };
}

/** Where a volume appears in a container. */
export interface VolumeMount {
  readonly name: string;
  readonly mountPath: string;
  readonly readOnly?: boolean;
  readonly subPath?: string;
  readonly mountPropagation?: string;
}

/** A command that the kubelet runs in a container. */
export interface ExecAction {
  readonly command: string[];
}

/** How the kubelet asks a container for its health. */
export interface Probe {
  readonly exec?: ExecAction;
  readonly initialDelaySeconds?: number;
  readonly periodSeconds?: number;
  readonly timeoutSeconds?: number;
  readonly successThreshold?: number;
  readonly failureThreshold?: number;
  readonly terminationGracePeriodSeconds?: number;
}

/** Which keys become which files. */
export interface FileItems {
  readonly items?: { readonly key: string; readonly path: string; readonly mode?: number }[];
  readonly defaultMode?: number;
  readonly optional?: boolean;
}

/** Files of one Secret or ConfigMap in a projected volume. */
export interface Projection {
  readonly configMap?: Omit<FileItems, 'defaultMode'> & { readonly name: string };
  readonly secret?: Omit<FileItems, 'defaultMode'> & { readonly name: string };
}

/** A volume of a pod. */
export interface Volume {
  readonly name: string;
  readonly projected?: { readonly defaultMode?: number; readonly sources: Projection[] };
  readonly configMap?: FileItems & { readonly name: string };
  readonly secret?: FileItems & { readonly secretName: string };
  readonly emptyDir?: { readonly medium?: string; readonly sizeLimit?: string };
  readonly persistentVolumeClaim?: { readonly claimName: string; readonly readOnly?: boolean };
  readonly hostPath?: { readonly path: string; readonly type?: string };
}
