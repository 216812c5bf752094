import { parse } from 'yaml';
import { DaemonTls, DindEndpoint, DindService, DockerImages, GitLabCi, GitLabCiOptions } from '../../src';
import { Manifest, mutualTls, newChart } from '../fixtures';
import { describeDefaults } from '../support/describe-defaults';

function endpointOf(tls: DaemonTls = mutualTls()): DindEndpoint {
  return new DindService(newChart(), 'docker', { tls }).endpoint;
}

function yaml(options?: GitLabCiOptions, tls?: DaemonTls): string {
  return GitLabCi.of(endpointOf(tls), DockerImages.official({ version: '27.5.1' }), options).toYaml();
}

function job(options?: GitLabCiOptions, tls?: DaemonTls): Manifest {
  const configuration: Manifest = parse(yaml(options, tls));
  expect(Object.keys(configuration)).toHaveLength(1);
  return Object.values(configuration)[0] as Manifest;
}

describe('the GitLab CI job', () => {
  test('builds and pushes on the daemon, as text that one can read', () => {
    expect(yaml()).toBe([
      'build_image:',
      '  image: docker:27.5.1-cli',
      '  variables:',
      ...Object.entries(endpointOf().environment).map(([name, value]) => `    ${name}: ${/^\d+$/.test(value) ? `"${value}"` : value}`),
      '  before_script:',
      '    - |',
      ...endpointOf().clientScript.trimEnd().split('\n').map(line => line && `      ${line}`),
      `    - '[ -z "$CI_REGISTRY" ] || echo "$CI_REGISTRY_PASSWORD" | docker login -u "$CI_REGISTRY_USER" --password-stdin "$CI_REGISTRY"'`,
      '  script:',
      '    - docker info',
      '    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA" .',
      '    - docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA"',
      '',
    ].join('\n'));
  });

  test('needs no service and no TLS of a plaintext daemon', () => {
    expect(job()).not.toHaveProperty('services');
    expect(job({}, DaemonTls.plaintext()).variables).toEqual(endpointOf(DaemonTls.plaintext()).environment);
  });

  test('takes every option', () => {
    const { stage, script, variables, tags, rules } = job({
      stage: 'image', image: 'example.com/app:1', context: 'app', dockerfile: 'app/Dockerfile.prod',
      variables: { NODE_ENV: 'production', DOCKER_HOST: 'tcp://elsewhere:2376' }, keywords: { tags: ['kubernetes'], rules: [{ if: '$CI_COMMIT_TAG' }] },
    });

    expect(stage).toBe('image');
    expect(script).toEqual(['docker info', 'docker build -t example.com/app:1 -f app/Dockerfile.prod app', 'docker push example.com/app:1']);
    expect(variables).toMatchObject({ NODE_ENV: 'production', DOCKER_HOST: 'tcp://elsewhere:2376', DOCKER_TLS_VERIFY: '1' });
    expect([tags, rules]).toEqual([['kubernetes'], [{ if: '$CI_COMMIT_TAG' }]]);
  });

  test('is replaced keyword by keyword', () => {
    expect(job({ stage: 'image', keywords: { stage: 'other', before_script: [] } })).toMatchObject({ stage: 'other', before_script: [] });
  });

  test.each([
    ['my image:1', '"my image:1"'],
    ['$CI_REGISTRY_IMAGE/a b', '"$CI_REGISTRY_IMAGE/a b"'],
    ['say "hi"; `reboot` \\', '"say \\"hi\\"; \\`reboot\\` \\\\"'],
    ['', '""'],
  ])('hands %j to the shell as one word', (image, word) => {
    expect(job({ image }).script[2]).toBe(`docker push ${word}`);
  });

  test('keeps a long line whole', () => {
    const context = 'a'.repeat(200);

    expect(yaml({ context })).toContain(`    - docker build -t "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA" ${context}\n`);
  });

  test.each(['default', 'include', 'stages', 'variables', 'workflow', 'image', 'services', 'cache', 'before_script', 'after_script', 'spec', 'pages',
    'true', 'false', 'nil', '', '.hidden', ' x', 'a\nb'])('cannot be named %j', jobName => {
    expect(() => yaml({ jobName })).toThrow(new Error(`'jobName' must be a line that is no keyword of GitLab's and does not begin with '.', got '${jobName}'`));
  });
});

describeDefaults('GitLabCiOptions', [
  ['jobName', "'build_image'", () => expect(Object.keys(parse(yaml()))).toEqual(['build_image'])],
  ['stage', "- GitLab's own, test", () => expect(job()).not.toHaveProperty('stage')],
  ['image', "'$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA'", () => expect(job().script[2]).toBe('docker push "$CI_REGISTRY_IMAGE:$CI_COMMIT_SHORT_SHA"')],
  ['context', "'.'", () => expect(job({ image: 'x' }).script[1]).toBe('docker build -t x .')],
  ['dockerfile', '- Dockerfile in the build context', () => expect(job().script[1]).not.toContain('-f')],
  ['variables', '- those that connect the job alone', () => {
    expect(job().variables).toEqual(endpointOf().environment);
  }],
  ['keywords', '- none', () => expect(Object.keys(job())).toEqual(['image', 'variables', 'before_script', 'script'])],
]);
