// `npm run bench:synth [-- PAIRS]` writes docs/bench-synth.md: what `cdk8s synth` of a cache costs against the least that an app can cost, and how that grows.
import { writeFileSync } from 'node:fs';
import { cpus } from 'node:os';
import { join } from 'node:path';
import { Estimate, estimate } from './statistics';
import { Project, Start } from './synth/project';

const PAIRS = Number(process.argv[2] ?? 20);
/** How many caches one app has, and the pairs that are measured: long runs vary less. */
const GROWTH = { chart: [[1, PAIRS], [10, PAIRS], [100, PAIRS], [1000, Math.min(PAIRS, 5)]], charts: [[1, PAIRS], [10, PAIRS], [100, PAIRS]] };

/** The samples of two things measured in turn, so that what else the machine does falls on both. */
interface Pairs {
  readonly measured: number[];
  readonly base: number[];
}

function main(): void {
  const project = new Project();
  try {
    project.add('minimal', 'examples/minimal.ts');
    project.add('bare', 'bench/synth/bare.ts');
    project.add('bare-plus', 'bench/synth/bare-plus.ts');
    project.add('growth', 'bench/synth/growth-app.ts');
    const page = [...introduction(), ...commandTable(project), '', ...growth(project), ''].join('\n');
    writeFileSync(join(__dirname, '..', 'docs', 'bench-synth.md'), page);
    console.log(page);
  } finally {
    project.remove();
  }
}

function introduction(): string[] {
  const [{ model }] = cpus();
  return [
    '# What synthesizing costs',
    '',
    `Measured by \`npm run bench:synth\` on ${new Date().toISOString().slice(0, 10)}: ${cpus().length} cores (${model}), Node.js ${process.version}.`,
    'Both sides of a pair run one after the other; medians with a 95 % bootstrap interval; the ratio is the median of the ratios of the pairs.',
    '',
  ];
}

/** `cdk8s synth` of the minimal example against bare apps, the command line included. */
function commandTable(project: Project): string[] {
  const rows = (['node', 'ts-node'] as Start[]).flatMap(start => ['bare', 'bare-plus'].map(base => {
    const pairs = inTurn(PAIRS, () => project.synth('minimal', start), () => project.synth(base, start));
    const against = base === 'bare' ? '`ApiObject` of cdk8s' : '`ConfigMap` of cdk8s-plus-27';
    return row(`\`${start}\``, against, String(PAIRS), ...cells(pairs));
  }));
  return [
    '## The least app',
    '',
    '`cdk8s synth` of `examples/minimal.ts`, with the compiled package, against an app of one ConfigMap; the command line itself takes most of both:',
    '',
    row('app started by', 'bare app', 'pairs', 'minimal, s', 'bare, s', 'ratio'),
    row('---', '---', '---', '---', '---', '---'),
    ...rows,
  ];
}

/** One app with many caches against the same objects out of generated classes, both without the loading of modules. */
function growthTable(project: Project, layout: keyof typeof GROWTH): string[] {
  const run = (kind: string, count: number) => Number(project.run('growth', kind, layout, String(count), `${kind}-${layout}-${count}`));
  const rows = GROWTH[layout].map(([count, times]) => {
    const pairs = inTurn(times, () => run('library', count), () => run('l1', count));
    const each = estimate(pairs.measured).median / count;
    return row(String(count), String(times), ...cells(pairs), (each * 1000).toFixed(1));
  });
  return [
    row('caches', 'pairs', 'library, CPU s', 'L1, CPU s', 'ratio', 'library, CPU ms a cache'),
    row('---', '---', '---', '---', '---', '---'),
    ...rows,
  ];
}

/** The library against the same objects written with generated classes. */
function growth(project: Project): string[] {
  const tables = [
    '## As an app grows',
    '',
    'One app with a number of caches against the same objects written with the generated classes of cdk8s-plus-27, loading aside. All in one chart:',
    '',
    ...growthTable(project, 'chart'),
    '',
    'Each in a chart of its own, where cdk8s walks the whole app once for each chart, whatever is in it:',
    '',
    ...growthTable(project, 'charts'),
  ];
  if (project.read('library-chart-1/caches.k8s.yaml') !== project.read('l1-chart-1/caches.k8s.yaml')) {
    throw new Error('both sides must write the same bytes');
  }
  return tables;
}

function inTurn(pairs: number, measured: () => number, base: () => number): Pairs {
  measured();
  base();
  const both = Array.from({ length: pairs }, () => [measured(), base()]);
  return { measured: both.map(([first]) => first), base: both.map(([, second]) => second) };
}

function cells({ measured, base }: Pairs): string[] {
  const ratios = measured.map((seconds, index) => seconds / base[index]);
  return [format(estimate(measured), 3), format(estimate(base), 3), format(estimate(ratios), 2)];
}

function format({ median, low, high }: Estimate, digits: number): string {
  return `${median.toFixed(digits)} (${low.toFixed(digits)}–${high.toFixed(digits)})`;
}

function row(...columns: string[]): string {
  return `| ${columns.join(' | ')} |`;
}

main();
