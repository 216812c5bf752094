import { scheduleFindings, timeZoneFindings } from '../schedule';
import { labelFindings } from './metadata';
import { podRule } from './pod-template';
import { choice, integer, Json, Rule, ruleFor, unless } from './rule';

/** Rules about what runs pods. */
export const WORKLOAD_RULES: Rule[] = [
  ruleFor('Deployment', 'the selector matches the labels of the pods', ({ selector, template }) => selectorFindings(selector?.matchLabels, template?.metadata?.labels)),
  ruleFor('Deployment', 'the strategy is one', ({ strategy }) => [
    ...choice('strategy.type', strategy?.type, 'Recreate', 'RollingUpdate'),
    ...unless(strategy?.type !== 'Recreate' || strategy.rollingUpdate === undefined, 'rollingUpdate contradicts the type Recreate'),
  ]),
  ruleFor('Deployment', 'counts are in range', ({ replicas, revisionHistoryLimit, minReadySeconds }) => [
    ...integer('replicas', replicas, 0),
    ...integer('revisionHistoryLimit', revisionHistoryLimit, 0),
    ...integer('minReadySeconds', minReadySeconds, 0),
  ]),
  ruleFor('Deployment', 'pods that end are started again', ({ template }) => choice('restartPolicy', template?.spec?.restartPolicy, 'Always')),
  ruleFor('Job', 'the Job is well formed', jobFindings),
  ruleFor('CronJob', 'the CronJob is well formed', spec => [
    ...scheduleFindings(spec.schedule),
    ...timeZoneFindings(spec.timeZone),
    ...choice('concurrencyPolicy', spec.concurrencyPolicy, 'Allow', 'Forbid', 'Replace'),
    ...integer('startingDeadlineSeconds', spec.startingDeadlineSeconds, 0),
    ...integer('successfulJobsHistoryLimit', spec.successfulJobsHistoryLimit, 0),
    ...integer('failedJobsHistoryLimit', spec.failedJobsHistoryLimit, 0),
    ...jobFindings(spec.jobTemplate?.spec ?? {}),
  ]),
  podRule('the termination grace period is in range', ({ terminationGracePeriodSeconds }) => integer('terminationGracePeriodSeconds', terminationGracePeriodSeconds, 0)),
];

function selectorFindings(matchLabels: Json = {}, labels: Json = {}): string[] {
  const entries = Object.entries(matchLabels);
  return [
    ...unless(entries.length > 0, 'an empty selector matches every pod'),
    ...labelFindings(matchLabels),
    ...entries.flatMap(([key, value]) => unless(labels[key] === value, `the pods have no label ${key}=${value}`)),
  ];
}

function jobFindings({ template, backoffLimit, activeDeadlineSeconds, ttlSecondsAfterFinished }: Json): string[] {
  const { restartPolicy } = template?.spec ?? {};
  return [
    ...unless(['Never', 'OnFailure'].includes(restartPolicy), 'restartPolicy of a Job must be Never or OnFailure'),
    ...integer('backoffLimit', backoffLimit, 0),
    ...integer('activeDeadlineSeconds', activeDeadlineSeconds, 1),
    ...integer('ttlSecondsAfterFinished', ttlSecondsAfterFinished, 0),
  ];
}
