import { App, Duration } from 'cdk8s';
import fc, { Arbitrary } from 'fast-check';
import { DindCacheChart } from '../../src';
import { cacheProps } from '../fixtures';
import { daemonConfigs } from './daemon-configs';
import { Ingredients } from './ingredients';
import { Recipe, recipe } from './recipe';
import { cacheClients, cacheVolumes, containerResources, daemonTls, dockerImages, gcPolicies, labels, prunePolicies } from './values';

type ArbitraryProps = ReturnType<typeof propArbitraries>;

/** The props of a chart, of which some are still to be made. */
export type ChartInput = { readonly [Prop in keyof ArbitraryProps]?: ArbitraryProps[Prop] extends Arbitrary<infer Value> ? Value : never };

/** An arbitrary of each prop of a chart, by its name. */
export function propArbitraries(of: Ingredients) {
  const annotations = fc.dictionary(of.labelKey, of.annotation, { maxKeys: 2 });
  return {
    volume: cacheVolumes(of),
    clients: fc.array(cacheClients(of), { minLength: 1, maxLength: 3 }),
    tls: daemonTls(of),
    name: of.cacheName,
    namespace: of.dnsLabel,
    images: dockerImages(of),
    daemonConfig: daemonConfigs(of),
    gcPolicy: gcPolicies(of),
    prune: prunePolicies(of),
    drainTimeout: of.seconds.map(recipe('Duration.seconds', seconds => Duration.seconds(seconds))),
    reuseContext: fc.boolean(),
    resources: containerResources(of),
    priorityClassName: of.dnsSubdomain,
    labels: labels(of),
    annotations,
    podLabels: labels(of),
    podAnnotations: annotations,
    createNamespace: fc.boolean(),
    separateClusterScoped: fc.boolean(),
  };
}

/** Charts with any of the props. */
export function charts(of: Ingredients): Arbitrary<Recipe<DindCacheChart, ChartInput>> {
  const props = fc.record(propArbitraries(of), { requiredKeys: ['volume', 'clients'] });
  // older images know one size of a rule only
  return props.filter(({ gcPolicy, images }) => images === undefined || !Array.isArray(gcPolicy?.options)).map(chartOf);
}

/** A chart with these props and, where a required one is missing, a plain one. */
export const chartOf = recipe('DindCacheChart', ({ volume, clients, tls, images, daemonConfig, gcPolicy, prune, drainTimeout, resources, ...rest }: ChartInput) => {
  const plain = cacheProps();
  return new DindCacheChart(new App({ outdir: '/nonexistent' }), 'docker', {
    ...rest,
    volume: volume?.make() ?? plain.volume,
    clients: clients?.map(client => client.make()) ?? plain.clients,
    tls: tls?.make(),
    images: images?.make(),
    daemonConfig: daemonConfig?.make(),
    gcPolicy: gcPolicy?.make(),
    prune: prune?.make(),
    drainTimeout: drainTimeout?.make(),
    resources: resources?.make(),
  });
});
