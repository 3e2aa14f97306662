import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { applyPatch, type DesignPatch } from '../../../harness/serving/design/patch.ts';
import { createGateway } from '../../../harness/serving/gateway.ts';
import type { ModelRuntime } from '../../../mocks/models/runtime.ts';
import {
  answersAfter,
  ask,
  type Behaviour,
  blackhole,
  createFakeLinks,
  fails,
  inTurn,
  linkId,
  refuses,
} from '../../support/fake-links.ts';
import { rowLabelled, stubModels } from '../../support/model.ts';
import { openDesign } from '../../support/open-design.ts';

/** Behaviours that a link, or an endpoint beside it, can have. Named, so that a counterexample can be read. */
const BEHAVIOURS: Readonly<Record<string, () => Behaviour>> = {
  quick: () => answersAfter(30),
  slow: () => answersAfter(260),
  'very slow': () => answersAfter(3000),
  refuses: () => refuses,
  blackhole: () => blackhole,
  'fails 503': () => fails(503),
  throttles: () => fails(429),
  'refuses the credential': () => fails(403),
  'no JSON': () => async () => new Response('<html>', { status: 200 }),
  flaps: () => inTurn(answersAfter(30), refuses, fails(500), answersAfter(30), blackhole, answersAfter(400)),
};
const behaviour = fc.constantFrom(...Object.keys(BEHAVIOURS));

const REGIONS = [
  ['aws', 'us-east-1'],
  ['azure', 'westeurope'],
  ['aws', 'eu-west-1'],
] as const;

const off = <Value>(value: Value) => fc.constantFrom<false | Value>(false, value);
const patches: fc.Arbitrary<DesignPatch> = fc.record({
  routing: fc.record({
    policy: fc.constantFrom('priority' as const, 'latency' as const, 'cost' as const),
    failover: fc.boolean(),
  }),
  healthChecks: off({ intervalMs: 200, timeoutMs: 100, unhealthyThreshold: 2, healthyThreshold: 1 }),
  circuitBreaker: off({ consecutiveFailures: 2, halfOpenAfterMs: 300 }),
  retry: off({ maxRetries: 3, budgetRatio: 0.5, budgetMinPerS: 5, initialBackoffMs: 10, maxBackoffMs: 100 }),
  hedging: off({ afterMs: 80 }),
  attemptTimeoutMs: off(250),
  credentialRefresh: off({ minIntervalMs: 100 }),
  costGuard: off({ maxUsdPer1k: 0.0005, refreshMs: 300 }),
  degrade: off({ ladder: ['fallback-model' as const, 'cached-prediction' as const], cacheEntries: 3 }),
});

const scenario = fc.record({
  patch: patches,
  deadlineMs: fc.integer({ min: 20, max: 700 }),
  /** Milliseconds; shortens some. */
  callerMs: fc.option(fc.integer({ min: 1, max: 900 })),
  links: fc.tuple(behaviour, behaviour, behaviour),
  beside: fc.record({ 'aws/secret': behaviour, 'azure/secret': behaviour, 'azure/token': behaviour, 'aws/price': behaviour }),
  doesModelHang: fc.boolean(),
  gapsMs: fc.array(fc.integer({ min: 0, max: 120 }), { minLength: 1, maxLength: 12 }),
});

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.unstubAllGlobals();
  vi.useRealTimers();
});

describe('whatever fails, and whatever the design', () => {
  it('no answer comes after the deadline, each is marked as what it is, and stop leaves no timer', async () => {
    await fc.assert(
      fc.asyncProperty(scenario, async ({ patch, deadlineMs, callerMs, links, beside, doesModelHang, gapsMs }) => {
        const fake = createFakeLinks(...REGIONS);
        vi.stubGlobal('fetch', fake.fetch);
        const models: ModelRuntime = doesModelHang ? { predict: () => new Promise(() => undefined) } : stubModels;
        const design = { ...applyPatch(openDesign, patch), deadlineMs };
        let events = 0;
        const gateway = createGateway(fake.config(design), {
          models,
          onEvent: () => {
            events += 1;
          },
        });
        for (const [at, [provider, region]] of REGIONS.entries()) fake.set(linkId(provider, region), BEHAVIOURS[links[at]!]!());
        for (const [part, name] of Object.entries(beside)) fake.set(part, BEHAVIOURS[name]!());
        const started = gateway.start();
        await vi.advanceTimersByTimeAsync(2500);
        await started;

        const limitMs = Math.min(deadlineMs, callerMs ?? deadlineMs);
        const headers = callerMs === null ? {} : { 'x-squall-deadline-ms': `${callerMs}` };
        const asked = gapsMs.map(async (gapMs, at) => {
          const waitMs = gapsMs.slice(0, at).reduce((sum, ms) => sum + ms, gapMs);
          await new Promise((resolve) => setTimeout(resolve, waitMs));
          return ask(gateway, [rowLabelled(at % 10)], { headers });
        });
        await vi.advanceTimersByTimeAsync(3000);
        for (const [at, seen] of (await Promise.all(asked)).entries()) {
          expect(seen.elapsedMs).toBeLessThanOrEqual(limitMs);
          expect([200, 503, 504]).toContain(seen.status);
          expect(seen.servedBy === null).toBe(seen.status !== 200);
          expect(seen.degraded === null).toBe(!seen.servedBy?.startsWith('local/'));
          if (seen.status === 200) {
            expect((seen.body as { outputs: { data: number[] }[] }).outputs[0]!.data).toEqual([at % 10]);
          }
        }
        expect(events).toBeLessThan(40);
        gateway.stop();
        await vi.advanceTimersByTimeAsync(0);
        expect(vi.getTimerCount()).toBe(0);
      }),
      { numRuns: 150 },
    );
  }, 60_000);
});
