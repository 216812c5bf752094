import { Size } from 'cdk8s';
import { k8s } from 'cdk8s-plus-27';
import { Construct } from 'constructs';
import { CacheObjectProps } from './cache-object-props';
import { DaemonConfig } from './daemon-config';
import { DockerImages } from './docker-images';
import { GcPolicy } from './gc-policy';
import { mainObject } from './private/api-object';
import { digest, sorted } from './private/digest';
import { namespacedMetadata } from './private/metadata';
import { script } from './private/script';
import { RegistryCertificate } from './registry-certificate';

/**
 * Properties of the daemon's ConfigMap.
 */
export interface DindConfigProps extends CacheObjectProps {
  /**
   * The daemon's configuration.
   *
   * @default DaemonConfig.of()
   */
  readonly daemonConfig?: DaemonConfig;

  /**
   * The size of the daemon's volume, from which the collection of build cache is sized.
   *
   * @default - the daemon collects as it does by default
   */
  readonly capacity?: Size;

  /**
   * How the build cache is kept within the volume.
   *
   * @default GcPolicy.shares()
   */
  readonly gcPolicy?: GcPolicy;

  /**
   * The container images: what daemon.json may hold depends on Docker's version.
   *
   * @default DockerImages.official()
   */
  readonly images?: DockerImages;
}

const DAEMON_SCRIPTS = ['start.sh', 'alive.sh', 'drain.sh', 'activity.sh'];
const JOB_SCRIPTS = ['prune.sh', 'issue.sh', 'publish.sh'];

/**
 * The ConfigMap with daemon.json and the scripts of the daemon's and of the jobs' containers.
 */
export class DindConfig extends Construct {
  /**
   * The name of the ConfigMap.
   */
  public readonly name: string;

  /**
   * A digest of what the daemon reads; a pod template that carries it is rolled when the configuration changes.
   */
  public readonly digest: string;

  private readonly certificates: RegistryCertificate[];

  constructor(scope: Construct, id: string, props: DindConfigProps = {}) {
    super(scope, id);
    const metadata = namespacedMetadata(this, id, props);
    const daemonConfig = props.daemonConfig ?? DaemonConfig.of();
    this.name = metadata.name;
    this.certificates = daemonConfig.registryCertificates;
    const daemonFiles = {
      'daemon.json': `${JSON.stringify(sorted({ ...daemonConfig.toJson(), ...builder(props) }), undefined, 2)}\n`,
      ...scripts(DAEMON_SCRIPTS),
      ...Object.fromEntries(this.certificates.flatMap(({ _source: { pem } }, index) => (pem === undefined ? [] : [[certificateKey(index), pem]]))),
    };
    this.digest = digest(daemonFiles);
    mainObject(this, k8s.KubeConfigMap.manifest({ metadata, data: { ...daemonFiles, ...scripts(JOB_SCRIPTS) } }));
  }

  /**
   * A volume with what the daemon's container reads.
   *
   * @internal
   */
  public _daemonVolume(name: string): k8s.Volume {
    return this._volume(name, 'daemon.json', ...DAEMON_SCRIPTS);
  }

  /**
   * A volume with the named files and no others: a change of the others does not reach the pod.
   *
   * @internal
   */
  public _volume(name: string, ...files: string[]): k8s.Volume {
    return { name, configMap: { name: this.name, items: files.map(file => ({ key: file, path: file })) } };
  }

  /**
   * The volume with the registries' CA certificates, in the folders where dockerd looks for them.
   *
   * @internal
   */
  public _certificatesVolume(name: string): k8s.Volume | undefined {
    if (this.certificates.length === 0) {
      return undefined;
    }
    return { name, projected: { sources: this.certificates.map((certificate, index) => this.projection(certificate, index)) } };
  }

  private projection({ registry, _source: { configMapName, secretName, key } }: RegistryCertificate, index: number): k8s.VolumeProjection {
    const items = [{ key: key ?? certificateKey(index), path: `${registry}/ca-${index}.crt` }];
    return secretName === undefined ? { configMap: { name: configMapName ?? this.name, items } } : { secret: { name: secretName, items } };
  }
}

function builder({ capacity, gcPolicy = GcPolicy.shares(), images = DockerImages.official() }: DindConfigProps): { [key: string]: any } {
  return capacity === undefined ? {} : { builder: gcPolicy._toJson(capacity, images.version) };
}

function scripts(names: string[]): { [name: string]: string } {
  return Object.fromEntries(names.map(name => [name, script(name)]));
}

function certificateKey(index: number): string {
  return `registry-ca-${index}.crt`;
}
