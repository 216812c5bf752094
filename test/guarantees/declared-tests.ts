import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { ROOT } from '../readme/markdown';

/** A test as the source declares it. */
export interface DeclaredTest {
  /** The titles, from the outermost group on, as they stand in the source. */
  readonly titles: string[];
  /** Whether the source says that it, or a group around it, is not to run. */
  readonly skipped: boolean;
}

/** The tests of a file of the repository; none if there is no such file. */
export function declaredTests(file: string): DeclaredTest[] {
  const location = path.join(ROOT, file);
  if (!fs.existsSync(location)) return [];
  const source = ts.createSourceFile(file, fs.readFileSync(location, 'utf8'), ts.ScriptTarget.Latest, true);
  return testsBelow(source, { titles: [], skipped: false });
}

function testsBelow(node: ts.Node, group: DeclaredTest): DeclaredTest[] {
  const declared = ts.isCallExpression(node) ? declaration(node, group) : undefined;
  if (declared && !declared.isGroup) return [declared.test];
  const found: DeclaredTest[] = [];
  ts.forEachChild(node, child => {
    found.push(...testsBelow(child, declared?.test ?? group));
  });
  return found;
}

function declaration(call: ts.CallExpression, group: DeclaredTest): { readonly test: DeclaredTest; readonly isGroup: boolean } | undefined {
  const chain = chainOf(call.expression);
  const title = call.arguments.find(argument => ts.isStringLiteralLike(argument) || ts.isTemplateExpression(argument));
  // whatever it is called: a file may have helpers of its own
  if (title === undefined || !call.arguments.some(ts.isFunctionLike)) return undefined;
  const skipped = group.skipped || chain[0].startsWith('x') || chain.some(name => name === 'skip' || name === 'todo');
  return { test: { titles: [...group.titles, textOf(title)], skipped }, isGroup: chain[0].includes('describe') };
}

/** The names of `test.each(table)`: `test`, `each`. */
function chainOf(expression: ts.Expression): string[] {
  if (ts.isPropertyAccessExpression(expression)) return [...chainOf(expression.expression), expression.name.text];
  if (ts.isCallExpression(expression)) return chainOf(expression.expression);
  return ts.isTaggedTemplateExpression(expression) ? chainOf(expression.tag) : [expression.getText()];
}

function textOf(title: ts.Expression): string {
  return ts.isStringLiteralLike(title) ? title.text : title.getText().slice(1, -1);
}
