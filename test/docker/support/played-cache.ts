import { DockerClient } from '../../harness/docker/docker-client';
import { ManifestPlayer, PlayerOptions } from '../../harness/docker/manifest-player';
import { OuterDaemon } from '../../harness/docker/outer-daemon';
import { PlayedPod } from '../../harness/docker/played-pod';
import { CacheUnderTest, CacheUnderTestProps, synthesizeCache } from './cache-under-test';
import { certificateEnvironment } from './certificate-folder';
import { CiJob } from './ci-job';
import { issue, IssuedDocuments, stateSecret, without } from './issued-documents';
import { PortForward } from './port-forward';

/** A cache whose manifests are played: certificates issued, the volume's folder made, the daemon ready. */
export class PlayedCache {
  private constructor(
    public readonly cache: CacheUnderTest,
    public readonly outer: OuterDaemon,
    public readonly player: ManifestPlayer,
    /** The certificates that were issued first. */
    public readonly issued: IssuedDocuments | undefined,
    /** The daemon's pod. */
    public pod: PlayedPod,
  ) {}

  /** Plays the manifests up to a ready daemon. */
  public static async start(outer: OuterDaemon, props: CacheUnderTestProps = {}, options: PlayerOptions = {}): Promise<PlayedCache> {
    const cache = synthesizeCache(props);
    const player = await ManifestPlayer.create(outer, cache.yaml, options);
    try {
      const issued = cache.issuerJob ? await issue(outer, cache) : undefined;
      issued?.apply(player);
      await player.runJob('Job', cache.directoryJob);
      const played = new PlayedCache(cache, outer, player, issued, await player.startDeployment(cache.name));
      await played.pod.untilReady(60);
      return played;
    } catch (error) {
      await player.dispose();
      throw error;
    }
  }

  /** Puts a base image of BusyBox into the daemon, which reaches no registry. */
  public async importBase(image: string): Promise<void> {
    const forward = await PortForward.open({ host: this.pod.ip, port: 2376 });
    const files = this.issued!.data('gitlab-runner', `${this.cache.name}-client-tls`);
    const client = await DockerClient.create(`tcp://localhost:${forward.port}`, certificateEnvironment(files));
    await client.importBase(image).finally(() => forward.close());
  }

  /** Has a new certificate issued for the daemon, by the same CA, and written to its Secret. */
  public async renewServerCertificate(): Promise<IssuedDocuments> {
    const { cache, outer, issued, player } = this;
    const state = issued?.data(cache.namespace, stateSecret(cache)) ?? {};
    const renewed = await issue(outer, cache, without(state, 'server-cert.pem'));
    renewed.apply(player);
    return renewed;
  }

  /** Replaces the daemon's pod as a Deployment's strategy `Recreate` does. */
  public async replaceDaemon(): Promise<void> {
    this.pod = await this.player.recreate(this.pod, this.cache.name);
  }

  /** Starts a pod that plays a CI job. */
  public async startJob(namespace = 'gitlab-runner'): Promise<CiJob> {
    return new CiJob(await this.player.startDeployment(this.cache.ciJobs.get(namespace)), this.cache.endpoint);
  }

  /** Takes away all that was started and written. */
  public dispose(): Promise<void> {
    return this.player.dispose();
  }
}
