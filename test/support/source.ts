import { readdirSync, readFileSync } from 'node:fs';
import { join, resolve } from 'node:path';

const ROOT = resolve(__dirname, '../..');

/** A file of the repository. */
export interface SourceFile {
  readonly path: string;
  readonly text: string;
}

/** What a docstring says of a property that is left out. */
export interface DocumentedDefault {
  readonly type: string;
  readonly property: string;
  readonly text: string;
}

/** The TypeScript files of a folder of the repository, without those of the folders named. */
export function sourceFiles(folder: string, without: string[] = []): SourceFile[] {
  return readdirSync(join(ROOT, folder), { withFileTypes: true }).flatMap(entry => {
    const path = `${folder}/${entry.name}`;
    if (entry.isDirectory()) {
      return without.includes(path) ? [] : sourceFiles(path, without);
    }
    return entry.name.endsWith('.ts') ? [{ path, text: readFileSync(join(ROOT, path), 'utf8') }] : [];
  });
}

/** Every `@default` of the library, with the property and the type that it belongs to. */
export function documentedDefaults(): DocumentedDefault[] {
  return sourceFiles('src').flatMap(({ text }) => {
    const types = [...text.matchAll(/^export (?:class|interface) (\w+)/gm)];
    return [...text.matchAll(/\* @default (.*)\n(?:\s*\*.*\n)*\s*(?:public )?readonly (\w+)/g)].map(({ index, 1: line, 2: property }) => {
      const type = types.filter(candidate => candidate.index < index).pop()![1];
      return { type, property, text: line };
    });
  });
}
