import { mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { run } from '../harness/docker/command';
import { codeBlocks } from '../readme/markdown';
import { pack } from './support/packed-package';
import { DIST, ROOT } from './support/repository';

/** The programs and libraries that a project needs beside the package, at the versions that this repository is built with. */
const BESIDE = ['cdk8s', 'cdk8s-cli', 'cdk8s-plus-27', 'constructs', 'ts-node', 'typescript', '@types/node'];

const TSCONFIG = { compilerOptions: { target: 'ES2022', module: 'CommonJS', strict: true, types: ['node'] } };

/** The first program in README.md: the ten lines. */
const TEN_LINES = codeBlocks('README.md', 'ts').find(({ text }) => text.includes('new DindCacheChart'))!.text;

let project: string;
beforeAll(async () => {
  project = mkdtempSync(join(tmpdir(), 'infrastructure-'));
  mkdirSync(join(project, 'archive'));
  writeFileSync(join(project, 'package.json'), '{ "private": true }\n');
  const archive = await pack(join(project, 'archive'));
  await run('npm', ['install', '--prefer-offline', '--ignore-scripts', '--no-audit', '--no-fund', archive, ...BESIDE.map(pinned)], { cwd: project });
});
afterAll(() => rmSync(project, { recursive: true, force: true }));

describe("README's ten lines in a project of their own give the YAML of the minimal example", () => {
  test('in TypeScript, its types checked', async () => {
    writeFileSync(join(project, 'tsconfig.json'), JSON.stringify(TSCONFIG));

    expect(await synthesized('main.ts', TEN_LINES, 'ts-node main.ts')).toBe(minimal());
  });

  test('in JavaScript with modules', async () => {
    expect(await synthesized('main.mjs', TEN_LINES, 'node main.mjs')).toBe(minimal());
  });

  test('in JavaScript with require', async () => {
    expect(await synthesized('main.js', TEN_LINES.replace(/^import (.*) from (.*);$/gm, 'const $1 = require($2);'), 'node main.js')).toBe(minimal());
  });
});

async function synthesized(file: string, program: string, app: string): Promise<string> {
  writeFileSync(join(project, file), program);
  writeFileSync(join(project, 'cdk8s.yaml'), `language: typescript\napp: ${app}\n`);
  await run('npx', ['cdk8s', 'synth', '--check-upgrade=false'], { cwd: project });
  return readFileSync(join(project, 'dist', 'docker-dind.k8s.yaml'), 'utf8');
}

function minimal(): string {
  return readFileSync(join(DIST, 'minimal.k8s.yaml'), 'utf8');
}

function pinned(name: string): string {
  const { devDependencies } = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8')) as { devDependencies: Record<string, string> };
  return `${name}@${devDependencies[name]}`;
}
