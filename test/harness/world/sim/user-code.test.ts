import { describe, expect, it } from 'vitest';
import { createSimPool } from '../../../../harness/world/sim/pool.ts';
import type { SimResult } from '../../../../harness/world/sim/protocol.ts';
import type { RunPlan } from '../../../../harness/world/world.ts';
import { simPlan } from '../../../support/sim-plan.ts';
import { handler as platform } from './fixtures/platform-handler.ts';

const PATIENCE_MS = 60_000;

const runHandler = async (name: string, plan: RunPlan = simPlan()): Promise<SimResult> => {
  const sut = new URL(`./fixtures/${name}-handler.ts`, import.meta.url).href;
  const pool = createSimPool({ workers: 1, sut });
  try {
    return await pool.run(plan);
  } finally {
    await pool.close();
  }
};

const shareOk = ({ requests }: SimResult, fromMs: number, toMs: number): number => {
  const within = requests.filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs);
  return within.filter(({ outcome }) => outcome === 'ok').length / within.length;
};

describe.each(['cockatiel', 'opossum', 'p-retry'])('a handler with %s', (name) => {
  it(
    'runs unmodified, and gets over an outage of its first region',
    async () => {
      const result = await runHandler(name);
      expect(result.end).toEqual({ type: 'completed' });
      expect(shareOk(result, 0, 2000)).toBe(1);
      expect(shareOk(result, 2000, 4000)).toBeGreaterThan(0.95);
      // The first region is asked in the baseline, and the second answers while it is down.
      const linkAt = (fromMs: number, toMs: number) =>
        new Set(result.observations.calls.filter(({ atMs }) => atMs >= fromMs && atMs < toMs).map(({ linkId }) => linkId));
      expect([...linkAt(0, 2000)]).toEqual(['azure/eastus/ml-online-endpoint']);
      expect([...linkAt(2100, 3900)]).toEqual(['azure/westus/ml-online-endpoint']);
    },
    PATIENCE_MS,
  );

  it(
    'gives the same run again for the same seed',
    async () => {
      expect(JSON.stringify(await runHandler(name))).toBe(JSON.stringify(await runHandler(name)));
    },
    PATIENCE_MS,
  );
});

describe('a handler in virtual time', () => {
  it(
    'waits by every timer of Node without any real time, and draws seeded chance',
    async () => {
      const startedAtMs = performance.now();
      const plan = simPlan({
        duration: '10m',
        load: { rate: '1/s', timeout: '2s' },
        faults: [{ kind: 'region-outage', target: 'azure/eastus', at: '2s', for: '2s' }],
      });
      const result = await runHandler('timers', plan);
      expect(result.end).toEqual({ type: 'completed' });
      expect(shareOk(result, 0, 600_000)).toBe(1);
      expect(performance.now() - startedAtMs).toBeLessThan(60_000);
    },
    PATIENCE_MS * 2,
  );

  it(
    'finds the web platform as it is in Node: aborted signals, bodies of every kind, streams, WebCrypto',
    async () => {
      const result = await runHandler('platform', simPlan({ load: { rate: '5/s', timeout: '2s' } }));
      expect(result.end).toEqual({ type: 'completed' });
      const told = new Set(result.requests.map(({ servedBy }) => servedBy));
      expect([...told]).toEqual(['all as it should be']);
      // As it is in Node: the same handler finds nothing wrong here.
      const answer = await platform(new Request('http://front.test/', { method: 'POST', body: '{"id":"1"}' }));
      expect(answer.headers.get('x-squall-served-by')).toBe('all as it should be');
    },
    PATIENCE_MS,
  );

  it.each(['node:net', 'node:http', 'node:fs/promises', 'node:worker_threads', 'process.exit'])(
    'that leaves it by %s breaks the run, and is named',
    async (way) => {
      process.env.SQUALL_TEST_ESCAPE = way;
      const { end } = await runHandler('escape');
      expect(end).toMatchObject({ type: 'broken', text: expect.stringContaining(`${way} `) });
      expect(end).toMatchObject({ text: expect.stringContaining('outside the simulated world') });
    },
    PATIENCE_MS,
  );

  it(
    'that falls over an error which nobody catches has gone away',
    async () => {
      const { end } = await runHandler('uncaught');
      expect(end).toMatchObject({ type: 'sut-exited', text: expect.stringContaining('nobody catches this') });
    },
    PATIENCE_MS,
  );

  it(
    'that is not there is refused by name',
    async () => {
      await expect(runHandler('missing')).rejects.toMatchObject({
        code: 'BAD_FLAG',
        message: expect.stringContaining('missing'),
      });
    },
    PATIENCE_MS,
  );
});
