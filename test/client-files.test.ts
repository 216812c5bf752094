import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { ClientFiles, DindCacheChart } from '../src';
import { cacheProps } from './fixtures';
import { removeTemporaryFolders, temporaryFolder } from './support/temporary-folder';

afterEach(removeTemporaryFolders);

function appWithCache(): App {
  const app = new App({ outdir: join(temporaryFolder(), 'dist') });
  new DindCacheChart(app, 'docker-dind', cacheProps());
  return app;
}

describe('the files of the client side', () => {
  test('are written beside the manifests', () => {
    const app = appWithCache();

    ClientFiles.synth(app, { 'docker.gitlab-ci.yml': 'build: {}\n', 'notes.md': '# Notes\n' });

    expect(readdirSync(app.outdir).sort()).toEqual(['docker-dind.k8s.yaml', 'docker.gitlab-ci.yml', 'notes.md']);
    expect(readFileSync(join(app.outdir, 'docker.gitlab-ci.yml'), 'utf8')).toBe('build: {}\n');
  });

  test('are not written, and neither are the manifests, when a validation fails', () => {
    const app = appWithCache();
    app.node.addValidation({ validate: () => ['the moon is full'] });

    expect(() => ClientFiles.synth(app, { 'docker.gitlab-ci.yml': '' })).toThrow('the moon is full');
    expect(readdirSync(app.outdir)).toEqual([]);
  });

  test.each([
    ['../outside.yml', "'files' must be named with letters, digits, '_', '.' and '-', got '../outside.yml'"],
    ['.hidden', "'files' must be named with letters, digits, '_', '.' and '-', got '.hidden'"],
    ['', "'files' must be named with letters, digits, '_', '.' and '-', got ''"],
    ['docker.k8s.yaml', "'files' must not end in '.k8s.yaml', by which manifests are known, got 'docker.k8s.yaml'"],
  ])('cannot be named %j, and then nothing is written', (name, message) => {
    const app = appWithCache();

    expect(() => ClientFiles.synth(app, { 'fine.yml': '', [name]: '' })).toThrow(new Error(message));
    expect(existsSync(app.outdir)).toBe(false);
  });
});
