import * as path from 'node:path';
import * as ts from 'typescript';
import { ROOT } from './markdown';

/** A property as the source declares it, in the form of a table's cells. */
export interface DeclaredProperty {
  readonly name: string;
  readonly type: string;
  readonly default: string;
}

/** The properties of a struct: the library's own, and the names of those that it inherits from cdk8s. */
export interface DeclaredStruct {
  readonly own: DeclaredProperty[];
  readonly inherited: string[];
}

/** Reads from the source which properties a class, or one of its methods, takes, or a struct has. */
export class OptionReader {
  private readonly checker: ts.TypeChecker;
  private readonly classes: Map<string, ts.ClassDeclaration>;
  private readonly structs: Map<string, ts.Type>;

  constructor(program: ts.Program) {
    this.checker = program.getTypeChecker();
    const index = program.getSourceFile(path.join(ROOT, 'src/index.ts'))!;
    const declarations = this.checker.getExportsOfModule(this.checker.getSymbolAtLocation(index)!).flatMap(symbol => symbol.declarations ?? []);
    this.classes = new Map(declarations.filter(ts.isClassDeclaration).map(declaration => [declaration.name!.text, declaration]));
    const structs = declarations.filter(ts.isInterfaceDeclaration);
    this.structs = new Map(structs.map(declaration => [declaration.name.text, this.checker.getTypeAtLocation(declaration)]));
  }

  /** What a class (`DindCacheChart`: its constructor) or a method (`CacheVolume.local`) takes, or a struct (`GcRule`) has. */
  public read(api: string): DeclaredStruct {
    const properties = (this.structs.get(api) ?? this.argumentOf(api)).getProperties().map(symbol => symbol.declarations![0] as ts.PropertySignature);
    return { own: properties.filter(isOwn).map(propertyOf), inherited: properties.filter(property => !isOwn(property)).map(({ name }) => name.getText()) };
  }

  /** The factories of values that take options, one for each struct of options: siblings may share it. */
  public factories(): string[] {
    const byStruct = new Map<string, string>();
    for (const [className, { members }] of this.classes) {
      for (const factory of members.filter(isPublicFactory)) {
        const struct = this.structOf(factory)?.symbol.name;
        const key = `${className} ${struct}`;
        if (struct !== undefined && !byStruct.has(key)) {
          byStruct.set(key, `${className}.${factory.name.getText()}`);
        }
      }
    }
    return [...byStruct.values()];
  }

  private argumentOf(api: string): ts.Type {
    const [className, method] = api.split('.');
    const { members } = this.classes.get(className)!;
    return this.structOf(members.find(member => (method === undefined ? ts.isConstructorDeclaration(member) : member.name?.getText() === method))!)!;
  }

  /** The type of the parameter that is a struct of properties, if there is one. */
  private structOf(declaration: ts.ClassElement): ts.Type | undefined {
    const { parameters } = declaration as ts.MethodDeclaration | ts.ConstructorDeclaration;
    return parameters.map(parameter => this.checker.getTypeAtLocation(parameter)).find(type => /(Props|Options)$/.test(type.symbol?.name ?? ''));
  }
}

function isPublicFactory(member: ts.ClassElement): member is ts.MethodDeclaration {
  const modifiers = ts.getCombinedModifierFlags(member);
  return ts.isMethodDeclaration(member) && (modifiers & ts.ModifierFlags.Static) !== 0 && !member.name.getText().startsWith('_');
}

function isOwn(property: ts.PropertySignature): boolean {
  return path.relative(ROOT, property.getSourceFile().fileName).startsWith('src');
}

function propertyOf(property: ts.PropertySignature): DeclaredProperty {
  const tag = ts.getJSDocTags(property).find(({ tagName }) => tagName.text === 'default');
  const text = (ts.getTextOfJSDocComment(tag?.comment) ?? '').replace(/\s+/g, ' ').trim();
  const literalOrProse = text.startsWith('- ') ? text.slice(2) : `\`${text}\``;
  return {
    name: `\`${property.name.getText()}\``,
    type: `\`${property.type!.getText()}\``,
    default: property.questionToken ? literalOrProse : 'required',
  };
}
