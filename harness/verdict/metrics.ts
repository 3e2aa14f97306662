import type { DegradeRung } from '../serving/config.ts';
import type { Progress } from '../serving/stream/processor.ts';
import { alertDelay, falseAlerts, privacyLoss, reconstructionError, stolenRows, unauditedReads } from './data-metrics.ts';
import { keyRevocationDelay, plaintextAtRest, tamperedReads } from './encryption-metrics.ts';
import type { PhaseFacts } from './facts.ts';
import type { JobFacts } from './jobs.ts';
import { failoverTime, recoveryTime } from './outage.ts';
import { isWithin, type PhaseKind } from './phases.ts';
import { firstLeads, goodReads, lostVersions, recoveryOfRegistry, recoveryPoint, staleReads } from './registry-metrics.ts';
import { strayedRows } from './residency.ts';
import type { Objective } from './restoration.ts';
import { accuracyOfRung, RUNG_METRICS, type RungMetricName, shareOfRung } from './rung-metrics.ts';

/** What a metric's number counts. Shares are 0..1. */
export type Unit = 'share' | 'ms' | 'per-second' | 'usd' | 'count';

/** A number, or why there is none. `samples` is how many requests (or answers, or meter readings) stand behind it. */
export type Measurement =
  | { readonly type: 'value'; readonly value: number; readonly samples: number }
  /** A time that was never reached: longer than any bound. */
  | { readonly type: 'never'; readonly samples: number }
  | { readonly type: 'unmeasurable'; readonly why: string; readonly samples: number };

/** What a scenario may have: a model registry, a door whose answers come by way of a queue, a stream, data that has to stay somewhere, datasets. */
export type ScenarioPart = 'registry' | 'queue' | 'stream' | 'residency' | 'datasets';

export interface MetricDefinition {
  readonly unit: Unit;
  /** One sentence for help and docs. */
  readonly summary: string;
  /** What `samples` counts, plural, for messages. */
  readonly sampled: string;
  /** With fewer the metric is not judged, and the run is invalid. */
  readonly minSamples: number;
  /** Kinds of phase that it can be expected in. */
  readonly phases: readonly PhaseKind[];
  /** Whether `objective` of the expectation means anything to it. */
  readonly usesObjective: boolean;
  /** A part of the scenario without which there is nothing to measure. */
  readonly needs?: ScenarioPart;
  readonly measure: (facts: PhaseFacts, objective: Objective) => Measurement;
}

const MS_PER_HOUR = 3_600_000;

const ANY_PHASE: readonly PhaseKind[] = ['baseline', 'fault', 'burst', 'recovery', 'all'];

/** Of fewer, one request more or less moves a share by more than five points. */
const MIN_SHARE_SAMPLES = 20;

/** Fewer acknowledged versions say nothing of what a registry keeps. */
const MIN_VERSIONS = 5;

/** A percentile with fewer samples beyond it, on its narrower side, is the luck of one or two requests. */
const MIN_SAMPLES_BEYOND_PERCENTILE = 5;

const define = (
  metric: Omit<MetricDefinition, 'phases' | 'usesObjective'> & Partial<Pick<MetricDefinition, 'phases' | 'usesObjective'>>,
): MetricDefinition => ({ phases: ANY_PHASE, usesObjective: false, ...metric });

const ratio = (part: number, whole: number, what: string): Measurement =>
  whole === 0
    ? { type: 'unmeasurable', why: `there were no ${what}`, samples: 0 }
    : { type: 'value', value: part / whole, samples: whole };

const share = (
  summary: string,
  sampled: string,
  count: (facts: PhaseFacts) => readonly [part: number, whole: number],
): MetricDefinition =>
  define({
    unit: 'share',
    summary,
    sampled,
    minSamples: MIN_SHARE_SAMPLES,
    measure: (facts) => ratio(...count(facts), sampled),
  });

/** @param percent 0..100, exclusive */
const percentile = (percent: number): MetricDefinition =>
  define({
    unit: 'ms',
    summary: `Latency that ${percent} % of the requests stay within, from due time to end; failed ones count until they were given up.`,
    sampled: 'requests',
    // Rounded, since 100 - 99.9 is not 0.1 in binary.
    minSamples: Math.round((MIN_SAMPLES_BEYOND_PERCENTILE * 100) / Math.min(percent, 100 - percent)),
    measure: ({ latency, requests }) =>
      requests === 0
        ? { type: 'unmeasurable', why: 'there were no requests', samples: 0 }
        : { type: 'value', value: latency.percentile(percent), samples: requests },
  });

