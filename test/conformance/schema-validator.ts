import * as fs from 'node:fs';
import Ajv, { ErrorObject, KeywordDefinition, ValidateFunction } from 'ajv';
import { KubeObject } from '../apiserver/support/kube-object';
import { customResources } from './custom-resources';
import { KubernetesVersion, kubernetesVersions } from './kubernetes-versions';

interface Definition {
  readonly 'properties'?: object;
  readonly 'x-kubernetes-group-version-kind'?: { readonly group: string; readonly version: string; readonly kind: string }[];
  'additionalProperties'?: unknown;
}

interface Definitions {
  readonly [name: string]: Definition;
}

const DOCUMENT = 'kubernetes';

/** Go's number formats, which every number that the library emits is far within. */
const FORMATS = { 'int32': true, 'int64': true, 'double': true, 'byte': true, 'date-time': true } as const;

/** Server-side apply refuses two items with the same keys in such a list. */
const LIST_MAP_KEYS: KeywordDefinition = {
  keyword: 'x-kubernetes-list-map-keys',
  type: 'array',
  error: { message: 'must not have two items with the same keys' },
  validate: (keys: string[], items: { [key: string]: unknown }[]) => {
    const identities = items.map(item => JSON.stringify(keys.map(key => item[key])));
    return new Set(identities).size === items.length;
  },
};

/** Validates objects by the definitions of one Kubernetes release and of the custom resources, in which no field is unknown. */
export class SchemaValidator {
  /** A validator for each release whose definitions are at hand, oldest first. */
  public static all(): SchemaValidator[] {
    return kubernetesVersions().map(version => new SchemaValidator(version));
  }

  /** The Kubernetes minor, such as 30 of v1.30. */
  public readonly minor: number;

  /** Where the schema of each API version and kind stands. */
  private readonly references = new Map<string, string>();
  private loaded?: Ajv;

  constructor(private readonly version: KubernetesVersion) {
    this.minor = version.minor;
  }

  /** What is wrong with an object. */
  public findings(object: KubeObject): string[] {
    const validate = this.validateFunction(object);
    if (!validate) {
      return [`Kubernetes 1.${this.minor} has no ${object.kind} of ${object.apiVersion}`];
    }
    return validate(object) ? [] : validate.errors!.map(readable);
  }

  /** The function that validates objects of this kind; ajv compiles it on the first call. */
  private validateFunction({ apiVersion, kind }: KubeObject): ValidateFunction | undefined {
    this.loaded ??= this.load();
    const reference = this.references.get(`${apiVersion} ${kind}`);
    return reference === undefined ? undefined : this.loaded.getSchema(reference);
  }

  private load(): Ajv {
    const { definitions } = JSON.parse(fs.readFileSync(this.version.file, 'utf8')) as { definitions: Definitions };
    for (const [name, definition] of Object.entries(definitions)) {
      if (definition.properties) {
        definition.additionalProperties ??= false;
      }
      definition['x-kubernetes-group-version-kind']?.forEach(({ group, version, kind }) =>
        this.references.set(`${group ? `${group}/` : ''}${version} ${kind}`, `${DOCUMENT}#/definitions/${name}`));
    }
    // compiled without inlining and optimizing, fifteen releases take two seconds instead of six
    const ajv = new Ajv({ allErrors: true, code: { optimize: false }, formats: FORMATS, inlineRefs: false, strict: false, validateSchema: false });
    ajv.addKeyword(LIST_MAP_KEYS);
    customResources().forEach(({ type, schema }, index) => {
      this.references.set(type, `custom-resource-${index}`);
      ajv.addSchema({ $id: `custom-resource-${index}`, ...schema });
    });
    return ajv.addSchema({ $id: DOCUMENT, definitions });
  }
}

function readable({ instancePath, keyword, message, params }: ErrorObject): string {
  const path = instancePath === '' ? 'the object' : instancePath.slice(1).replaceAll('/', '.');
  if (keyword === 'additionalProperties') {
    return `${path}: unknown field ${params.additionalProperty}`;
  }
  return `${path}: ${message}`;
}
