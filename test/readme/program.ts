import * as fs from 'node:fs';
import * as path from 'node:path';
import * as ts from 'typescript';
import { CodeBlock, ROOT } from './markdown';

const LIBRARY = path.join(ROOT, 'src');

/** The library and, beside it, the snippets, as one program of TypeScript in which `cdk8s-dind-cache` is `src/`. */
export interface SnippetProgram {
  readonly program: ts.Program;
  /** What the compiler says about the snippets, each with its place in the documents. */
  readonly complaints: string[];
}

/** Compiles the snippets; each is a file of its own, as it would be for its reader. */
export function compileSnippets(snippets: CodeBlock[]): SnippetProgram {
  const files = new Map(snippets.map((snippet, index) => [path.join(ROOT, `snippet-${index}.ts`), snippet]));
  const options = compilerOptions();
  const host = ts.createCompilerHost(options);
  host.fileExists = name => files.has(path.normalize(name)) || ts.sys.fileExists(name);
  host.readFile = name => files.get(path.normalize(name))?.text ?? ts.sys.readFile(name);
  const program = ts.createProgram([...files.keys(), path.join(LIBRARY, 'index.ts')], options, host);
  const complaints = [...files].flatMap(([name, snippet]) => diagnosticsOf(program, name).map(text => `${snippet.at}: ${text}`));
  return { program, complaints };
}

/** Runs a snippet in this process: `cdk8s-dind-cache` is `src/`, other modules are those of the repository. */
export function runSnippet({ text }: CodeBlock, folder: string): void {
  const file = path.join(folder, 'snippet.ts');
  const resolved = text.replace(/ from '([^']+)'/g, (_, name: string) => ` from '${name === 'cdk8s-dind-cache' ? LIBRARY : require.resolve(name)}'`);
  fs.writeFileSync(file, resolved);
  jest.requireActual(file);
}

function compilerOptions(): ts.CompilerOptions {
  const { config } = ts.readConfigFile(path.join(ROOT, 'tsconfig.json'), name => ts.sys.readFile(name));
  const { options } = ts.parseJsonConfigFileContent(config, ts.sys, ROOT);
  // a snippet may show a value that it has no room to use
  return { ...options, noEmit: true, noUnusedLocals: false, paths: { 'cdk8s-dind-cache': [LIBRARY] } };
}

function diagnosticsOf(program: ts.Program, name: string): string[] {
  const file = program.getSourceFile(name)!;
  return [...program.getSyntacticDiagnostics(file), ...program.getSemanticDiagnostics(file)]
    .map(({ start, messageText }) => `line ${file.getLineAndCharacterOfPosition(start ?? 0).line + 1}: ${ts.flattenDiagnosticMessageText(messageText, ' ')}`);
}