const ofJobs = (summary: string, count: (jobs: JobFacts) => number): MetricDefinition =>
  define({
    unit: 'count',
    summary,
    sampled: 'accepted jobs',
    minSamples: MIN_SHARE_SAMPLES,
    phases: ['all'],
    needs: 'queue',
    measure: ({ run: { jobs } }) =>
      jobs
        ? { type: 'value', value: count(jobs), samples: jobs.accepted }
        : { type: 'unmeasurable', why: 'there is no queue that could be asked', samples: 0 },
  });

/** The largest of what processors told in a phase. */
const ofStream = (unit: Unit, summary: string, read: (progress: Progress) => number): MetricDefinition =>
  define({
    unit,
    summary,
    sampled: 'batches',
    minSamples: 2,
    needs: 'stream',
    measure: ({ run: { stream }, phase }) => {
      const seen = stream?.progress.filter(({ atMs }) => isWithin(phase.windows, atMs)) ?? [];
      return seen.length === 0
        ? { type: 'unmeasurable', why: 'no processor of a stream has finished a batch', samples: 0 }
        : { type: 'value', value: Math.max(...seen.map(read)), samples: seen.length };
    },
  });

/** Of reads of datasets. */
const ofDatasets = (
  unit: Unit,
  summary: string,
  measure: MetricDefinition['measure'],
  more: Partial<Pick<MetricDefinition, 'phases' | 'sampled' | 'minSamples'>> = {},
): MetricDefinition =>
  define({ unit, summary, sampled: 'reads of datasets', minSamples: MIN_SHARE_SAMPLES, needs: 'datasets', measure, ...more });

/** Of each rung of the degrade ladder its share of the answers, and how often they are right. */
const rungMetrics = Object.fromEntries(
  (Object.keys(RUNG_METRICS) as readonly DegradeRung[]).flatMap((rung) => {
    const [name, words] = RUNG_METRICS[rung];
    return [
      [`${name}Share`, share(`Share of successful answers that came from ${words}.`, 'successful answers', shareOfRung(rung))],
      [
        `${name}Accuracy`,
        share(
          `Share of predictions from ${words} that are the data set's label.`,
          `predictions from ${words}`,
          accuracyOfRung(rung),
        ),
      ],
    ];
  }),
) as Readonly<Record<RungMetricName, MetricDefinition>>;

