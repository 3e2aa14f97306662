import { existsSync } from 'node:fs';
import { expect, it } from 'vitest';
import { liveWorld } from '../../../../harness/world/live/live-world.ts';
import { childrenOf } from '../../../support/children.ts';
import { shortPlan } from '../../../support/live-plan.ts';
import { faultWith } from '../../../support/wire.ts';

const LIMIT_MS = 60_000;

/** Closes the connections that are open, so that new ones are needed. */
const restart = faultWith({
  name: 'restart',
  kind: 'region-outage',
  targets: ['aws/us-east-1/*'],
  atMs: 1_000,
  forMs: 100,
  settings: { mode: 'reset' },
});

/** Of all three providers: of two, connections are open and kept. */
const noNames = faultWith({
  name: 'no-names',
  kind: 'dns-failure',
  targets: ['*'],
  atMs: 1_000,
  forMs: 1_000,
  settings: { mode: 'not-found' },
});

it.skipIf(!existsSync('/proc/self/stat'))(
  'a live stack whose names fail keeps its open connections, can make no new ones, and can again afterwards',
  async () => {
    const record = await liveWorld.run(shortPlan({ durationMs: 4_000, faults: [restart, noNames] }), {});
    expect(record.end).toEqual({ type: 'completed' });
    const measured = record.requests.filter(({ dueMs }) => dueMs >= 0);
    const servedBy = (fromMs: number, toMs: number, provider: string) =>
      measured.filter(({ dueMs, servedBy: by }) => dueMs >= fromMs && dueMs < toMs && by.startsWith(`${provider}/`)).length;
    expect(servedBy(0, 950, 'aws')).toBeGreaterThan(30);
    expect(servedBy(1_200, 1_900, 'aws')).toBe(0);
    expect(servedBy(1_200, 1_900, 'google')).toBeGreaterThan(0);
    expect(servedBy(3_000, 4_000, 'aws')).toBeGreaterThan(30);
    expect(childrenOf().filter(({ commandLine }) => /(emulator|gateway)/.test(commandLine))).toEqual([]);
  },
  LIMIT_MS,
);
