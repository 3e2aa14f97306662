import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createAnnounce } from '../../../harness/serving/announce.ts';
import { createCachedPrediction } from '../../../harness/serving/degrade/cached-prediction.ts';
import { findHoles } from '../../../harness/serving/degrade/holes.ts';
import { createLadder } from '../../../harness/serving/degrade/ladder.ts';
import { createRules } from '../../../harness/serving/degrade/rules.ts';
import { Cancelled } from '../../../harness/serving/errors.ts';
import samples from '../../../mocks/models/digits-samples.json' with { type: 'json' };
import type { ModelRuntime, Prediction } from '../../../mocks/models/runtime.ts';
import { rowLabelled, stubModels } from '../../support/model.ts';

const CACHE = { cacheEntries: 10, cacheMaxAgeMs: 1000, cachePerTenant: true };

const open = new AbortController().signal;
const labelled = (label: number): Prediction => ({ label, probabilities: [] });

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('the degrade ladder', () => {
  const ladderWith = (models: ModelRuntime, ladder: Parameters<typeof createLadder>[0] = undefined as never) =>
    createLadder(ladder ?? { ...CACHE, ladder: ['fallback-model', 'rules'] }, models, createAnnounce(undefined));

  it('answers by the first rung that can', async () => {
    expect(await ladderWith(stubModels).answer([rowLabelled(4)], '', 100, open)).toMatchObject({
      rung: 'fallback-model',
      predictions: [{ label: 4 }],
    });
  });

  it('asks the small model, not the one that is served', async () => {
    const predict = vi.fn(stubModels.predict);
    await ladderWith({ predict }).answer([rowLabelled(4)], '', 100, open);
    expect(predict.mock.calls[0]?.[0]).toBe('digits-small');
  });

  it('goes on to the next rung when one fails', async () => {
    const broken: ModelRuntime = { predict: () => Promise.reject(new Error('out of memory')) };
    expect(await ladderWith(broken).answer([rowLabelled(4)], '', 100, open)).toMatchObject({ rung: 'rules' });
  });

  it('goes on to the next rung when one hangs, while there is time', async () => {
    const hanging: ModelRuntime = { predict: () => new Promise(() => undefined) };
    const answer = ladderWith(hanging).answer([rowLabelled(4)], '', 100, open);
    await vi.advanceTimersByTimeAsync(50);
    expect(await answer).toMatchObject({ rung: 'rules' });
  });

  it('has no answer when no rung has', async () => {
    const ladder = ladderWith(stubModels, { ...CACHE, ladder: ['cached-prediction'] });
    expect(await ladder.answer([rowLabelled(4)], '', 100, open)).toBeNull();
    expect(await createLadder(false, stubModels, createAnnounce(undefined)).answer([rowLabelled(4)], '', 100, open)).toBeNull();
  });

  it('ends with the request', async () => {
    const hanging: ModelRuntime = { predict: () => new Promise(() => undefined) };
    const request = new AbortController();
    const answer = ladderWith(hanging).answer([rowLabelled(4)], '', Number.POSITIVE_INFINITY, request.signal);
    request.abort(new Cancelled('caller-gone'));
    await expect(answer).rejects.toEqual(new Cancelled('caller-gone'));
  });
});

describe('cached predictions', () => {
  const cacheOf = (entries: number, isPerTenant = true) => createCachedPrediction({ entries, isPerTenant, maxAgeMs: 1000 });
  const row = fc.array(fc.integer({ min: 0, max: 3 }), { minLength: 3, maxLength: 3 });

  it('answer only for exactly the same input, with what was last learnt, whatever is asked when', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.record({ rows: fc.array(row, { minLength: 1, maxLength: 3 }), isLearnt: fc.boolean() }), { maxLength: 60 }),
        fc.integer({ min: 1, max: 20 }),
        async (steps, maxEntries) => {
          const cache = cacheOf(maxEntries);
          const truth = new Map<string, number>();
          let label = 0;
          for (const { rows, isLearnt } of steps) {
            if (isLearnt) {
              const predictions = rows.map((learnt) => {
                label += 1;
                truth.set(JSON.stringify(learnt), label);
                return labelled(label);
              });
              cache.learn!(rows, predictions, '');
            } else {
              const found = await cache.answer(rows, '');
              if (found)
                expect(found.map((prediction) => prediction.label)).toEqual(rows.map((r) => truth.get(JSON.stringify(r))));
            }
          }
        },
      ),
    );
  });

  it('tell inputs apart that print alike when joined', async () => {
    const cache = cacheOf(10);
    cache.learn!([[1, 23]], [labelled(1)], '');
    expect(await cache.answer([[12, 3]], '')).toBeNull();
    expect(await cache.answer([[1, 2, 3]], '')).toBeNull();
    expect(await cache.answer([[1.0000000000000002, 23]], '')).toBeNull();
    expect(await cache.answer([[1, 23]], '')).toEqual([labelled(1)]);
  });

  it('forget the least recently used beyond their limit', async () => {
    const cache = cacheOf(2);
    cache.learn!([[1], [2]], [labelled(1), labelled(2)], '');
    await cache.answer([[1]], '');
    cache.learn!([[3]], [labelled(3)], '');
    expect(await cache.answer([[2]], '')).toBeNull();
    expect(await cache.answer([[1], [3]], '')).toEqual([labelled(1), labelled(3)]);
  });
});

