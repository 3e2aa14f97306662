import { existsSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { judge } from '../../../../harness/verdict/judge.ts';
import { liveWorld } from '../../../../harness/world/live/live-world.ts';
import { shortPlan } from '../../../support/live-plan.ts';
import { faultWith } from '../../../support/wire.ts';

const RUN_TIMEOUT_MS = 60_000;

const OUTAGE = faultWith({
  name: 'region-outage',
  kind: 'region-outage',
  targets: ['aws/us-east-1'],
  atMs: 1_000,
  forMs: 1_000,
  settings: { mode: 'http-5xx', status: 503 },
});

describe.skipIf(!existsSync('/proc/self/stat'))('a live run of a scenario with recorded curves', () => {
  it(
    'keeps the calls of the regions, and lays them over what was recorded',
    async () => {
      const plan = shortPlan({ faults: [OUTAGE] });
      const point = (atMs: number, errorRate: number) => ({ atMs, errorRate, p50Ms: 10, p99Ms: null, price: null });
      const recorded = {
        source: 'x',
        stepMs: 1_000,
        curves: [{ target: 'aws/us-east-1', points: [point(0, 0), point(1_000, 1)] }],
      };
      const judged = { ...plan, scenario: { ...plan.scenario, recorded } };
      const record = await liveWorld.run(judged, {});
      expect(record.end).toEqual({ type: 'completed' });
      expect(new Set(record.calls!.map(({ linkId }) => linkId.split('/')[2]))).toEqual(
        new Set(['sagemaker-runtime', 'aiplatform', 'ml-online-endpoint']),
      );
      const [before, during] = judge(judged, record).curves![0]!.points;
      expect(before!.calls).toBeGreaterThan(40);
      expect(before!.reproduced.errorRate).toBeLessThan(0.1);
      expect(before!.reproduced.p50Ms).toBeGreaterThan(2);
      // What leaves just before the outage may meet it, and the other way round.
      expect(during!.reproduced.errorRate).toBeGreaterThan(0.8);
    },
    RUN_TIMEOUT_MS,
  );

  it(
    'keeps none where nothing was recorded',
    async () => {
      expect(await liveWorld.run(shortPlan({ durationMs: 200 }), {})).not.toHaveProperty('calls');
    },
    RUN_TIMEOUT_MS,
  );
});
