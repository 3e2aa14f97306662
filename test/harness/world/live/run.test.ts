import { existsSync } from 'node:fs';
import { createServer } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { LOAD_LEAD_MS, startLoad } from '../../../../harness/load/start-load.ts';
import { referenceSut, startReference } from '../../../../harness/sut/reference.ts';
import { startEmulator } from '../../../../harness/world/live/emulator-process.ts';
import { createLiveWorld, liveWorld } from '../../../../harness/world/live/live-world.ts';
import type { RunHooks, RunPlan } from '../../../../harness/world/world.ts';
import { childrenOf } from '../../../support/children.ts';
import { shortPlan } from '../../../support/live-plan.ts';
import { faultWith } from '../../../support/wire.ts';

const RUN_TIMEOUT_MS = 60_000;
const hasProc = existsSync('/proc/self/stat');

const OUTAGE = faultWith({
  name: 'region-outage',
  kind: 'region-outage',
  targets: ['aws/us-east-1/*'],
  atMs: 1_000,
  forMs: 500,
  settings: { mode: 'refuse' },
});

/** Runs a plan and calls `act` once, when the timeline has come to `atMs`. */
const runAndAct = (plan: RunPlan, atMs: number, act: () => void, hooks: RunHooks = {}) => {
  let isDone = false;
  return liveWorld.run(plan, {
    ...hooks,
    onRecords(_records, nowMs) {
      if (isDone || nowMs < atMs) return;
      isDone = true;
      act();
    },
  });
};

const kill = (entry: string) => {
  const child = childrenOf().find(({ commandLine }) => commandLine.includes(entry));
  process.kill(child!.pid, 'SIGKILL');
};

afterEach(() => {
  if (hasProc) expect(childrenOf().filter(({ commandLine }) => /(emulator|gateway)/.test(commandLine))).toEqual([]);
});

describe.skipIf(!hasProc)('a live run', () => {
  it(
    'sends the load through the gateway, breaks a region on time, and reads the meters',
    async () => {
      const seen: number[] = [];
      const record = await liveWorld.run(shortPlan({ faults: [OUTAGE] }), {
        onRecords: (records) => void seen.push(records.length),
      });

      expect(record.end).toEqual({ type: 'completed' });
      const measured = record.requests.filter(({ dueMs }) => dueMs >= 0);
      expect(measured).toHaveLength(100);
      expect(record.requests.length - measured.length).toBe(25);
      expect(seen.reduce((sum, count) => sum + count, 0)).toBe(125);
      expect(measured.filter(({ outcome }) => outcome === 'ok').length).toBeGreaterThan(75);
      const servedIn = (fromMs: number, toMs: number, by: string) =>
        measured.filter(({ dueMs, servedBy }) => dueMs >= fromMs && dueMs < toMs && servedBy.startsWith(by)).length;
      expect(servedIn(0, 1_000, 'aws/')).toBeGreaterThan(20);
      // What was sent just before the outage may still be answered; nothing that was sent in its middle is.
      expect(servedIn(1_100, 1_400, 'aws/')).toBe(0);
      expect(servedIn(1_100, 1_400, '')).toBe(15);

      const edges = record.events.filter(({ text }) => text.startsWith('fault '));
      expect(edges.map(({ text }) => text)).toEqual([
        'fault region-outage started on aws/us-east-1/*: 1 link',
        'fault region-outage ended',
      ]);
      expect(edges[0]!.atMs).toBeGreaterThanOrEqual(999);
      expect(record.usage).toHaveLength(4);
      expect(record.usage.at(-1)!.atMs).toBe(2_000);
      const served = (sample: (typeof record.usage)[number]) =>
        sample.rows.reduce((sum, { predictions }) => sum + predictions, 0);
      expect(served(record.usage.at(-1)!) - served(record.usage[0]!)).toBeGreaterThan(75);
      expect(record.usage.at(-1)!.rows.map(({ provider }) => provider)).toEqual(['aws', 'google', 'azure']);
    },
    RUN_TIMEOUT_MS,
  );

  it(
    'cannot be judged when an emulator is killed',
    async () => {
      const record = await runAndAct(shortPlan({ durationMs: 20_000 }), 300, () => kill('emulator-main'));
      expect(record.end).toMatchObject({ type: 'broken', text: 'the aws emulator was ended by SIGKILL' });
      expect('atMs' in record.end && record.end.atMs).toBeLessThan(10_000);
    },
    RUN_TIMEOUT_MS,
  );

  it(
    'ends when the gateway is killed, and says so',
    async () => {
      const record = await runAndAct(shortPlan({ durationMs: 20_000 }), 300, () => kill('gateway-main'));
      expect(record.end).toMatchObject({ type: 'sut-exited', text: 'the gateway was ended by SIGKILL' });
      expect(record.requests.length).toBeGreaterThan(0);
      expect(record.usage.length).toBe(2);
    },
    RUN_TIMEOUT_MS,
  );

  it(
    'ends early when it is interrupted, under way or while it starts',
    async () => {
      const underWay = new AbortController();
      const record = await runAndAct(shortPlan({ durationMs: 20_000 }), 100, () => underWay.abort(), { signal: underWay.signal });
      expect(record.end.type).toBe('interrupted');

      const starting = new AbortController();
      const early = liveWorld.run(shortPlan(), { signal: starting.signal });
      await expect.poll(() => childrenOf().some(({ commandLine }) => commandLine.includes('emulator-main'))).toBe(true);
      starting.abort();
      expect((await early).end).toEqual({ type: 'interrupted', atMs: 0 });
    },
    RUN_TIMEOUT_MS,
  );
});

describe('a live run that cannot start', () => {
  it(
    'names the port that is in use, and the way out',
    async () => {
      const holder = createServer();
      const gatewayPort = await new Promise<number>((resolve) =>
        holder.listen(0, '127.0.0.1', () => resolve((holder.address() as { port: number }).port)),
      );
      await expect(liveWorld.run(shortPlan({ gatewayPort }), {})).rejects.toMatchObject({
        code: 'PORT_IN_USE',
        message: expect.stringContaining(String(gatewayPort)),
        remedy: expect.any(String),
      });
      await new Promise((resolve) => holder.close(resolve));
    },
    RUN_TIMEOUT_MS,
  );

  it(
    'tells what the gateway said, without stack and secret',
    async () => {
      const entry = new URL('./fixtures/failing-gateway.ts', import.meta.url);
      const world = createLiveWorld({
        startEmulator,
        sut: { prepare: async () => ({ ...(await referenceSut.prepare()), start: (options) => startReference(options, entry) }) },
        startLoad,
        loadLeadMs: LOAD_LEAD_MS,
      });
      await expect(world.run(shortPlan(), {})).rejects.toMatchObject({
        code: 'GATEWAY_FAILED',
        message: 'The gateway failed to start: TypeError: no such model; the secret is [secret]',
      });
    },
    RUN_TIMEOUT_MS,
  );

  it('refuses a fault that it cannot carry out before it starts anything', async () => {
    const unknown = faultWith({ kind: 'meteor-strike' });
    await expect(liveWorld.run(shortPlan({ faults: [unknown] }), {})).rejects.toMatchObject({ name: 'SquallError' });
  });
});
