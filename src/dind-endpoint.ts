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
