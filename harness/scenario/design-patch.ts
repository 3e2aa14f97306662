import { z } from 'zod';
import type { DegradeRung } from '../serving/config.ts';
import type { DesignPatch } from '../serving/designs.ts';
import { shown } from './explain.ts';
import { duration, rate, share } from './units.ts';

/** In files a unit stands in the value, `after: 150ms`; in `Design` it stands in the name, `afterMs: 150`. */
const renamed =
  (names: Readonly<Record<string, string>>) =>
  (settings: Readonly<Record<string, unknown>>): Record<string, unknown> =>
    Object.fromEntries(Object.entries(settings).map(([key, value]) => [names[key] ?? key, value]));

const count = z.number().int().min(1).max(10_000);
const positive = duration.refine((ms) => ms > 0, 'expected more than 0s');

/** A policy that can be switched off. */
const policy = <Shape extends z.ZodRawShape>(shape: Shape, names: Readonly<Record<string, string>> = {}) =>
  z.union([z.literal(false), z.strictObject(shape).transform(renamed(names))], {
    error: ({ input }) => `expected false, or a mapping with any of ${Object.keys(shape).join(', ')}, got ${shown(input)}`,
  });

/** A limit that can be switched off. */
const limit = () =>
  z.union([z.literal(false), positive], {
    error: ({ input }) => `expected false, or a duration with its unit, such as 800ms, got ${shown(input)}`,
  });

const rungs = ['fallback-model', 'cached-prediction', 'rules'] as const satisfies readonly DegradeRung[];

/** What a scenario file may say of a design: only what differs. */
export const designPatch = z
  .strictObject({
    routing: z.strictObject({
      policy: z.enum(['priority', 'latency', 'cost']).optional().describe('What orders the links.'),
      failover: z.boolean().optional().describe('False sends every attempt to the first link, come what may.'),
    }),
    healthChecks: policy(
      {
        interval: positive.optional(),
        timeout: positive.optional(),
        unhealthyThreshold: count.optional(),
        healthyThreshold: count.optional(),
      },
      { interval: 'intervalMs', timeout: 'timeoutMs' },
    ),
    circuitBreaker: policy(
      { consecutiveFailures: count.optional(), halfOpenAfter: positive.optional() },
      { halfOpenAfter: 'halfOpenAfterMs' },
    ),
    retry: policy(
      {
        maxRetries: z.number().int().min(0).max(10).optional(),
        budgetRatio: share.optional(),
        budgetMin: rate.optional(),
        initialBackoff: duration.optional(),
        maxBackoff: duration.optional(),
      },
      { budgetMin: 'budgetMinPerS', initialBackoff: 'initialBackoffMs', maxBackoff: 'maxBackoffMs' },
    ),
    hedging: policy({ after: positive.optional() }, { after: 'afterMs' }),
    attemptTimeout: limit(),
    deadline: limit(),
    credentialRefresh: policy({ minInterval: duration.optional() }, { minInterval: 'minIntervalMs' }),
    costGuard: policy({ maxUsdPer1k: z.number().positive().optional(), refresh: positive.optional() }, { refresh: 'refreshMs' }),
    degrade: policy({ ladder: z.array(z.enum(rungs)).min(1).max(rungs.length).optional(), cacheEntries: count.optional() }),
  })
  .partial()
  .transform((patch) => renamed({ attemptTimeout: 'attemptTimeoutMs', deadline: 'deadlineMs' })(patch) as DesignPatch);
