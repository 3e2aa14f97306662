import { z } from 'zod';
import { doorNames } from '../load/doors/index.ts';
import { PRIORITIES } from '../serving/caller.ts';
import { shown } from './explain.ts';
import { httpBlock } from './http-block.ts';
import { limits } from './limits.ts';
import { name } from './name.ts';
import { residencyBlock } from './residency-block.ts';
import { duration, rate, share } from './units.ts';

/** Models that the emulated endpoints serve: mocks/models. */
const models = ['digits', 'digits-small'] as const;

const MAX_MULTIPLIER = 1000;
const MAX_SPEED = 1000;
const MAX_PATH = 400;

const loadRate = rate
  .refine((perS) => perS <= limits.ratePerS, `expected at most ${limits.ratePerS} a second`)
  .describe('Requests a second.');

const positive = duration.refine((ms) => ms > 0, 'expected more than 0s');

const stage = z.strictObject({
  for: positive,
  from: loadRate.optional().describe('Rate at its start; where the stage before ended, when left out.'),
  to: loadRate.describe('Rate at its end.'),
});

const burst = z
  .strictObject({
    name: name.optional().describe('Makes it a phase of its own, of that name.'),
    at: duration.describe('Its start, from the beginning of the measured timeline.'),
    for: positive.describe('How long it lasts.'),
    every: positive.optional().describe('From one start to the next; it comes once when left out.'),
    multiplier: z.number().gt(1).max(MAX_MULTIPLIER).optional().describe('Times the rate that the load has then.'),
    add: loadRate
      .refine((perS) => perS > 0, 'expected more than 0')
      .optional()
      .describe('Added to it.'),
  })
  .superRefine((entry, context) => {
    const given = (['multiplier', 'add'] as const).filter((setting) => entry[setting] !== undefined);
    if (given.length !== 1) {
      context.addIssue(`expected one of multiplier or add, got ${given.length === 0 ? 'none of them' : 'both'}`);
    }
    if (entry.every !== undefined && entry.every <= entry.for) {
      context.addIssue({
        code: 'custom',
        path: ['every'],
        message: `expected longer than the burst itself, ${entry.for}ms; got ${entry.every}ms`,
      });
    }
  });

const FROM_FORM = 'first (the first arrival), or a duration with its unit, such as 10m';

/** A moment of a trace by its own clock, milliseconds, or its first arrival. */
const traceStart = z
  .string({ error: ({ input }) => `expected ${FROM_FORM}; got ${shown(input)}` })
  .transform((text, context): 'first' | number => {
    if (text === 'first') return text;
    const { data } = duration.safeParse(text);
    if (data !== undefined) return data;
    context.issues.push({ code: 'custom', input: text, message: `expected ${FROM_FORM}; got ${shown(text)}` });
    return z.NEVER;
  });

const traceBlock = z
  .strictObject({
    file: z.string().min(1).max(MAX_PATH).optional().describe('CSV or JSON lines, found beside the scenario file.'),
    column: z.string().min(1).max(MAX_PATH).optional().describe('Column or field of the timestamp.'),
    unit: z.enum(['us', 'ms', 's']).optional().describe('Of timestamps that are numbers.'),
    gapsUs: z
      .string()
      .optional()
      .describe('Instead of a file: microseconds from each arrival to the next, as replay files have them.'),
    source: z.string().min(1).max(1000).optional().describe('Where gapsUs come from, for reports.'),
    from: traceStart.prefault('0s').describe('Moment of the trace at which the timeline begins.'),
    speed: z.number().min(0.001).max(MAX_SPEED).prefault(1).describe('Times as fast as it was recorded.'),
    repeatEvery: positive.optional().describe('Length of the trace that is played again and again; once when left out.'),
  })
  .superRefine((trace, context) => {
    const given = (['file', 'gapsUs'] as const).filter((setting) => trace[setting] !== undefined);
    if (given.length !== 1)
      context.addIssue(`expected one of file or gapsUs, got ${given.length === 0 ? 'none of them' : 'both'}`);
    const [origin, idle] = trace.file === undefined ? (['gapsUs', ['column', 'unit']] as const) : (['file', ['source']] as const);
    for (const setting of idle) {
      if (trace[setting] === undefined) continue;
      context.addIssue({ code: 'custom', path: [setting], message: `has no effect with ${origin}` });
    }
  });

const TRACE_FORM = 'a trace file, such as arrivals.csv, or a mapping with file';

/** A file's name alone is a trace that is played as it is. */
const trace = z.union(
  [
    z
      .string()
      .min(1)
      .max(MAX_PATH)
      .transform((file) => traceBlock.parse({ file })),
    traceBlock,
  ],
  {
    error: ({ input }) => `expected ${TRACE_FORM}; got ${shown(input)}`,
  },
);

