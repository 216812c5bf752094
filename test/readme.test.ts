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

function block(document: string, language: string, part: string): string {
  return codeBlocks(document, language).find(({ text }) => text.includes(part))!.text;
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

    expect(tenLines.text.trim().split('\n').length).toBeLessThanOrEqual(10);
    expect(manifestsOf(tenLines)).toEqual({ 'docker-dind.k8s.yaml': textOf('dist/minimal.k8s.yaml') });
  });

  test("README's excerpt is part of those manifests, of which it gives the number", () => {
    const manifests = objectsOf(textOf('dist/minimal.k8s.yaml'));

    expect(textOf('README.md')).toContain(`then holds ${manifests.length} objects`);
    for (const excerpt of objectsOf(block('README.md', 'yaml', 'kind: Deployment'))) {
      expect(manifests).toContainEqual(expect.objectContaining({ kind: excerpt.kind }));
      expect(manifests.find(({ kind }) => kind === excerpt.kind)).toMatchObject(excerpt);
    }
  });

  test("README's GitLab job is the one that is rendered, but for the client script", () => {
    const [{ build_image: shown }] = objectsOf(block('README.md', 'yaml', 'DOCKER_CERT_PATH'));
    const [{ build_image: rendered }] = objectsOf(textOf('dist/minimal.gitlab-ci.yml'));
    const [placeholder, ...others] = shown.before_script as string[];

    expect(placeholder).toMatch(/^# the client script: .*\n$/);
    expect({ ...shown, before_script: [textOf('src/scripts/client.sh'), ...others] }).toEqual(rendered);
  });

  test.each(['README.md', 'docs/gitlab.md'])("%s: the runner's values mount the client's Secret where the job looks for it", document => {
    const config: string = objectsOf(block(document, 'yaml', 'runners:'))[0].runners.config;

    expect(config).toContain('name = "docker-dind-client-tls"');
    expect(config).toContain('mount_path = "/certs/client"');
  });
});

describe('certificates', () => {
  const missing = spawnSync('openssl', ['version'], { encoding: 'utf8' }).stdout?.startsWith('OpenSSL 3') ? undefined : 'there is no OpenSSL 3';
  const verify = (folder: string, purpose: string, side: string) =>
    spawnSync('openssl', ['verify', '-purpose', purpose, '-CAfile', 'ca/ca.pem', `${side}/cert.pem`], { cwd: folder }).status;

  testUnless(missing, "the documents' commands make certificates that serve their own purpose and no other", () => {
    const folder = temporaryFolder();
    execFileSync('sh', ['-eu', '-c', block('docs/security.md', 'sh', 'issue()')], { cwd: folder, stdio: 'pipe' });

    expect([verify(folder, 'sslserver', 'server'), verify(folder, 'sslclient', 'client')]).toEqual([0, 0]);
    expect(verify(folder, 'sslclient', 'server')).toBeGreaterThan(0);
    expect(verify(folder, 'sslserver', 'client')).toBeGreaterThan(0);
    expect(['server', 'client'].map(side => fs.readdirSync(path.join(folder, side)))).toEqual([['ca.pem', 'cert.pem', 'key.pem'], ['ca.pem', 'cert.pem', 'key.pem']]);
  });
});

describe('tables of symptoms', () => {
  /** What a line of a script looks like when it is printed, whatever its variables hold. */
  const printed = (line: string) => new RegExp(line.split(/\$\{[^}]*\}|\$\(\w+\)|\$[\w*]+/).map(part => part.trim().replace(/[.?()]/g, '\\$&')).join('.*'));
  const missing = (lines: string[], document: string, column: string) => {
    const cells = tables(document, column).flatMap(({ rows }) => rows.map(([first]) => first));
    return lines.filter(line => !cells.some(cell => printed(line).test(cell)));
  };

  test('have every cause that the client script names', () => {
    const lines = [...textOf('src/scripts/client.sh').matchAll(/^ {6}echo "([^$].*)"; return/gm)].map(([, line]) => line);

    expect(lines.length).toBeGreaterThanOrEqual(7);
    expect(missing(lines, 'README.md', 'what the job says')).toEqual([]);
  });

  test('have all that the prune job says, but what it removes', () => {
    const lines = [...textOf('src/scripts/prune.sh').matchAll(/\blog "((?!removed|first seen).*?)"/g)].map(([, line]) => `prune: ${line}`);

    expect(lines.length).toBeGreaterThanOrEqual(9);
    expect(missing(lines, 'docs/operations.md', 'what the prune job says')).toEqual([]);
  });
});

describe('YAML for Argo CD', () => {
  test('names each Secret that the issuer writes, and no other', () => {
    const [{ spec }] = objectsOf(block('docs/security.md', 'yaml', 'RespectIgnoreDifferences=true'));
    const ignored: { [key: string]: string }[] = spec.ignoreDifferences;
    const named = ignored.map(({ kind, namespace, name }) => `${kind} ${namespace}/${name}`);
    const emitted = objectsOf(textOf('dist/minimal.k8s.yaml')).filter(({ kind }) => kind === 'Secret').map(({ kind, metadata }) => `${kind} ${metadata.namespace}/${metadata.name}`);

    expect(named.sort()).toEqual(emitted.sort());
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
