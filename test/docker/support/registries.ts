import { LocalRegistry } from '../../harness/docker/local-registry';
import { makeRunFolder, OuterDaemon } from '../../harness/docker/outer-daemon';
import { CertificateAuthority } from '../../harness/kubernetes/certificates';
import { RecordingProxy } from './recording-proxy';
import { RegistryFront } from './registry-front';

/** Registries that are known to the proxy alone: in plain text, trusted by its certificate, and trusted by nobody. */
export const [PLAIN, SECURE, STRANGE] = ['plain.example.test', 'secure.example.test', 'strange.example.test'];

/** One registry that is reached in every way: in plain text, by TLS, and through a proxy under names of its own. */
export class Registries {
  private constructor(
    private readonly registry: LocalRegistry,
    /** In plain text. */
    public readonly plain: RegistryFront,
    /** By TLS, with a certificate of the authority. */
    public readonly secure: RegistryFront,
    public readonly proxy: RecordingProxy,
    /** Path of the authority's certificate. */
    public readonly authority: string,
  ) {}

  /** Starts them at the address of this machine that the daemons reach. */
  public static async start({ bridge: { gateway: address } }: OuterDaemon): Promise<Registries> {
    const authority = new CertificateAuthority(makeRunFolder());
    const certificate = authority.issue('registry', { commonName: 'registry', altNames: [`IP:${address}`, `DNS:${SECURE}`, `DNS:${STRANGE}`] });
    const registry = await LocalRegistry.start({ address });
    const plain = await RegistryFront.start({ address, registry: registry.host });
    const secure = await RegistryFront.start({ address, registry: registry.host, certificate });
    const hosts = { [`${PLAIN}:80`]: plain.host, [`${SECURE}:443`]: secure.host, [`${STRANGE}:443`]: secure.host };
    return new Registries(registry, plain, secure, await RecordingProxy.start(address, hosts), authority.certificate);
  }

  /** Address of all of them. */
  public get address(): string {
    return this.plain.host.split(':')[0];
  }

  /** Stops all of them. */
  public async stop(): Promise<void> {
    this.proxy.stop();
    this.secure.stop();
    this.plain.stop();
    await this.registry.stop();
  }
}
