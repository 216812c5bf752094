import * as fs from 'node:fs';
import * as path from 'node:path';

export const ROOT = path.join(__dirname, '..', '..');

/** A fenced block of code, and where it stands. */
export interface CodeBlock {
  readonly at: string;
  readonly language: string;
  readonly text: string;
}

/** A table and the heading that it stands under. */
export interface Table {
  readonly heading: string;
  readonly rows: string[][];
}

/** The Markdown files that readers are sent to, relative to the root of the repository. */
export function documents(): string[] {
  const names = (folder: string) => fs.readdirSync(path.join(ROOT, folder)).filter(name => name.endsWith('.md'));
  return [...names('.').filter(name => name !== 'API.md'), ...names('docs').map(name => `docs/${name}`)];
}

export function textOf(document: string): string {
  return fs.readFileSync(path.join(ROOT, document), 'utf8');
}

/** The fenced blocks of a document that are in one of the languages. */
export function codeBlocks(document: string, ...languages: string[]): CodeBlock[] {
  const text = textOf(document);
  return [...text.matchAll(/^```(\w*)\n([\s\S]*?)^```$/gm)]
    .map(([, language, code], index, all) => ({ at: `${document}:${lineOf(text, all[index].index)}`, language, text: code }))
    .filter(({ language }) => languages.includes(language));
}

/** What a document links to: addresses and files, images included. */
export function links(document: string): string[] {
  return [...proseOf(document).matchAll(/\]\(([^)\s]+)\)/g)].map(([, target]) => target);
}

/** The anchors of a document's headings, as GitHub makes them. */
export function anchors(document: string): string[] {
  return headings(document).map(heading => heading.toLowerCase().replace(/[^\p{L}\p{N}\s_-]/gu, '').replace(/\s/g, '-'));
}

/** The tables of a document whose first column has this title. */
export function tables(document: string, firstColumn: string): Table[] {
  const found: Table[] = [];
  let heading = '';
  for (const line of proseOf(document).split('\n')) {
    heading = /^#+ (.*)$/.exec(line)?.[1] ?? heading;
    const cells = cellsOf(line);
    if (cells[0] === firstColumn) found.push({ heading, rows: [] });
    else if (cells.length > 0 && found.at(-1)?.heading === heading && !/^-+$/.test(cells[0])) found.at(-1)!.rows.push(cells);
  }
  return found;
}

function headings(document: string): string[] {
  return [...proseOf(document).matchAll(/^#+ (.*)$/gm)].map(([, heading]) => heading);
}

function proseOf(document: string): string {
  return textOf(document).replace(/^```[\s\S]*?^```$/gm, '');
}

function cellsOf(line: string): string[] {
  const row = /^\|(.*)\|$/.exec(line);
  return row ? row[1].split(/(?<!\\)\|/).map(cell => cell.trim().replaceAll('\\|', '|')) : [];
}

function lineOf(text: string, index: number): number {
  return text.slice(0, index).split('\n').length;
}
