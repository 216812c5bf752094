import { Chart, Testing } from 'cdk8s';
import { CustomImagesOptions, DindDeployment, DockerImages, OfficialImagesOptions } from '../src';
import { daemonProps, newChart, podSpecOf } from './fixtures';
import { standardErrorOf } from './support/captured';
import { describeDefaults } from './support/describe-defaults';

const DIGEST = `sha256:${'0123456789abcdef'.repeat(4)}`;
const CUSTOM = { version: '28.5.2', daemon: 'docker:28.5.2-dind', client: 'docker:28.5.2-cli' };

function daemon(images: DockerImages): DindDeployment {
  const chart = newChart();
  return new DindDeployment(chart, 'docker', { ...daemonProps(chart), images });
}

describe('the official images', () => {
  test('are of one version, which the daemon and its clients share', () => {
    expect({ ...DockerImages.official({ version: '27.5.1' }) }).toEqual({
      version: '27.5.1', daemon: 'docker:27.5.1-dind', client: 'docker:27.5.1-cli', busybox: 'busybox:1.37.0', kubectl: 'registry.k8s.io/kubectl:v1.34.2', pullSecrets: [],
    });
  });

  test('can come from elsewhere, pinned to their content', () => {
    const { daemon: image, client, busybox } = DockerImages.official({
      registryPrefix: 'registry.example.com:5000/docker-hub/library', digests: { daemon: DIGEST, client: DIGEST, busybox: DIGEST },
    });

    expect(image).toBe(`registry.example.com:5000/docker-hub/library/docker:${DockerImages.DEFAULT_VERSION}-dind@${DIGEST}`);
    expect(client).toBe(`registry.example.com:5000/docker-hub/library/docker:${DockerImages.DEFAULT_VERSION}-cli@${DIGEST}`);
    expect(busybox).toBe(`registry.example.com:5000/docker-hub/library/busybox:1.37.0@${DIGEST}`);
  });

  const exact = "must be an exact Docker version such as '28.5.2'";
  const why = 'a floating tag changes the daemon under running jobs';
  const prefix = "must be a registry's host and path without scheme and without a slash at the end";
  test.each<[OfficialImagesOptions, string]>([
    [{ version: 'latest' }, `'version' ${exact}, got 'latest'; ${why}`],
    [{ version: '28' }, `'version' ${exact}, got '28'; ${why}`],
    [{ version: '25.0.5' }, "'version' must be 26.0.0 or later, got '25.0.5'; older daemons do not know every setting that is emitted"],
    [{ registryPrefix: 'https://registry.example.com' }, `'registryPrefix' ${prefix}, got 'https://registry.example.com'`],
    [{ registryPrefix: 'registry.example.com/' }, `'registryPrefix' ${prefix}, got 'registry.example.com/'`],
    [{ digests: { daemon: 'sha256:abc' } }, "'digests.daemon' must be 'sha256:' and 64 hexadecimal digits, got 'sha256:abc'"],
    [{ digests: { client: 'abc' } }, "'digests.client' must be 'sha256:' and 64 hexadecimal digits, got 'abc'"],
    [{ digests: { busybox: '' } }, "'digests.busybox' must be 'sha256:' and 64 hexadecimal digits, got ''"],
    [{ kubectl: '' }, "'kubectl' must be an image reference, got ''"],
    [{ pullSecrets: ['A'] }, "'pullSecrets' must consist of lower-case letters, digits, '-' and '.', and begin and end with a letter or digit, got 'A'"],
  ])('refuse %j', (options, message) => {
    expect(() => DockerImages.official(options)).toThrow(new Error(message));
  });

  test('take every version from 26 on, release candidates included', () => {
    expect(['26.0.0', '28.5.2', '29.0.0-rc.1', '30.1.0'].map(version => DockerImages.official({ version }).version)).toHaveLength(4);
  });
});

