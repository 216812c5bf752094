import { existsSync, mkdirSync, readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { App } from 'cdk8s';
import { ClientFiles, DindCacheChart } from '../src';
import { cacheProps } from './fixtures';
import { removeTemporaryFolders, temporaryFolder } from './support/temporary-folder';

afterEach(removeTemporaryFolders);

function appWithCache(outdir = join(temporaryFolder(), 'dist')): App {
  const app = new App({ outdir });
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

  test('are no templates of a Helm chart', () => {
    const chart = temporaryFolder();
    writeFileSync(join(chart, 'Chart.yaml'), 'name: docker-dind\n');
    mkdirSync(join(chart, 'templates'));

    ClientFiles.synth(appWithCache(join(chart, 'templates')), { 'docker.gitlab-ci.yml': 'build: {}\n' });

    expect(readdirSync(chart).sort()).toEqual(['Chart.yaml', 'docker.gitlab-ci.yml', 'templates']);
    expect(readdirSync(join(chart, 'templates'))).toEqual(['docker-dind.k8s.yaml']);
  });

  test('lie beside the manifests in a folder that only looks like one of templates', () => {
    const app = appWithCache(join(temporaryFolder(), 'templates'));

    ClientFiles.synth(app, { 'docker.gitlab-ci.yml': 'build: {}\n' });

    expect(readdirSync(app.outdir).sort()).toEqual(['docker-dind.k8s.yaml', 'docker.gitlab-ci.yml']);
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
