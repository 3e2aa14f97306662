import { describe, expect, it } from 'vitest';
import { type DetectorScore, evaluateDetector, TRACE_OPTIONS } from '../../../harness/audit/evaluate-detector.ts';
import { labelledTrace, type TheftKind } from '../../../harness/audit/labelled-trace.ts';
import { createDetector, type Sighting } from '../../../harness/serving/audit/detector.ts';

/** None of those that the thresholds were chosen by: these were 1 to 5. */
const SEEDS = [11, 12, 13, 14, 15];

const scores = SEEDS.map((seed) => evaluateDetector(labelledTrace(seed)));
const sumOf = (numbers: readonly number[]) => numbers.reduce((sum, number) => sum + number, 0);
const foundOf = (all: readonly DetectorScore[], kinds: readonly TheftKind[]) => {
  const pairs = kinds.flatMap((kind) => all.map(({ found }) => found[kind]));
  return sumOf(pairs.map(([found]) => found)) / sumOf(pairs.map(([, count]) => count));
};

describe('the detector on labelled traces', () => {
  it('is right nine times of ten when it says something', () => {
    expect(sumOf(scores.map(({ trueAlerts }) => trueAlerts)) / sumOf(scores.map(({ alerts }) => alerts))).toBeGreaterThanOrEqual(
      0.9,
    );
    for (const { trueAlerts, alerts } of scores) expect(trueAlerts / alerts).toBeGreaterThanOrEqual(0.8);
  });

  it('finds nine thefts of ten of the kinds that it is made for', () => {
    const kinds = ['bulk', 'odd-hours', 'elsewhere', 'new-dataset'] as const;
    expect(foundOf(scores, kinds)).toBeGreaterThanOrEqual(0.95);
    for (const kind of kinds) expect(foundOf(scores, [kind]), kind).toBeGreaterThanOrEqual(0.85);
    for (const score of scores) expect(foundOf([score], [...kinds, 'slow'])).toBeGreaterThanOrEqual(0.85);
    expect(foundOf(scores, [...kinds, 'slow'])).toBeGreaterThanOrEqual(0.9);
  });

  it('misses who takes no more than a caller might, as its page says', () => {
    expect(foundOf(scores, ['mimic'])).toBeLessThan(0.2);
  });

  it('says it within the window, but for what is slow', () => {
    const delays = scores.flatMap(({ delaysMs }) => delaysMs).toSorted((a, b) => a - b);
    expect(delays[Math.floor(delays.length / 2)]).toBeLessThanOrEqual(TRACE_OPTIONS.windowMs);
  });

  it('has a trace that is the same for the same seed, and another for another', () => {
    const firsts = [3, 3, 4].map((seed) => JSON.stringify(labelledTrace(seed).thefts));
    expect(firsts[0]).toBe(firsts[1]);
    expect(firsts[0]).not.toBe(firsts[2]);
  });
});

describe('the detector', () => {
  const sighting = (atMs: number, more: Partial<Sighting> = {}): Sighting => ({
    caller: 'clinic',
    atMs,
    dataset: 'patients',
    rows: 10,
    region: 'eu-west',
    isRefused: false,
    ...more,
  });
  const detector = () => createDetector({ ...TRACE_OPTIONS, windowMs: 1000, cooldownMs: 5000, hourOf: () => 0, dayOf: () => 0 });

  it('says that somebody tries doors', () => {
    const detect = detector();
    const alerts = Array.from({ length: 8 }, (_, at) => detect(sighting(at, { isRefused: true, rows: 0 }))).flat();
    expect(alerts).toMatchObject([{ kind: 'caller', caller: 'clinic' }]);
  });

  it('does not learn from a theft what is usual', () => {
    const detect = detector();
    let nowMs = 0;
    const read = (rows: number) => {
      nowMs += 100;
      return detect(sighting(nowMs, { rows }));
    };
    for (let calm = 0; calm < 600; calm += 1) expect(read(10)).toEqual([]);
    const spells = Array.from({ length: 3 }, () => {
      const alerts = Array.from({ length: 10 }, () => read(1000)).flat();
      for (let calm = 0; calm < 100; calm += 1) read(10);
      return alerts.filter(({ kind }) => kind === 'volume').length;
    });
    expect(spells).toEqual([1, 1, 1]);
  });

  it('forgets callers that were made up, and keeps what it knows of each in bounds', () => {
    const detect = detector();
    for (let at = 0; at < 12_000; at += 1) detect(sighting(at, { caller: `c-${at}` }));
    for (let at = 0; at < 100; at += 1) detect(sighting(20_000 + at, { region: `r-${at}`, dataset: `d-${at}` }));
    // Beyond the bound a place stays new: it is told of again once nothing has been said for a while.
    expect(detect(sighting(40_000, { region: 'r-99' })).map(({ kind }) => kind)).toContain('place');
  });
});