describe('images under names of your own', () => {
  test('are taken as they are', () => {
    const names = { daemon: 'example.com/dind:1.2.3', client: `example.com/cli@${DIGEST}`, busybox: 'example.com/true:4.5.6', kubectl: 'example.com/kubectl:v1.35.0' };

    expect(DockerImages.custom({ version: '28.5.2', ...names, pullSecrets: ['credentials'] })).toMatchObject({ ...names, pullSecrets: ['credentials'] });
  });

  test.each<[Partial<CustomImagesOptions>, string]>([
    [{ version: '28.5' }, "'version' must be an exact Docker version such as '28.5.2', got '28.5'; a floating tag changes the daemon under running jobs"],
    [{ daemon: '' }, "'daemon' must be an image reference, got ''"],
    [{ client: 'docker cli' }, "'client' must be an image reference, got 'docker cli'"],
    [{ busybox: 'busybox@sha256:1' }, "'busybox' must be an image reference, got 'busybox@sha256:1'"],
  ])('refuse %j', (options, message) => {
    expect(() => DockerImages.custom({ ...CUSTOM, ...options })).toThrow(new Error(message));
  });

  test('do not change with the list of pull secrets', () => {
    const pullSecrets = ['credentials'];
    const images = DockerImages.custom({ ...CUSTOM, pullSecrets });

    pullSecrets.push('added');

    expect(images.pullSecrets).toEqual(['credentials']);
  });

  test('are warned of, all in one line, where the same name may mean something else tomorrow', () => {
    const images = DockerImages.custom({ version: '28.5.2', daemon: 'docker:dind', client: 'docker:28-cli', busybox: 'registry:5000/busybox', kubectl: 'kubectl:latest' });

    expect(standardErrorOf(() => Testing.synth(Chart.of(daemon(images))))).toBe(
      '[Warning at chart/docker] docker:dind, docker:28-cli, registry:5000/busybox, kubectl:latest: what a tag without a full version names changes under running jobs; '
      + 'name an exact version or a digest (floating-image)\n',
    );
  });

  test.each([
    ['exact versions', DockerImages.custom({ ...CUSTOM, daemon: 'example.com/docker:v28.5.2-dind-alpine3.22' })],
    ['digests', DockerImages.custom({ ...CUSTOM, daemon: `docker:dind@${DIGEST}` })],
    ['the official names', DockerImages.official()],
  ])('are not warned of with %s', (_, images) => {
    expect(standardErrorOf(() => Testing.synth(Chart.of(daemon(images))))).toBe('');
  });
});

describeDefaults('DockerImageDigests', [
  ['daemon', "- the daemon's image is chosen by its tag alone", () => expect(DockerImages.official({ digests: { client: DIGEST } }).daemon).not.toContain('@')],
  ['client', "- the client's image is chosen by its tag alone", () => expect(DockerImages.official({ digests: { daemon: DIGEST } }).client).not.toContain('@')],
  ['busybox', '- the BusyBox image is chosen by its tag alone', () => expect(DockerImages.official({ digests: { daemon: DIGEST } }).busybox).not.toContain('@')],
]);

describeDefaults('OfficialImagesOptions', [
  ['version', "'29.8.1'", () => {
    expect(DockerImages.official().version).toBe('29.8.1');
    expect(DockerImages.DEFAULT_VERSION).toBe('29.8.1');
  }],
  ['registryPrefix', '- the images come from Docker Hub', () => expect(DockerImages.official().daemon).toMatch(/^docker:/)],
  ['kubectl', "'registry.k8s.io/kubectl:v1.34.2'", () => expect(DockerImages.official({ registryPrefix: 'example.com' }).kubectl).toBe('registry.k8s.io/kubectl:v1.34.2')],
  ['digests', '- the images are chosen by their tags, which name exact versions', () => {
    const { daemon: image, client, busybox } = DockerImages.official();

    [image, client, busybox].forEach(name => expect(name).toMatch(/^[a-z]+:\d+\.\d+\.\d+(-dind|-cli)?$/));
  }],
  ['pullSecrets', '- none', () => {
    expect(DockerImages.official().pullSecrets).toEqual([]);
    expect(podSpecOf(daemon(DockerImages.official()))).not.toHaveProperty('imagePullSecrets');
  }],
]);

describeDefaults('CustomImagesOptions', [
  ['busybox', "'busybox:1.37.0'", () => expect(DockerImages.custom(CUSTOM).busybox).toBe('busybox:1.37.0')],
  ['kubectl', "'registry.k8s.io/kubectl:v1.34.2'", () => expect(DockerImages.custom(CUSTOM).kubectl).toBe('registry.k8s.io/kubectl:v1.34.2')],
  ['pullSecrets', '- none', () => expect(DockerImages.custom(CUSTOM).pullSecrets).toEqual([])],
]);
