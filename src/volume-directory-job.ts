import { Size } from 'cdk8s';
import { Cpu, k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { BuilderNode } from './builder-node';
import { CacheObjectProps } from './cache-object-props';
import { DockerImages } from './docker-images';
import { mainObject } from './private/api-object';
import { digest } from './private/digest';
import { Component, selectorLabels } from './private/labels';
import { namespacedMetadata } from './private/metadata';
import { podBase, resourceRequirements, restrictedContainer, restrictedPod } from './private/pod';
import { requireDnsLabel } from './private/validation';
import { requireVolumePath } from './private/volume-path';

/**
 * Properties of the Job that makes a volume's directory.
 */
export interface VolumeDirectoryJobProps extends CacheObjectProps {
  /**
   * The node that holds the directory.
   */
  readonly node: BuilderNode;

  /**
   * The directory on the node, absolute.
   */
  readonly path: string;

  /**
   * The container images.
   *
   * @default DockerImages.official()
   */
  readonly images?: DockerImages;
}

/** The digest adds eleven characters to the name of the Job, which is a label of its pods. */
const MAX_NAME_LENGTH = 52;

/**
 * Makes the directory of a local volume, which Kubernetes does not.
 *
 * The kubelet makes it while it mounts a hostPath; the container itself does nothing.
 * The Job's name carries a digest of its pod template: a changed template is a new Job, an unchanged one never runs again.
 *
 * @see https://kubernetes.io/docs/concepts/storage/volumes/#hostpath
 */
export class VolumeDirectoryJob extends Construct {
  /**
   * The name of the Job.
   */
  public readonly name: string;

  constructor(scope: Construct, id: string, props: VolumeDirectoryJobProps) {
    super(scope, id);
    requireVolumePath(props.path);
    const metadata = namespacedMetadata(this, id, props);
    requireDnsLabel('name', metadata.name, MAX_NAME_LENGTH);
    const template = podTemplate(props.instance ?? metadata.name, props);
    this.name = `${metadata.name}-${digest(template)}`;
    mainObject(this, k8s.KubeJob.manifest({ metadata: { ...metadata, name: this.name }, spec: { template } }));
  }
}

function podTemplate(instance: string, { images = DockerImages.official(), node, path }: VolumeDirectoryJobProps): k8s.PodTemplateSpec {
  return {
    metadata: { labels: selectorLabels(instance, Component.DIRECTORY) },
    spec: {
      ...podBase(images, node),
      restartPolicy: 'OnFailure',
      securityContext: restrictedPod(),
      containers: [{
        name: 'directory',
        image: images.busybox,
        imagePullPolicy: 'IfNotPresent',
        command: ['true'],
        resources: resourceRequirements({
          cpu: { request: Cpu.millis(10) },
          memory: { request: Size.mebibytes(16), limit: Size.mebibytes(16) },
        }),
        securityContext: restrictedContainer(),
        volumeMounts: [{ name: 'data', mountPath: '/data' }],
      }],
      volumes: [{ name: 'data', hostPath: { path, type: 'DirectoryOrCreate' } }],
    },
  };
}
