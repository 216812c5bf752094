import { mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { Manifest } from '../fixtures';
import { testUnless } from '../support/conditional-test';
import { removeTemporaryFolders, temporaryFolder } from '../support/temporary-folder';
import { Files, runScript, ScriptResult } from './support/run-script';
import { lookUp, reasonToSkip, Shell, SHELLS } from './support/shells';

const NO_OPENSSL = lookUp('openssl') === undefined ? 'openssl is not installed' : undefined;

interface Result extends ScriptResult {
  readonly documents: { readonly [file: string]: Manifest };
}

afterEach(removeTemporaryFolders);

function folderWith(files: Files): string {
  const folder = temporaryFolder();
  Object.entries(files).forEach(([name, text]) => writeFileSync(join(folder, name), text));
  return folder;
}

function publish(shell: Shell, ...copies: string[]): Result {
  const folder = join(temporaryFolder(), 'documents');
  mkdirSync(folder);
  const result = runScript(shell, 'publish.sh', temporaryFolder(), { COPIES: copies.join('\n'), DOCUMENTS: folder });
  const documents = Object.fromEntries(readdirSync(folder).sort().map(file => [file, contentOf(join(folder, file))]));
  return { ...result, documents };
}

function contentOf(file: string): Manifest {
  const text = readFileSync(file, 'utf8');
  return text === '' ? {} : JSON.parse(text) as Manifest;
}

describe.each(SHELLS)('publish.sh in $name', shell => {
  const trial = (name: string, body: () => void): void => testUnless(reasonToSkip(shell) ?? NO_OPENSSL, name, body);

  trial('writes a patch of all data for each copy, in whatever namespace', () => {
    const bytes = `line "1"\nline \\2\n${'x'.repeat(200)}`;
    const server = folderWith({ 'ca.pem': bytes, 'key.pem': 'k' });
    const client = folderWith({ 'cert.pem': 'c' });

    const { status, stdout, documents } = publish(shell, `${server} ci server-tls`, `${client} ci client-tls`, `${client} gitlab-runner client-tls`);

    const patch = (data: Files): Manifest => [{ op: 'add', path: '/data', value: data }];
    const encoded = (text: string): string => Buffer.from(text).toString('base64');
    expect(status).toBe(0);
    expect(documents).toEqual({
      'ci.client-tls.json': patch({ 'cert.pem': encoded('c') }),
      'ci.server-tls.json': patch({ 'ca.pem': encoded(bytes), 'key.pem': encoded('k') }),
      'gitlab-runner.client-tls.json': patch({ 'cert.pem': encoded('c') }),
    });
    expect(stdout).toBe('publish: Secret ci/server-tls: 2 keys\npublish: Secret ci/client-tls: 1 keys\npublish: Secret gitlab-runner/client-tls: 1 keys\n');
  });

  trial('never shows what the files hold', () => {
    const { stdout, stderr } = publish(shell, `${folderWith({ 'key.pem': 'secret' })} ci server-tls`);

    expect(stdout + stderr).not.toMatch(/secret(?!\/)|c2VjcmV0/);
  });

  trial('fails on an empty file, and writes nothing after it', () => {
    const empty = folderWith({ 'ca.pem': 'c', 'key.pem': '' });
    const { status, stderr, documents } = publish(shell, `${empty} ci server-tls`, `${folderWith({ a: 'b' })} ci client-tls`);

    expect(status).not.toBe(0);
    expect(stderr).toBe(`publish: ${empty}/key.pem is missing or empty\n`);
    expect(documents).toEqual({});
  });

  trial('fails on an empty or missing folder', () => {
    [temporaryFolder(), '/nonexistent'].forEach(folder => {
      const { status, stderr } = publish(shell, `${folder} ci server-tls`);

      expect(status).not.toBe(0);
      expect(stderr).toBe(`publish: ${folder}/* is missing or empty\n`);
    });
  });
});
