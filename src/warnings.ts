import { IConstruct } from 'constructs';

const WARNING = 'dind-cache:warning';
const ACKNOWLEDGED = 'dind-cache:acknowledged';

/** What has been printed already, by the root of its tree. */
const printed = new WeakMap<IConstruct, Set<string>>();

/**
 * Legal but unwise choices, printed on standard error when an app is synthesized.
 */
export class Warnings {
  /**
   * The warnings of a construct and of everything below it.
   */
  public static of(scope: IConstruct): Warnings {
    return new Warnings(scope);
  }

  private constructor(private readonly scope: IConstruct) {}

  /**
   * The warnings that have not been acknowledged, as they are printed.
   */
  public get messages(): string[] {
    return this.scope.node.findAll().flatMap(construct => construct.node.metadata
      .filter(({ type, data }) => type === WARNING && !isAcknowledged(construct, data.id))
      .map(({ data }) => `[Warning at ${construct.node.path}] ${data.message} (${data.id})`));
  }

  /**
   * Silences warnings of this construct and of everything below it.
   *
   * @param ids what stands in parentheses at the end of each warning, such as `plaintext`
   */
  public acknowledge(...ids: string[]): void {
    ids.forEach(id => this.scope.node.addMetadata(ACKNOWLEDGED, id));
  }

  /**
   * @internal
   */
  public _add(id: string, message: string): void {
    this.scope.node.addMetadata(WARNING, { id, message });
    const { root } = this.scope.node;
    if (!printed.has(root)) {
      printed.set(root, new Set());
      root.node.addValidation({ validate: () => print(root) });
    }
  }
}

function isAcknowledged(construct: IConstruct, id: string): boolean {
  return construct.node.scopes.some(scope => scope.node.metadata.some(({ type, data }) => type === ACKNOWLEDGED && data === id));
}

/** A validation that never fails: validations are what every way to synthesize runs before it writes. */
function print(root: IConstruct): string[] {
  const seen = printed.get(root)!;
  Warnings.of(root).messages.filter(message => !seen.has(message)).forEach(message => {
    seen.add(message);
    process.stderr.write(`${message}\n`);
  });
  return [];
}
