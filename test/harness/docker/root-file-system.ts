import * as fs from 'node:fs';
import * as path from 'node:path';
import { BUSYBOX_RECIPE, busyboxProgram } from './busybox';
import { run } from './command';
import { unpackDebianPackages } from './debian-packages';
import { goPrograms } from './go-programs';
import { DockerSource } from './versions';

/** Programs of Docker's `-cli` image besides BusyBox, as patterns of names. */
export const CLI_PROGRAMS = ['docker', 'docker-buildx', 'git*', 'ssh*', 'scp', 'sftp'];

/** Programs that Docker's `-dind` image has besides those of the `-cli` image. */
export const DIND_PROGRAMS = [
  'dockerd', 'docker-proxy', 'docker-init', 'containerd*', 'runc', 'tini-static',
  'iptables*', 'ip6tables*', 'xtables-*', 'openssl', 'mke2fs', 'mkfs.ext*', 'e2fsck', 'tune2fs', 'pigz', 'unpigz', 'xz',
];

const PACKAGES = [
  'ca-certificates', 'e2fsprogs', 'git', 'iptables', 'netbase', 'openssh-client', 'openssl', 'pigz', 'tini', 'xz-utils',
];

/** The suite that everything but Docker is from, unless Docker's own suite is. */
const BASE_SUITE = 'trixie';

const FILES: Record<string, string> = {
  'etc/passwd': 'root:x:0:0:root:/root:/bin/sh\nnobody:x:65534:65534:nobody:/:/sbin/nologin\n',
  'etc/group': 'root:x:0:\ndocker:x:2375:\nnobody:x:65534:\n',
  'etc/nsswitch.conf': 'passwd: files\ngroup: files\nhosts: files dns\n',
};

/** What the root file systems depend on besides Docker's version. */
export const ROOT_RECIPE = [BUSYBOX_RECIPE, BASE_SUITE, PACKAGES, CLI_PROGRAMS, DIND_PROGRAMS, FILES];

/** Fills a folder with BusyBox, Docker's programs and what they need. */
export async function makeDockerRoot(source: DockerSource, root: string): Promise<void> {
  const suite = 'debianSuite' in source ? source.debianSuite : BASE_SUITE;
  await makeSkeleton(root);
  await unpackDebianPackages(suite, [...PACKAGES, ...('debianSuite' in source ? ['docker.io', 'docker-cli', 'docker-buildx'] : [])], root);
  if ('goModules' in source) await copyGoPrograms(root);
  await run('sh', ['-c', `cat ${root}/usr/share/ca-certificates/mozilla/*.crt > ${root}/etc/ssl/certs/ca-certificates.crt`]);
  for (const each of ['doc', 'locale', 'man', 'perl', 'perl5', 'bash-completion']) fs.rmSync(`${root}/usr/share/${each}`, { recursive: true, force: true });
  await keepPrograms(root, [...CLI_PROGRAMS, ...DIND_PROGRAMS]);
  linkIptables(root);
}

/** Fills a folder with nothing but BusyBox, as the `busybox` image. */
export async function makeBusyboxRoot(root: string): Promise<void> {
  await makeSkeleton(root);
  await keepPrograms(root, []);
}

/** Removes every program that matches none of the patterns, and lets BusyBox take the names that are free then. */
export async function keepPrograms(root: string, patterns: string[]): Promise<void> {
  const kept = [...patterns, 'busybox'].map(each => new RegExp(`^${each.replaceAll('.', '\\.').replaceAll('*', '.*')}$`));
  const folders = ['usr/bin', 'usr/sbin', 'usr/local/bin'].map(each => path.join(root, each));
  for (const folder of folders) {
    const removed = fs.readdirSync(folder).filter(name => !kept.some(pattern => pattern.test(name)));
    for (const name of removed) fs.rmSync(path.join(folder, name));
  }
  const taken = new Set(folders.flatMap(folder => fs.readdirSync(folder)));
  const applets = (await run(path.join(root, 'usr/bin/busybox'), ['--list'])).trim().split('\n');
  for (const applet of applets.filter(name => !taken.has(name))) fs.symlinkSync('busybox', path.join(root, 'usr/bin', applet));
}

/** Folders and files that Debian's base packages would bring with their scripts. */
async function makeSkeleton(root: string): Promise<void> {
  for (const each of ['bin', 'sbin', 'lib', 'lib64']) {
    fs.mkdirSync(path.join(root, 'usr', each), { recursive: true });
    fs.symlinkSync(`usr/${each}`, path.join(root, each));
  }
  for (const each of ['dev', 'etc/ssl/certs', 'proc', 'root', 'run', 'sys', 'usr/local/bin', 'var/lib', 'tmp', 'certs/client']) {
    fs.mkdirSync(path.join(root, each), { recursive: true });
  }
  for (const each of ['tmp', 'certs', 'certs/client']) fs.chmodSync(path.join(root, each), 0o1777);
  fs.symlinkSync('../run', path.join(root, 'var/run'));
  fs.copyFileSync(await busyboxProgram(), path.join(root, 'usr/bin/busybox'));
  for (const [file, content] of Object.entries(FILES)) fs.writeFileSync(path.join(root, file), content);
}

async function copyGoPrograms(root: string): Promise<void> {
  const plugins = path.join(root, 'usr/local/libexec/docker/cli-plugins');
  fs.mkdirSync(plugins, { recursive: true });
  await run('cp', ['-r', `${await goPrograms()}/.`, path.join(root, 'usr/local/bin')]);
  fs.renameSync(path.join(root, 'usr/local/bin/docker-buildx'), path.join(plugins, 'docker-buildx'));
  fs.symlinkSync('tini-static', path.join(root, 'usr/bin/docker-init'));
}

/** What Debian's alternatives do; upstream keeps the legacy programs in a folder of their own, which the entrypoint may put into PATH. */
function linkIptables(root: string): void {
  const legacy = path.join(root, 'usr/local/sbin/.iptables-legacy');
  fs.mkdirSync(legacy, { recursive: true });
  for (const name of ['iptables', 'iptables-save', 'iptables-restore', 'ip6tables', 'ip6tables-save', 'ip6tables-restore']) {
    fs.symlinkSync('xtables-nft-multi', path.join(root, 'usr/sbin', name));
    fs.symlinkSync('/usr/sbin/xtables-legacy-multi', path.join(legacy, name));
  }
}
