import { ensure, requireDnsSubdomain } from './private/validation';

/** The oldest Docker version that takes everything the library emits. */
const OLDEST_MAJOR_VERSION = 26;

const BUSYBOX_VERSION = '1.37.0';

const KUBECTL = 'registry.k8s.io/kubectl:v1.34.2';

/**
 * Digests that pin the images to their content.
 *
 * @see https://kubernetes.io/docs/concepts/containers/images/#image-names
 */
export interface DockerImageDigests {
  /**
   * The digest of the daemon's image, such as `sha256:…` (64 hexadecimal digits).
   *
   * @default - the daemon's image is chosen by its tag alone
   */
  readonly daemon?: string;

  /**
   * The digest of the client's image.
   *
   * @default - the client's image is chosen by its tag alone
   */
  readonly client?: string;

  /**
   * The digest of the BusyBox image.
   *
   * @default - the BusyBox image is chosen by its tag alone
   */
  readonly busybox?: string;
}

/**
 * Options of the official images.
 */
export interface OfficialImagesOptions {
  /**
   * The Docker version of the daemon and of every client, such as `29.8.1`.
   *
   * @default '29.8.1'
   */
  readonly version?: string;

  /**
   * What stands before the images' names, without a slash at the end, such as `registry.example.com/docker-hub/library`.
   *
   * @default - the images come from Docker Hub
   */
  readonly registryPrefix?: string;

  /**
   * The image of the official kubectl, which writes the Secrets of certificates that the library has issued.
   *
   * @default 'registry.k8s.io/kubectl:v1.34.2'
   */
  readonly kubectl?: string;

  /**
   * Digests that pin the images to their content.
   *
   * @default - the images are chosen by their tags, which name exact versions
   */
  readonly digests?: DockerImageDigests;

  /**
   * Names of the Secrets with registry credentials, in the cache's namespace.
   *
   * @default - none
   */
  readonly pullSecrets?: string[];
}

/**
 * Options of images under names of your own.
 */
export interface CustomImagesOptions {
  /**
   * The Docker version inside the images; what the daemon is configured with depends on it.
   */
  readonly version: string;

  /**
   * The daemon's image: `docker:<version>-dind` or one made from it.
   */
  readonly daemon: string;

  /**
   * The client's image: `docker:<version>-cli` or one made from it.
   */
  readonly client: string;

  /**
   * An image whose `true` makes a container that ends at once, for the Job that makes a volume's directory.
   *
   * @default 'busybox:1.37.0'
   */
  readonly busybox?: string;

  /**
   * The image of the official kubectl, which writes the Secrets of certificates that the library has issued.
   *
   * @default 'registry.k8s.io/kubectl:v1.34.2'
   */
  readonly kubectl?: string;

  /**
   * Names of the Secrets with registry credentials, in the cache's namespace.
   *
   * @default - none
   */
  readonly pullSecrets?: string[];
}

/**
 * The container images of the cache: one Docker version for the daemon and for its clients.
 */
export class DockerImages {
  /**
   * The Docker version where none is given: the newest that the library's tests have run on a daemon.
   */
  public static readonly DEFAULT_VERSION = '29.8.1';

  /**
   * The official images of one Docker version.
   *
   * @see https://hub.docker.com/_/docker
   */
  public static official(options: OfficialImagesOptions = {}): DockerImages {
    const { version = DockerImages.DEFAULT_VERSION, registryPrefix, digests = {}, kubectl, pullSecrets } = options;
    const prefix = prefixOf(registryPrefix);
    return new DockerImages({
      version,
      daemon: `${prefix}docker:${version}-dind${pin('digests.daemon', digests.daemon)}`,
      client: `${prefix}docker:${version}-cli${pin('digests.client', digests.client)}`,
      busybox: `${prefix}busybox:${BUSYBOX_VERSION}${pin('digests.busybox', digests.busybox)}`,
      kubectl,
      pullSecrets,
    });
  }

  /**
   * Images under names of your own.
   */
  public static custom(options: CustomImagesOptions): DockerImages {
    return new DockerImages(options);
  }

  /**
   * The Docker version of the daemon and of its clients.
   */
  public readonly version: string;

  /**
   * The daemon's image.
   */
  public readonly daemon: string;

  /**
   * The client's image, which the prune job and the CI jobs run.
   */
  public readonly client: string;

  /**
   * The image of the Job that makes a volume's directory.
   *
   * Its version is constant: a Job whose template changes is a new Job.
   */
  public readonly busybox: string;

  /**
   * The image of kubectl.
   */
  public readonly kubectl: string;

  /**
   * Names of the Secrets with registry credentials, in the cache's namespace.
   */
  public readonly pullSecrets: string[];

  private constructor(options: CustomImagesOptions) {
    requireVersion(options.version);
    this.version = options.version;
    this.daemon = requireReference('daemon', options.daemon);
    this.client = requireReference('client', options.client);
    this.busybox = requireReference('busybox', options.busybox ?? `busybox:${BUSYBOX_VERSION}`);
    this.kubectl = requireReference('kubectl', options.kubectl ?? KUBECTL);
    this.pullSecrets = [...new Set(options.pullSecrets)];
    this.pullSecrets.forEach(name => requireDnsSubdomain('pullSecrets', name));
  }

  /**
   * The images whose content may change under the same name.
   *
   * @internal
   */
  public _floating(): string[] {
    return [this.daemon, this.client, this.busybox, this.kubectl].filter(image => !image.includes('@') && !/:[^/]*\d+\.\d+\.\d+[^/]*$/.test(image));
  }
}

/** A container runtime takes nothing else for the name of a host or of a repository: https://github.com/distribution/reference. */
const HOST = String.raw`[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?(?:\.[A-Za-z0-9](?:[A-Za-z0-9-]*[A-Za-z0-9])?)*(?::\d+)?`;
const NAME = String.raw`[a-z0-9]+(?:(?:\.|__?|-+)[a-z0-9]+)*`;
const REFERENCE = new RegExp(String.raw`^(?:${HOST}/)?${NAME}(?:/${NAME})*(?::\w[\w.-]{0,127})?(?:@sha256:[0-9a-f]{64})?$`);
const PREFIX = new RegExp(`^${HOST}(?:/${NAME})*$`);

/** What the name alone may have at most, and no whole reference comes near. */
const MAX_REFERENCE_LENGTH = 255;

function requireVersion(version: string): void {
  ensure(/^\d+\.\d+\.\d+(-[a-z0-9.]+)?$/.test(version), 'version', "must be an exact Docker version such as '28.5.2'", version,
    'a floating tag changes the daemon under running jobs');
  ensure(Number.parseInt(version, 10) >= OLDEST_MAJOR_VERSION, 'version', `must be ${OLDEST_MAJOR_VERSION}.0.0 or later`, version,
    'older daemons do not know every setting that is emitted');
}

function requireReference(property: string, image: string): string {
  ensure(REFERENCE.test(image) && image.length <= MAX_REFERENCE_LENGTH, property, 'must be an image reference', image);
  return image;
}

function prefixOf(registryPrefix?: string): string {
  if (registryPrefix === undefined) {
    return '';
  }
  ensure(PREFIX.test(registryPrefix), 'registryPrefix',
    "must be a registry's host and path without scheme and without a slash at the end", registryPrefix);
  return `${registryPrefix}/`;
}

function pin(property: string, value?: string): string {
  if (value === undefined) {
    return '';
  }
  ensure(/^sha256:[0-9a-f]{64}$/.test(value), property, "must be 'sha256:' and 64 hexadecimal digits", value);
  return `@${value}`;
}
