import { stringify } from 'yaml';
import { DindEndpoint } from '../dind-endpoint';
import { DockerImages } from '../docker-images';
import { ensure } from '../private/validation';

/**
 * Options of the GitLab CI job.
 */
export interface GitLabCiOptions {
  /**
   * The name of the job.
   *
   * @default 'build_image'
   */
  readonly jobName?: string;

  /**
   * The stage of the job.
   *
   * @default - GitLab's own, test
   */
  readonly stage?: string;

  /**
   * The image that is built and pushed; CI variables are expanded.
   *
   * @default '$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA'
   */
  readonly image?: string;

  /**
   * The build context; CI variables are expanded.
   *
   * @default '.'
   */
  readonly context?: string;

  /**
   * The Dockerfile; CI variables are expanded.
   *
   * @default - Dockerfile in the build context
   */
  readonly dockerfile?: string;

  /**
   * CI variables of the job, beside and above those that connect it.
   *
   * @default - those that connect the job alone
   */
  readonly variables?: { [name: string]: string };

  /**
   * Other keywords of the job, such as `rules` or `tags`, as they stand in the file; each replaces what would stand there.
   *
   * @default - none
   * @see https://docs.gitlab.com/ci/yaml/#job-keywords
   */
  readonly keywords?: { [keyword: string]: any };
}

/**
 * A GitLab CI configuration for other projects to include: a job that builds and pushes an image on the shared daemon.
 *
 * It needs no `services` and no privileged runner. With TLS, the runner mounts the client's Secret at `/certs/client`.
 *
 * @see https://docs.gitlab.com/ci/yaml/#include
 */
export class GitLabCi {
  /**
   * The configuration for a daemon.
   */
  public static of(endpoint: DindEndpoint, images: DockerImages, options: GitLabCiOptions = {}): GitLabCi {
    const { jobName = 'build_image' } = options;
    ensure(/^[^.\s][^\n]*$/.test(jobName) && !RESERVED.includes(jobName), 'jobName', "must be a line that is no keyword of GitLab's and does not begin with '.'", jobName);
    return new GitLabCi({ [jobName]: job(endpoint, images, options) });
  }

  private constructor(private readonly configuration: { [key: string]: any }) {}

  /**
   * The configuration as YAML.
   */
  public toYaml(): string {
    return stringify(this.configuration, { lineWidth: 0 });
  }
}

/** Keys at the top of a file that GitLab does not take for jobs. */
const RESERVED = ['default', 'include', 'stages', 'variables', 'workflow', 'image', 'services', 'cache', 'before_script', 'after_script', 'spec', 'pages', 'true', 'false', 'nil'];

function job(endpoint: DindEndpoint, images: DockerImages, options: GitLabCiOptions): { [keyword: string]: any } {
  const { stage, image = '$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA', context = '.', dockerfile } = options;
  const file = dockerfile === undefined ? '' : `-f ${shellWord(dockerfile)} `;
  return {
    ...(stage === undefined ? {} : { stage }),
    image: images.client,
    variables: { ...endpoint.environment, ...options.variables },
    // the Kubernetes executor runs no image's entrypoint, and credentials stay with the client: each job logs in
    before_script: [endpoint.clientScript, '[ -z "$CI_REGISTRY" ] || echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"'],
    script: [
      'docker info',
      `docker build -t ${shellWord(image)} ${file}${shellWord(context)}`,
      `docker push ${shellWord(image)}`,
    ],
    ...options.keywords,
  };
}

/** Quotes what the shell would split or take for syntax; variables are still expanded. */
function shellWord(text: string): string {
  return /^[\w./:@%+=-]+$/.test(text) ? text : `"${text.replace(/[\\"`]/g, '\\$&')}"`;
}
