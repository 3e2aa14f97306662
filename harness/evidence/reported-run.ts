import { z } from 'zod';

/** Metric names as they are written by hand and in code: `alert-delay` is `alertDelay`. */
export const sameMetric = (a: string, b: string): boolean => plainName(a) === plainName(b);

const plainName = (name: string): string => name.replaceAll('-', '').toLowerCase();

const limits = { faults: 10_000, expectations: 10_000, events: 1_000_000, textChars: 20_000 };

const shortText = z.string().max(limits.textChars);
const sha256 = z.string().regex(/^[0-9a-f]{64}$/);

const expectation = z.looseObject({
  phase: shortText,
  metric: shortText,
  isSteadyState: z.boolean(),
  min: z.number().optional(),
  max: z.number().optional(),
  actual: z.number().nullable(),
  samples: z.number(),
  outcome: z.enum(['met', 'broken', 'unmeasurable']),
  text: shortText,
});

const end = z.looseObject({ type: shortText, atMs: z.number().optional() });

const verdict = z.discriminatedUnion('outcome', [
  z.looseObject({ outcome: z.literal('passed') }),
  z.looseObject({ outcome: z.literal('failed'), reasons: z.array(shortText) }),
  z.looseObject({ outcome: z.literal('invalid'), reasons: z.array(shortText) }),
]);

/** What evidence needs of a RunReport; what else it holds is left as it is. Reports come from files, so they are checked. */
export const reportedRun = z.looseObject({
  schemaVersion: z.literal(1),
  scenario: shortText,
  title: shortText,
  design: shortText,
  sut: shortText.optional(),
  world: z.enum(['live', 'sim']),
  seed: z.number(),
  startedAt: shortText,
  durationMs: z.number(),
  end,
  verdict,
  phases: z.array(z.looseObject({ name: shortText, servedBy: z.record(z.string(), z.number()) })),
  expectations: z.array(expectation).max(limits.expectations),
  faults: z
    .array(z.looseObject({ name: shortText, kind: shortText, targets: z.array(shortText), atMs: z.number(), forMs: z.number() }))
    .max(limits.faults),
  events: z.array(z.looseObject({ atMs: z.number(), text: shortText })).max(limits.events),
  residency: z.looseObject({ places: z.array(z.looseObject({ by: shortText.nullable(), rows: z.number() })) }).optional(),
  method: shortText,
  provenance: z.looseObject({
    squall: shortText,
    scenario: z.looseObject({ sha256, file: z.looseObject({ name: shortText, sha256 }).optional() }),
    design: z.looseObject({ sha256 }),
  }),
});

export type ReportedRun = z.output<typeof reportedRun>;
export type ReportedExpectation = ReportedRun['expectations'][number];

/** A document of reports, as the JSON reporter writes it. */
export const reportDocumentFile = z.looseObject({
  schemaVersion: z.literal(1),
  runs: z.array(z.unknown()),
  sha256: z.array(sha256),
});

/** What `--keep` tells of when and on what a run ran. */
export const circumstancesFile = z.looseObject({
  schemaVersion: z.literal(1),
  startedAt: z.iso.datetime(),
  endedAt: z.iso.datetime(),
  node: shortText,
  platform: shortText,
  arch: shortText,
});
