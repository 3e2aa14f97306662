import { z } from 'zod';

const sha256 = z
  .string()
  .regex(/^[0-9a-f]{64}$/)
  .describe('SHA-256, hexadecimal digits');
const text = z.string();

const status = z
  .enum(['passed', 'failed', 'inconclusive', 'not-tested'])
  .describe(
    'passed: some run gives evidence, and none speaks against it; failed: some run speaks against it; inconclusive: runs that bear on it could not be judged, or did not show what would make them evidence; not-tested: no run bears on it',
  );

const runEvidence = z.strictObject({
  run: text.describe('id of the run'),
  outcome: z
    .enum(['passed', 'failed', 'invalid', 'unseen'])
    .describe(
      'passed: what was required was measured; failed: an expectation broke; invalid: the run could not be judged; unseen: it passed without what would make it evidence',
    ),
  faults: z.array(text).describe('names of the faults that took place'),
  measured: z.array(text).describe('what was measured against what was required'),
  why: text.optional(),
});

const control = z.strictObject({
  id: text,
  title: text,
  asks: text.describe("what it asks, in squall's words"),
  status,
  parts: z.array(z.strictObject({ shows: text, status, runs: z.array(runEvidence) })),
  notShown: z.array(text).describe('what it asks that no run of squall can show'),
});

const framework = z.strictObject({
  id: text,
  title: text,
  edition: text,
  sources: z.array(z.strictObject({ title: text, url: text, lookedUp: text })),
  controls: z.array(control),
});

const run = z.strictObject({
  id: text,
  scenario: text,
  title: text,
  system: z.strictObject({
    type: z.enum(['reference-stack', 'other']).describe("squall's own serving stack, or a system of the user's"),
    name: text.describe('the design of the reference stack, or what was tested in its place'),
  }),
  world: z.enum(['live', 'sim']).describe('live: real processes, sockets and time; sim: simulated, which is weaker evidence'),
  seed: z.number(),
  ran: z
    .strictObject({ startedAt: text, endedAt: text.nullable(), on: text.nullable() })
    .nullable()
    .describe('when by the clock of the machine, and on what; null where no record of it was kept'),
  durationMs: z.number(),
  end: text.describe('how the run ended'),
  verdict: z.strictObject({ outcome: z.enum(['passed', 'failed', 'invalid']), reasons: z.array(text) }),
  faults: z.array(
    z.strictObject({
      name: text,
      kind: text,
      targets: z.array(text),
      atMs: z.number(),
      forMs: z.number(),
      tookPlace: z.boolean(),
    }),
  ),
  expectations: z.array(z.strictObject({ text, outcome: z.enum(['met', 'broken', 'unmeasurable']), isSteadyState: z.boolean() })),
  method: text.describe('how the numbers were had'),
  files: z.array(text).describe('paths in the bundle: the report first'),
  sha256: z.strictObject({
    result: sha256.describe("of the report's canonical JSON (RFC 8785)"),
    scenario: sha256.describe('of the scenario with all defaults, canonical JSON'),
    scenarioFile: sha256.nullable().describe('of the file that it was read from; null for one that was given as a value'),
    design: sha256.describe("of the design's settings, canonical JSON"),
    inputs: sha256.describe('of scenario, design, seed, world, system and version of squall together, canonical JSON'),
  }),
});

/** What `evidence.json` holds. */
export const evidenceDocument = z.strictObject({
  schemaVersion: z.literal(1),
  type: z.literal('squall-evidence'),
  statement: text.describe('what this is, and what it is not'),
  limits: z.array(text).describe('what holds of all runs'),
  createdAt: text,
  createdBy: text.nullable().describe('who made the bundle, by their own word'),
  squall: text.describe('version of squall that ran the runs'),
  writtenBy: text.describe('version of squall that wrote the bundle'),
  signature: z
    .strictObject({ keyId: text, algorithm: text })
    .nullable()
    .describe('the key that the bundle was to be signed with; null: it is not signed'),
  frameworks: z.array(framework),
  runs: z.array(run),
});

export type EvidenceDocument = z.output<typeof evidenceDocument>;
export type EvidenceStatus = z.output<typeof status>;

/** The JSON schema of `evidence.json`, which goes into each bundle. */
export const evidenceSchema = (): unknown => ({
  ...z.toJSONSchema(evidenceDocument),
  $id: 'urn:squall:evidence:1',
  title: 'Evidence from runs of squall, version 1',
});
