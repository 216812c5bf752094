/**
 * Everything that a client of the daemon needs, as plain data.
 */
export interface DindEndpoint {
  /**
   * The DNS name of the Service, as pods of every namespace resolve it.
   */
  readonly host: string;

  /**
   * The port of the Service.
   */
  readonly port: number;

  /**
   * The value of `DOCKER_HOST`.
   */
  readonly dockerHost: string;

  /**
   * The environment variables of a client, `DOCKER_HOST` among them.
   *
   * @see https://docs.docker.com/reference/cli/docker/#environment-variables
   */
  readonly environment: { [name: string]: string };

  /**
   * POSIX shell that a client runs in its own shell before it uses the daemon: waits until it answers, with one line about why it does not,
   * before that and before each later `docker` command of the shell, and makes the daemon keep one copy of a project's build context instead of one per job.
   *
   * Its settings are environment variables: `DIND_CACHE_WAIT_SECONDS`, how long it waits; `DIND_CACHE_REUSE_CONTEXT`, `0` sends the whole
   * context in every job, as is right where files have normalised times and so may change without a new time; `DIND_CACHE_PROJECT`, whose context it is,
   * by default the GitLab project; `DIND_CACHE_KEY`, a masked variable without which nobody can claim to be the project;
   * `DIND_CACHE_FILE_TIMES`, `content` sets the times of unmodified tracked files from their content, since a fresh clone has them all new
   * (times then are not in the order of changes: tools that compare times, with their state in a cache mount, may miss one).
   */
  readonly clientScript: string;

  /**
   * The name of the Secret with the client's certificate, in the cache's namespace and in that of every client.
   *
   * @default - none, the daemon listens without TLS
   */
  readonly clientSecretName?: string;

  /**
   * The keys of the client's Secret, and the file below `certificateMountPath` that each becomes.
   *
   * @default - none, the daemon listens without TLS
   */
  readonly clientSecretItems?: { [key: string]: string };

  /**
   * Where a client mounts its Secret, the value of `DOCKER_CERT_PATH`.
   *
   * @default - none, the daemon listens without TLS
   */
  readonly certificateMountPath?: string;
}
