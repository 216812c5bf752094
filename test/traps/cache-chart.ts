import { App, Testing } from 'cdk8s';
import { DindCacheChart, DindCacheChartProps } from '../../src';
import { cacheProps, Manifest } from '../fixtures';

/** A chart with a cache called `docker`, with as little as possible said about it. */
export function cacheChart(props: Partial<DindCacheChartProps> = {}): DindCacheChart {
  return new DindCacheChart(new App({ outdir: '/nonexistent' }), 'docker', { ...cacheProps(), ...props });
}

/** All objects of such a chart. */
export function objects(props: Partial<DindCacheChartProps> = {}): Manifest[] {
  return Testing.synth(cacheChart(props));
}

/** The objects of one kind of such a chart. */
export function objectsOf(kind: string, props: Partial<DindCacheChartProps> = {}): Manifest[] {
  return objects(props).filter(object => object.kind === kind);
}