/** Every metric that an expectation can name: what it is, and how it is had from a phase. */
export const metrics = {
  availability: share(
    'Share of requests answered with a 2xx status within the time-out; degraded answers count.',
    'requests',
    ({ succeeded, requests }) => [succeeded, requests],
  ),
  goodput: define({
    unit: 'per-second',
    summary: 'Successful answers a second that came within the good-latency bound of the load.',
    sampled: 'requests',
    minSamples: MIN_SHARE_SAMPLES,
    measure: ({ good, measuredMs, requests }) =>
      measuredMs === 0
        ? { type: 'unmeasurable', why: 'no time of the phase was measured', samples: requests }
        : { type: 'value', value: good / (measuredMs / 1000), samples: requests },
  }),
  p5: percentile(5),
  p50: percentile(50),
  p95: percentile(95),
  p99: percentile(99),
  p999: percentile(99.9),
  failoverTime: define({
    unit: 'ms',
    summary:
      'From the start of a fault until undegraded success holds at the objective for a full window, while the fault lasts.',
    sampled: 'requests',
    minSamples: MIN_SHARE_SAMPLES,
    phases: ['fault', 'all'],
    usesObjective: true,
    measure: failoverTime,
  }),
  recoveryTime: define({
    unit: 'ms',
    summary: 'From the end of a fault until undegraded success holds at the objective for a full window.',
    sampled: 'requests',
    minSamples: MIN_SHARE_SAMPLES,
    phases: ['fault', 'recovery', 'all'],
    usesObjective: true,
    measure: recoveryTime,
  }),
  shedShare: share(
    'Share of requests that were refused so that others are served: status 429, or 503 with Retry-After.',
    'requests',
    ({ shed, requests }) => [shed, requests],
  ),
  degradedShare: share(
    'Share of successful answers that came from the fallback model, the cache or rules.',
    'successful answers',
    ({ degraded, succeeded }) => [degraded, succeeded],
  ),
  ...rungMetrics,
  accuracy: share(
    "Share of successful predictions that are the data set's label; degraded answers count.",
    'predictions',
    ({ correct, predicted }) => [correct, predicted],
  ),
  costPer1k: define({
    unit: 'usd',
    summary: 'What the providers charged in the phase, for each 1,000 successful answers.',
    sampled: 'successful answers',
    minSamples: MIN_SHARE_SAMPLES,
    measure: ({ costUsd, succeeded }) =>
      costUsd === null
        ? { type: 'unmeasurable', why: "the providers' meters were not read", samples: succeeded }
        : ratio(costUsd * 1000, succeeded, 'successful answers'),
  }),
  costPerHour: define({
    unit: 'usd',
    summary: 'What the providers charged in the phase, as if it went on for an hour.',
    sampled: 'meter readings',
    minSamples: 2,
    measure: ({ costUsd, measuredMs, run }) =>
      costUsd === null || measuredMs === 0
        ? {
            type: 'unmeasurable',
            why: costUsd === null ? "the providers' meters were not read" : 'no time of the phase was measured',
            samples: run.usage.length,
          }
        : { type: 'value', value: (costUsd * MS_PER_HOUR) / measuredMs, samples: run.usage.length },
  }),
  budget: define({
    unit: 'usd',
    summary: 'What the providers charged in the phase.',
    sampled: 'meter readings',
    minSamples: 2,
    measure: ({ costUsd, run }) =>
      costUsd === null
        ? { type: 'unmeasurable', why: "the providers' meters were not read", samples: run.usage.length }
        : { type: 'value', value: costUsd, samples: run.usage.length },
  }),
  streamLag: ofStream(
    'ms',
    'Longest that the newest event of a batch had waited when its work was done, of the batches that ended in the phase.',
    ({ lagMs }) => lagMs,
  ),
  watermarkLag: ofStream(
    'ms',
    "How far the watermark of a partition was behind the clock at most: how old what a stream's windows tell can be.",
    ({ watermarkLagMs }) => watermarkLagMs,
  ),
  streamBacklog: ofStream('count', 'Most events that a partition of a stream had left after a batch.', ({ backlog }) => backlog),
  miscountedEvents: define({
    unit: 'count',
    summary: 'Events of a stream whose work is done and that are in no window, or in one too often; late ones are counted apart.',
    sampled: 'events',
    minSamples: MIN_SHARE_SAMPLES,
    phases: ['all'],
    needs: 'stream',
    measure: ({ run: { stream } }) =>
      stream
        ? { type: 'value', value: stream.miscounted, samples: stream.done }
        : { type: 'unmeasurable', why: 'there is no stream that could be asked', samples: 0 },
  }),
  lostJobs: ofJobs(
    'Jobs that were accepted, warm-up included, and had no answer and were no dead letter when the run ended, after the last caller had its answer or gave up.',
    ({ lost }) => lost.length,
  ),
  duplicateAnswers: ofJobs(
    'Jobs that have more than one answer in the log of results.',
    ({ answeredTwice }) => answeredTwice.length,
  ),
  deadLetters: ofJobs('Jobs that were given up and wait for somebody to look at them.', ({ deadLetters }) => deadLetters),
  unfinishedJobs: ofJobs('Jobs that the queue still had when the run ended.', ({ unfinished }) => unfinished),
  unauthorisedAnswers: define({
    unit: 'count',
    summary:
      'Requests that should get no answer and got one: without a token, with one that is forged, changed, expired, revoked or for somebody else, or for what its caller may not do.',
    sampled: 'requests that should get no answer',
    minSamples: 1,
    phases: ['all'],
    measure: ({ run: { identity } }) =>
      identity
        ? { type: 'value', value: identity.answered.length, samples: identity.probes }
        : { type: 'unmeasurable', why: 'nobody tried what nobody may', samples: 0 },
  }),
  revocationDelay: define({
    unit: 'ms',
    summary:
      'From when a privilege was taken, or a stolen token was revoked, until the last request was sent that was still answered; of several the longest.',
    sampled: 'requests after a revocation',
    minSamples: MIN_SHARE_SAMPLES,
    phases: ['all'],
    measure: ({ run: { identity } }) =>
      identity && identity.revocations.length > 0
        ? {
            type: 'value',
            value: Math.max(...identity.revocations.map(({ delayMs }) => delayMs)),
            samples: identity.revocations.reduce((sum, { requests }) => sum + requests, 0),
          }
        : { type: 'unmeasurable', why: 'nothing was revoked', samples: 0 },
  }),
  rpo: define({
    unit: 'ms',
    summary:
      'How far back acknowledged versions of a model are gone when the run ends: from the acknowledgement of the oldest that is lost to that of the newest, or to the start of the fault, whichever is later.',
    sampled: 'acknowledged versions',
    minSamples: MIN_VERSIONS,
    phases: ['fault', 'all'],
    needs: 'registry',
    measure: recoveryPoint,
  }),
  rto: define({
    unit: 'ms',
    summary:
      'From the start of a fault until publishing and reading of the model registry work and hold at the objective for a full window; a read that is stale or whose bytes are wrong has not worked.',
    sampled: 'publishes and reads',
    minSamples: MIN_SHARE_SAMPLES,
    phases: ['fault', 'all'],
    usesObjective: true,
    needs: 'registry',
    measure: recoveryOfRegistry,
  }),
  lostVersions: define({
    unit: 'count',
    summary:
      'Versions of a model that the registry acknowledged, and that are gone or without a good artifact when the run ends.',
    sampled: 'acknowledged versions',
    minSamples: MIN_VERSIONS,
    needs: 'registry',
    measure: lostVersions,
  }),
  plaintextConnections: define({
    unit: 'count',
    summary:
      'Connections to links that were made without TLS, for anybody on the way to read; warm-up included, protocols of their own left out.',
    sampled: 'connections',
    minSamples: 1,
    phases: ['all'],
    measure: ({ run: { connections } }) => {
      const all = Object.values(connections ?? {});
      const plain = all.reduce((sum, one) => sum + one.plain, 0);
      const samples = plain + all.reduce((sum, one) => sum + one.secured, 0);
      return samples === 0
        ? { type: 'unmeasurable', why: 'no connection was seen', samples }
        : { type: 'value', value: plain, samples };
    },
  }),
  residencyViolations: define({
    unit: 'count',
    summary:
      'Inputs of tenants that came to an endpoint, and rows of datasets that were kept or given, in a country where they may not be; warm-up included.',
    sampled: 'rows that have to stay somewhere',
    minSamples: MIN_SHARE_SAMPLES,
    phases: ['all'],
    needs: 'residency',
    measure: ({ run: { residency } }) =>
      residency
        ? { type: 'value', value: strayedRows(residency), samples: residency.rows }
        : { type: 'unmeasurable', why: 'the endpoints could not be asked what came to them', samples: 0 },
  }),
  firstLeads: define({
    unit: 'share',
    summary: "Whether the first of the model registry's regions leads at the end of the phase: 100 % or 0 %.",
    sampled: 'ends of the phase',
    minSamples: 1,
    needs: 'registry',
    measure: firstLeads,
  }),
  staleReads: {
    ...share(
      'Share of reads of the model registry that told of an older version than one acknowledged long before.',
      'reads of the registry',
      staleReads,
    ),
    needs: 'registry',
  },
  goodReads: {
    ...share(
      'Share of reads of the model registry that told what to serve and gave the bytes that were published.',
      'reads of the registry',
      goodReads,
    ),
    needs: 'registry',
  },
  plaintextAtRest: define({
    unit: 'count',
    summary: 'Artifacts of the model registry that lie on its disks in the clear when the run ends.',
    sampled: 'artifacts on disks',
    minSamples: 1,
    phases: ['all'],
    needs: 'registry',
    measure: plaintextAtRest,
  }),
  tamperedReads: define({
    unit: 'count',
    summary:
      'Reads of the model registry that took for published what somebody had put in its place (fault ciphertext-tampering).',
    sampled: 'reads of the registry',
    minSamples: 1,
    needs: 'registry',
    measure: tamperedReads,
  }),
  keyRevocationDelay: define({
    unit: 'ms',
    summary:
      'From the start of the phase until the last read of the model registry that was given what it asked for: how long what a key shuts off (fault key-disabled) can still be read.',
    sampled: 'reads of the registry',
    minSamples: 1,
    phases: ['fault'],
    needs: 'registry',
    measure: keyRevocationDelay,
  }),
  unauditedReads: ofDatasets(
    'count',
    'Reads of datasets that somebody was given, warm-up included, and that no audit log has with as many rows.',
    unauditedReads,
    { phases: ['all'] },
  ),
  alertDelay: ofDatasets(
    'ms',
    'From the start of a theft (fault data-exfiltration) until the first alert about the tenant whose credentials are used.',
    alertDelay,
    { phases: ['fault', 'all'], sampled: 'pages that were stolen', minSamples: 1 },
  ),
  falseAlerts: ofDatasets(
    'count',
    'Alerts about tenants whose credentials nobody else was using then, or five seconds before.',
    falseAlerts,
  ),
  stolenRows: ofDatasets('count', 'Rows of datasets that were given to somebody with the credentials of another.', stolenRows),
  privacyLoss: ofDatasets(
    'count',
    'What the statistics of a dataset that one tenant was given tell together of any one row: epsilon at a delta of 1e-5, of the tenant that was told the most; an exact answer counts as 1000.',
    privacyLoss,
    { phases: ['all'], sampled: 'statistics', minSamples: 1 },
  ),
  reconstructionError: ofDatasets(
    'count',
    'Rows by which counts are off when all answers to the same question are averaged: root mean square, of the tenant that comes nearest.',
    reconstructionError,
    { phases: ['all'], sampled: 'statistics', minSamples: 5 },
  ),
} satisfies Readonly<Record<string, MetricDefinition>>;

export type MetricName = keyof typeof metrics;

export const metricNames = Object.keys(metrics) as readonly MetricName[];