describe('cached predictions of tenants', () => {
  const cacheOf = (isPerTenant: boolean) => createCachedPrediction({ entries: 10, isPerTenant, maxAgeMs: 1000 });

  it('answer nobody but the tenant whose they are, whatever names and inputs are', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.stringMatching(/^[\w.-]{0,8}$/),
        fc.stringMatching(/^[\w.-]{0,8}$/),
        fc.array(fc.integer({ min: 0, max: 200 }), { minLength: 1, maxLength: 4 }),
        async (mine, others, input) => {
          const cache = cacheOf(true);
          cache.learn!([input], [labelled(1)], mine);
          expect(await cache.answer([input], mine)).toEqual([labelled(1)]);
          if (others !== mine) expect(await cache.answer([input], others)).toBeNull();
        },
      ),
    );
  });

  it('answer everybody where tenants are not kept apart', async () => {
    const cache = cacheOf(false);
    cache.learn!([[1]], [labelled(1)], 'mine');
    expect(await cache.answer([[1]], 'others')).toEqual([labelled(1)]);
  });

  it('are no answer any more when they are too old', async () => {
    const cache = cacheOf(true);
    cache.learn!([[1]], [labelled(1)], '');
    vi.advanceTimersByTime(1000);
    expect(await cache.answer([[1]], '')).toEqual([labelled(1)]);
    vi.advanceTimersByTime(1);
    expect(await cache.answer([[1]], '')).toBeNull();
    cache.learn!([[1]], [labelled(2)], '');
    expect(await cache.answer([[1]], '')).toEqual([labelled(2)]);
  });
});

describe('rules', () => {
  it('find the loops of a digit', () => {
    const picture = (text: string) => [...text.replace(/\s/g, '')].map((cell) => cell === '#');
    const eight = picture(`........ ..###... ..#.#... ..###... ..#.#... ..#.#... ..###... ........`);
    expect(findHoles(eight)).toEqual([
      { area: 1, middleRow: 2 },
      { area: 2, middleRow: 4.5 },
    ]);
    // A gap in the ring, if only at a corner's side, lets the background in; a diagonal does not.
    expect(findHoles(picture(`........ ..#.#... ..#.#... ..###... ........ ........ ........ ........`))).toEqual([]);
    expect(findHoles(picture(`###..... #.#..... ###..... ........ ........ ........ ........ ........`))).toHaveLength(1);
    expect(findHoles(picture(`.#...... #.#..... .#...... ........ ........ ........ ........ ........`))).toHaveLength(1);
  });

  it('are right for more than six of ten held-out images, and better than chance for each digit', async () => {
    const predictions = (await createRules().answer(
      samples.samples.map(({ pixels }) => pixels),
      '',
    ))!;
    const right = samples.samples.map(({ label }, at) => predictions[at]!.label === label);
    expect(right.filter(Boolean).length / right.length).toBeGreaterThan(0.65);
    for (let digit = 0; digit < 10; digit += 1) {
      const ofDigit = right.filter((_, at) => samples.samples[at]!.label === digit);
      expect(ofDigit.filter(Boolean).length / ofDigit.length).toBeGreaterThan(0.3);
    }
  });

  it('give probabilities that sum to 1, for any image', async () => {
    await fc.assert(
      fc.asyncProperty(
        fc.array(fc.double({ min: -1e6, max: 1e6, noNaN: true }), { minLength: 64, maxLength: 64 }),
        async (row) => {
          const [prediction] = (await createRules().answer([row], ''))!;
          expect(prediction!.probabilities.reduce((sum, p) => sum + p, 0)).toBeCloseTo(1);
          expect(prediction!.probabilities[prediction!.label]).toBe(Math.max(...prediction!.probabilities));
        },
      ),
    );
  });
});
