import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { applyPatch } from '../../../harness/serving/design/patch.ts';
import { referenceDesign } from '../../../harness/serving/design/reference.ts';
import { Cancelled, LinkError } from '../../../harness/serving/errors.ts';
import { createRollout } from '../../../harness/serving/rollout.ts';
import type { Prediction } from '../../../mocks/models/runtime.ts';

const SAMPLES = Array.from({ length: 40 }, (_, label) => ({ row: [label], label: label % 10 }));

const predicting =
  (labelOf: (label: number) => number, takesMs = 20) =>
  async (rows: readonly (readonly number[])[]) => {
    await new Promise((resolve) => setTimeout(resolve, takesMs));
    return rows.map(([pixel]): Prediction => ({ label: labelOf(pixel! % 10), probabilities: [] }));
  };

const right = predicting((label) => label);

/** A release that begins at once, and what it has told. */
const release = (patch: object = {}, samples = SAMPLES) => {
  const events: string[] = [];
  const stopping = new AbortController();
  const note = (_: string, text: string) => void events.push(text);
  const design = applyPatch(referenceDesign, { rollout: { startAfterMs: 0, stepMs: 1000, ...patch } });
  const announce = { note, trouble: note, well: note, spell: note };
  return { events, stopping, rollout: createRollout(design.rollout, samples, announce, stopping.signal) };
};

/** The share of 2,000 attempts that are for the new version. */
const shareOf = ({ rollout }: ReturnType<typeof release>): number =>
  Array.from({ length: 2000 }, () => rollout.takesCandidate()).filter(Boolean).length / 2000;

let stop: AbortController | undefined;
const begun = (one: ReturnType<typeof release>, probe: Parameters<typeof one.rollout.start>[0] = right) => {
  stop = one.stopping;
  one.rollout.start(probe);
  return one;
};

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(async () => {
  stop?.abort(new Cancelled('stopped'));
  await vi.advanceTimersByTimeAsync(10_000);
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('a canary release', () => {
  it('doubles the share of a good version, to all of it', async () => {
    const one = begun(release({ share: 0.25 }));
    const shares: number[] = [];
    for (let step = 0; step < 4; step += 1) {
      await vi.advanceTimersByTimeAsync(step === 0 ? 10 : 1000);
      shares.push(shareOf(one));
    }
    expect(shares[0]).toBeCloseTo(0.25, 1);
    expect(shares[1]).toBeCloseTo(0.5, 1);
    expect(shares.slice(2)).toEqual([1, 1]);
  });

  it('waits for its time', async () => {
    const one = begun(release({ startAfterMs: 5000 }));
    await vi.advanceTimersByTimeAsync(4990);
    expect(shareOf(one)).toBe(0);
    await vi.advanceTimersByTimeAsync(20);
    expect(shareOf(one)).toBeGreaterThan(0);
  });

  it('is taken back for good when too many of its attempts fail, and not for what says nothing of it', async () => {
    const one = begun(release({ minAttempts: 4 }));
    await vi.advanceTimersByTimeAsync(10);
    for (const error of [new Cancelled('caller-gone'), new LinkError('credential', 'no'), new LinkError('overloaded', 'no')]) {
      for (let at = 0; at < 10; at += 1) one.rollout.record(true, 20, error);
    }
    expect(shareOf(one)).toBeGreaterThan(0);
    for (let at = 0; at < 4; at += 1) one.rollout.record(true, 20, new LinkError('unavailable', 'model error'));
    expect(shareOf(one)).toBe(0);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(shareOf(one)).toBe(0);
    expect(one.events.at(-1)).toMatch(/^version 2 taken back: 100 % of its attempts failed/);
  });

  it('is taken back when it takes more than twice as long as the version that serves', async () => {
    const one = begun(release({ minAttempts: 4 }));
    await vi.advanceTimersByTimeAsync(10);
    for (let at = 0; at < 50; at += 1) one.rollout.record(false, 20, null);
    for (let at = 0; at < 20; at += 1) one.rollout.record(true, 60, null);
    await vi.advanceTimersByTimeAsync(1000);
    expect(shareOf(one)).toBe(0);
    expect(one.events.at(-1)).toMatch(/^version 2 taken back: it takes \d+ ms where the other takes 20 ms/);
  });

  it('is taken back when labelled samples come out wrong, whatever else is well', async () => {
    const one = begun(
      release(),
      predicting((label) => (label < 7 ? (label + 1) % 10 : label)),
    );
    await vi.advanceTimersByTimeAsync(1500);
    expect(shareOf(one)).toBe(0);
    expect(one.events.at(-1)).toMatch(/of labelled samples right, 85 % are asked for$/);
  });

  it('goes on with a bad version where nothing takes it back', async () => {
    const one = begun(
      release({ rollback: false }),
      predicting(() => 0),
    );
    for (let at = 0; at < 50; at += 1) one.rollout.record(true, 20, new LinkError('unavailable', 'model error'));
    await vi.advanceTimersByTimeAsync(10_000);
    expect(shareOf(one)).toBe(1);
  });
});

describe('a blue-green release', () => {
  it('gives nothing to a version that is being tried, and then all', async () => {
    const one = begun(release({ strategy: 'blue-green' }));
    await vi.advanceTimersByTimeAsync(900);
    expect(shareOf(one)).toBe(0);
    await vi.advanceTimersByTimeAsync(200);
    expect(shareOf(one)).toBe(1);
  });

  it('never gives anything to one whose trials fail', async () => {
    const one = begun(release({ strategy: 'blue-green', minAttempts: 2 }), async () => {
      throw new LinkError('unavailable', 'model error');
    });
    let most = 0;
    for (let at = 0; at < 40; at += 1) {
      await vi.advanceTimersByTimeAsync(100);
      most = Math.max(most, shareOf(one));
    }
    expect(most).toBe(0);
  });
});
