import * as ts from 'typescript';
import { sourceFiles } from './source';

/** A pattern for a text that an error of the library may contain, and where it is made. */
export interface Rule {
  readonly place: string;
  readonly pattern: RegExp;
}

/** The rules and hints of every error that the library throws. */
export function errorRules(): Rule[] {
  return sourceFiles('src').flatMap(({ path, text }) => {
    const source = ts.createSourceFile(path, text, ts.ScriptTarget.ES2022, true);
    return callsIn(source).flatMap(call => textsOf(call).map(pieces => ({
      place: `${path}: ${pieces.join('…')}`,
      pattern: new RegExp(pieces.map(piece => piece.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')).join('.+')),
    })));
  });
}

function callsIn(node: ts.Node): ts.CallExpression[] {
  const below = node.getChildren().flatMap(callsIn);
  return ts.isCallExpression(node) && /^(ensure|invalid)$/.test(node.expression.getText()) ? [node, ...below] : below;
}

/** Rule and hint, but for those that are passed through: `ensure` has its condition before them. */
function textsOf({ expression, arguments: args }: ts.CallExpression): string[][] {
  const [, rule, , hint] = expression.getText() === 'ensure' ? args.slice(1) : args;
  return [rule, hint].filter(text => text !== undefined).map(literalPieces).filter(pieces => pieces.length > 0);
}

function literalPieces(node: ts.Expression): string[] {
  if (ts.isStringLiteralLike(node)) {
    return [node.text];
  }
  return ts.isTemplateExpression(node) ? [node.head.text, ...node.templateSpans.map(({ literal }) => literal.text)] : [];
}