const bursts = z.array(burst).min(1).max(limits.bursts).optional();

const tenant = z.strictObject({
  name,
  share: share
    .refine((part) => part > 0, 'expected more than 0%')
    .optional()
    .describe('Of the rate; those without one share what is left.'),
  priority: z.enum(PRIORITIES).prefault('default').describe('How much its requests matter when not all can be served.'),
  bursts: bursts.describe('Rises of its own rate; a multiplier is of its own share.'),
  residency: residencyBlock.optional(),
});

const shapes = ['rate', 'stages', 'trace', 'connections'] as const;

/** Settings that only some of the shapes read, and why the others do not. */
const dependants = {
  arrivals: {
    trace: 'has no effect with trace: its arrivals are as they were recorded',
    connections: 'has no effect with connections: a closed loop has no arrivals',
  },
  bursts: {
    trace: 'has no effect with trace: its bursts are those that were recorded',
    connections: 'has no effect with connections: a closed loop has no rate',
  },
} as const;

/** So many images stay within what one request may hold of either side. */
const MAX_IMAGES = 64;

const graphqlBlock = z.strictObject({
  perQuery: z.number().int().min(1).max(MAX_IMAGES).prefault(1).describe('Images of one operation; it is answered when all are.'),
  oneBad: z
    .boolean()
    .prefault(false)
    .describe('One more that is no image: in an operation that is answered it has the only error, at its place.'),
});

/** How requests arrive: docs/scenarios.md. */
export const loadBlock = z
  .strictObject({
    model: z.enum(models).prefault('digits'),
    door: z.enum(doorNames).prefault('rest').describe('How callers reach the system under test.'),
    http: httpBlock.optional().describe('What a request is, for door: http.'),
    graphql: graphqlBlock.optional().describe('What an operation asks for, for door: graphql; one image when left out.'),
    rate: loadRate.optional().describe('Open loop at this rate.'),
    stages: z.array(stage).min(1).max(limits.stages).optional().describe('Open loop at a rate that changes.'),
    bursts: bursts.describe('Rises of the rate, on top of rate or stages.'),
    arrivals: z
      .enum(['poisson', 'constant'])
      .optional()
      .describe('How requests of an open loop follow each other; poisson when left out.'),
    trace: trace.optional().describe('Open loop with arrivals that were recorded.'),
    connections: z
      .number()
      .int()
      .min(1)
      .max(limits.connections)
      .optional()
      .describe('Closed loop: each sends its next request after an answer.'),
    tenants: z
      .array(tenant)
      .min(1)
      .max(limits.tenants)
      .optional()
      .describe('Who makes the requests; nobody in particular when left out.'),
    inputs: z
      .number()
      .int()
      .min(1)
      .max(limits.inputs)
      .optional()
      .describe('How many different inputs the requests carry; all samples of the model when left out.'),
    timeout: positive.prefault('2s').describe('When to give up on an answer.'),
    deadline: positive
      .optional()
      .describe('What callers tell that they give each request, as x-squall-deadline-ms; they tell nothing when left out.'),
    goodWithin: positive.optional().describe('An answer counts as goodput within this; the time-out when left out.'),
  })
  .superRefine((load, context) => {
    const given = shapes.filter((shape) => load[shape] !== undefined);
    if (given.length !== 1) {
      const was = given.length === 0 ? 'none of them' : given.join(' and ');
      context.addIssue(`expected one of rate, stages, trace (open loop) or connections (closed loop), got ${was}`);
    }
    for (const setting of ['arrivals', 'bursts'] as const) {
      const idleWith = (['trace', 'connections'] as const).find((shape) => given.length === 1 && load[shape] !== undefined);
      if (load[setting] === undefined || idleWith === undefined) continue;
      context.addIssue({ code: 'custom', path: [setting], message: dependants[setting][idleWith] });
    }
    for (const door of ['http', 'graphql'] as const) {
      if (load[door] === undefined || load.door === door) continue;
      context.addIssue({
        code: 'custom',
        path: [door],
        message: `has no effect with door: ${load.door}; expected door: ${door}`,
      });
    }
    if (load.goodWithin !== undefined && load.goodWithin > load.timeout) {
      context.addIssue({ code: 'custom', path: ['goodWithin'], message: `is longer than timeout, ${load.timeout}ms` });
    }
  });

export type ParsedLoad = z.output<typeof loadBlock>;
export type ParsedBurst = NonNullable<ParsedLoad['bursts']>[number];
export type ParsedTrace = NonNullable<ParsedLoad['trace']>;
