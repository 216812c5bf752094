import { execFileSync, spawnSync } from 'node:child_process';
import * as fs from 'node:fs';
import * as path from 'node:path';
import { parseAllDocuments } from 'yaml';
import { anchors, codeBlocks, documents, links, ROOT, tables, textOf } from './readme/markdown';
import { OptionReader } from './readme/options';
import { compileSnippets, runSnippet } from './readme/program';
import { testUnless } from './support/conditional-test';
import { removeTemporaryFolders, temporaryFolder } from './support/temporary-folder';

const snippets = documents().flatMap(document => codeBlocks(document, 'ts'));
const { program, complaints } = compileSnippets(snippets);
const options = new OptionReader(program);
const optionTables = tables('README.md', 'property');

afterEach(removeTemporaryFolders);

/** The manifests that a snippet writes, by the name of the file. */
function manifestsOf(snippet: typeof snippets[number]): { [name: string]: string } {
  const folder = temporaryFolder();
  process.env.CDK8S_OUTDIR = folder;
  try {
    runSnippet(snippet, temporaryFolder());
  } finally {
    delete process.env.CDK8S_OUTDIR;
  }
  return Object.fromEntries(fs.readdirSync(folder).map(name => [name, fs.readFileSync(path.join(folder, name), 'utf8')]));
}

function objectsOf(text: string): { [key: string]: any }[] {
  return parseAllDocuments(text).map(document => document.toJS() as { [key: string]: any });
}

function block(language: string, part: string): string {
  return codeBlocks('README.md', language).find(({ text }) => text.includes(part))!.text;
}

describe('snippets', () => {
  test('compile against the library', () => {
    expect(snippets.length).toBeGreaterThan(5);
    expect(complaints).toEqual([]);
  });

  test.each(snippets.map(snippet => [snippet.at, snippet] as const))('%s runs and, with an app, writes manifests', (_, snippet) => {
    expect(Object.keys(manifestsOf(snippet)).length > 0).toBe(snippet.text.includes('new App('));
  });

  test("README's ten lines give the manifests of examples/minimal.ts", () => {
    const [tenLines] = codeBlocks('README.md', 'ts');

    expect(tenLines.text.trim().split('\n')).toHaveLength(10);
    expect(manifestsOf(tenLines)).toEqual({ 'docker-dind.k8s.yaml': textOf('dist/minimal.k8s.yaml') });
  });

  test("README's excerpt is part of those manifests", () => {
    const manifests = objectsOf(textOf('dist/minimal.k8s.yaml'));

    for (const excerpt of objectsOf(block('yaml', 'kind: Deployment'))) {
      expect(manifests).toContainEqual(expect.objectContaining({ kind: excerpt.kind }));
      expect(manifests.find(({ kind }) => kind === excerpt.kind)).toMatchObject(excerpt);
    }
  });

  test("README's GitLab job is the one that is rendered", () => {
    expect(block('yaml', 'DOCKER_CERT_PATH')).toBe(textOf('dist/minimal.gitlab-ci.yml'));
  });

  test("README's runner values mount the client's Secret where the job looks for it", () => {
    const config: string = objectsOf(block('yaml', 'runners:'))[0].runners.config;

    expect(config).toContain('name = "docker-dind-client-tls"');
    expect(config).toContain('mount_path = "/certs/client"');
  });
});

describe('certificates', () => {
  const missing = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout?.startsWith('OpenSSL 3') ? undefined : 'there is no OpenSSL 3';
  const verify = (folder: string, purpose: string, side: string) =>
    spawnSync('openssl', ['verify', '-purpose', purpose, '-CAfile', 'ca/ca.pem', `${side}/cert.pem`], { cwd: folder }).status;

  testUnless(missing, "README's commands make certificates that serve their own purpose and no other", () => {
    const folder = temporaryFolder();
    execFileSync('sh', ['-eu', '-c', block('sh', 'openssl')], { cwd: folder, stdio: 'pipe' });

    expect([verify(folder, 'sslserver', 'server'), verify(folder, 'sslclient', 'client')]).toEqual([0, 0]);
    expect(verify(folder, 'sslclient', 'server')).toBeGreaterThan(0);
    expect(verify(folder, 'sslserver', 'client')).toBeGreaterThan(0);
    expect(['server', 'client'].map(side => fs.readdirSync(path.join(folder, side)))).toEqual([['ca.pem', 'cert.pem', 'key.pem'], ['ca.pem', 'cert.pem', 'key.pem']]);
  });
});

describe('tables of properties', () => {
  const apis = optionTables.map(({ heading }) => heading.replaceAll('`', ''));

  test('stand for the chart and every value that takes options', () => {
    expect(apis).toEqual(expect.arrayContaining(['DindCacheChart', ...options.factories()]));
  });

  test.each(apis.map((api, index) => [api, optionTables[index].rows] as const))('%s: names, types and defaults are those of the source', (api, rows) => {
    const { own, inherited } = options.read(api);
    const written = rows.map(([name, type, byDefault]) => ({ name, type, default: byDefault }));
    const ofOurs = written.filter(({ name }) => !inherited.includes(name.replaceAll('`', '')));

    const byName = (a: { name: string }, b: { name: string }) => a.name.localeCompare(b.name);
    expect(ofOurs.sort(byName)).toEqual([...own].sort(byName));
    expect(rows.filter(cells => cells.length !== 4 || cells[3] === '')).toEqual([]);
  });
});

describe.each(documents())('%s', document => {
  test('links to what is there', () => {
    const relative = links(document).filter(target => !/^https?:/.test(target));
    const broken = relative.filter(target => {
      const [file, anchor] = target.split('#');
      const linked = file === '' ? document : path.join(path.dirname(document), file);
      return !fs.existsSync(path.join(ROOT, linked)) || (anchor !== undefined && !anchors(linked).includes(anchor));
    });

    expect(broken).toEqual([]);
  });

  test('names npm scripts that exist', () => {
    const { scripts } = JSON.parse(textOf('package.json')) as { scripts: { [name: string]: string } };
    const named = [...textOf(document).matchAll(/\bnpm run ([\w:]+)/g)].map(([, name]) => name);

    expect(named.filter(name => !(name in scripts))).toEqual([]);
  });
});
