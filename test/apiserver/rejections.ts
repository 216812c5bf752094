import { Cron, Size } from 'cdk8s';
import { BuilderNode, CacheNamespace, CacheVolumeClaim, DindService, PrunePolicy, VolumeDirectoryJob } from '../../src';
import { KubeObject } from './support/kube-object';
import { emits, LibraryAnswer, refuses } from './support/library-answer';
import { daemon, issuer, pruneJob, storage, TLS } from './support/parts';
import { templatedPods } from './support/pod-templates';
import { synthesizeChart } from './support/synthesis';
import { cronJob, deployment, job, localVolume, pod, PRIVILEGED_CONTAINER, RESTRICTED_CONTAINER, service, tlsSecret, volumeClaim } from './support/valid-objects';

/** A mistake that the API server refuses, beside the nearest manifest that it accepts and what the library does about it. */
export interface Rejection {
  /** What is wrong, in the words of a test's name. */
  readonly mistake: string;
  /** The manifest without the mistake. */
  readonly accepted: KubeObject;
  /** The manifest with the mistake. */
  readonly refused: KubeObject;
  /** Whether `refused` is a change of `accepted`, which then exists, rather than a new object. @default false */
  readonly change?: boolean;
  /** Pod security level that the namespace enforces. @default 'privileged' */
  readonly podSecurity?: 'privileged' | 'restricted';
  /** What the API server says: part of the text, or its form. */
  readonly message: string | RegExp;
  /** What the library says of the same mistake, or emits in its place. */
  readonly library: LibraryAnswer;
}

const FIFTY_TWO = 'c'.repeat(52);

/** Every mistake of a manifest that the API server is known to refuse. */
export const REJECTIONS: Rejection[] = [
  {
    mistake: 'a local volume without node affinity',
    accepted: localVolume('no-affinity'),
    refused: localVolume('no-affinity', { nodeAffinity: undefined }),
    message: 'spec.nodeAffinity: Required value: Local volume requires node affinity',
    library: refuses(() => BuilderNode.labeled({}), "'labels' must not be empty"),
  },
  {
    mistake: 'a claim without access modes',
    accepted: volumeClaim('no-access-modes'),
    refused: volumeClaim('no-access-modes', { accessModes: undefined }),
    message: 'spec.accessModes: Required value: at least 1 access mode is required',
    library: emits('a claim that says nothing has one', namespace => [synthesizeChart(namespace, chart => new CacheVolumeClaim(chart, 'data'))]),
  },
  {
    mistake: 'a changed claim request',
    accepted: volumeClaim('changed-request'),
    refused: volumeClaim('changed-request', { resources: { requests: { storage: '2Gi' } } }),
    change: true,
    message: 'spec: Forbidden: spec is immutable after creation except resources.requests',
    library: emits('the volume alone carries the capacity', namespace => [100, 200].map(capacity => storage(namespace, Size.gibibytes(capacity)))),
  },
  {
    mistake: 'a changed selector',
    accepted: deployment('changed-selector', 'before'),
    refused: deployment('changed-selector', 'after'),
    change: true,
    message: /spec\.selector: Invalid value: .*: field is immutable/,
    library: emits('no label that can be given is part of it', namespace => ['before', 'after'].map(app => daemon(namespace, { labels: { app }, podLabels: { app } }))),
  },
  {
    mistake: 'a changed Job template',
    accepted: job('changed-template', ['true']),
    refused: job('changed-template', ['false']),
    change: true,
    message: /spec\.template: Invalid value: .*: field is immutable/,
    library: emits('another template is another Job', namespace => ['/mnt/before', '/mnt/after'].map(path =>
      synthesizeChart(namespace, chart => new VolumeDirectoryJob(chart, 'directory', { node: BuilderNode.hostname('node1'), path })))),
  },
  {
    mistake: 'a CronJob name of over 52 characters',
    accepted: cronJob(FIFTY_TWO),
    refused: cronJob(`${FIFTY_TWO}c`),
    message: 'must be no more than 52 characters',
    library: refuses(() => pruneJob({ name: `${FIFTY_TWO}c` }), "'name' must have at most 52 characters"),
  },
  {
    mistake: 'a schedule that is none',
    accepted: cronJob('bad-schedule'),
    refused: cronJob('bad-schedule', { schedule: '0 25 * * *' }),
    message: 'spec.schedule: Invalid value: "0 25 * * *"',
    library: refuses(() => PrunePolicy.underPressure({ schedule: Cron.schedule({ minute: '0', hour: '25' }) }), "'schedule' must have a hour from 0 to 23"),
  },
  {
    mistake: 'a time zone that is none',
    accepted: cronJob('bad-time-zone', { timeZone: 'Europe/Berlin' }),
    refused: cronJob('bad-time-zone', { timeZone: 'Europe/Atlantis' }),
    message: 'spec.timeZone: Invalid value: "Europe/Atlantis": unknown time zone Europe/Atlantis',
    library: refuses(() => PrunePolicy.underPressure({ timeZone: 'Europe/Atlantis' }), "'timeZone' must be a time zone of the IANA database"),
  },
  {
    mistake: 'two unnamed Service ports',
    accepted: service('unnamed-ports', { ports: [{ name: 'docker', port: 2376 }, { name: 'metrics', port: 9323 }] }),
    refused: service('unnamed-ports', { ports: [{ port: 2376 }, { port: 9323 }] }),
    message: 'spec.ports[0].name: Required value',
    library: emits('its ports have names', namespace => [synthesizeChart(namespace, chart => new DindService(chart, 'docker', { tls: TLS }))]),
  },
  {
    mistake: 'a privileged container that may not escalate its privileges',
    accepted: deployment('contradiction', 'daemon', PRIVILEGED_CONTAINER),
    refused: deployment('contradiction', 'daemon', { ...PRIVILEGED_CONTAINER, securityContext: { privileged: true, allowPrivilegeEscalation: false } }),
    message: 'cannot set `allowPrivilegeEscalation` to false and `privileged` to true',
    library: emits('both are said together', namespace => [daemon(namespace)]),
  },
  {
    mistake: 'a privileged pod in a restricted namespace',
    accepted: pod('privileged', RESTRICTED_CONTAINER),
    refused: pod('privileged', PRIVILEGED_CONTAINER),
    podSecurity: 'restricted',
    message: 'violates PodSecurity "restricted:latest": privileged (container "main" must not set securityContext.privileged=true)',
    library: emits("the namespace's level cannot be another", namespace => [
      synthesizeChart(namespace, chart => new CacheNamespace(chart, 'Namespace', { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } })),
      templatedPods(daemon(namespace)).map(templated => ({ ...templated.pod, metadata: { ...templated.pod.metadata, namespace } })),
    ]),
  },
  {
    mistake: 'a Secret of the TLS type without keys',
    accepted: tlsSecret('no-keys', { 'tls.crt': 'certificate', 'tls.key': 'key' }),
    refused: tlsSecret('no-keys'),
    message: /data\[tls\.crt\]: Required value.*data\[tls\.key\]: Required value/s,
    library: emits('what is filled later has no such type', namespace => [issuer(namespace).filter(({ kind }) => kind === 'Secret')]),
  },
];
