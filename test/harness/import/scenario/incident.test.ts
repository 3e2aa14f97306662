import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { createRandom } from '../../../../harness/random.ts';
import { resolveScenario } from '../../../../harness/scenario/resolve.ts';
import { csvOf, HEADER, importText, minutes, refusalOf } from '../../../support/imports.ts';

const faultsOf = (rows: readonly string[], options: Parameters<typeof importText>[2] = {}, header = HEADER) =>
  importText('incident.csv', csvOf(rows, header), options).draft.faults;

/** Of a minute: within [from, to). */
const between = (from: number, to: number) => (minute: number) => minute >= from && minute < to;

describe('an incident as a scenario', () => {
  it('has a fault for each stretch that was put in, where and when it was, and loads as it is', () => {
    const stretch = fc.record({
      gap: fc.integer({ min: 15, max: 40 }),
      length: fc.integer({ min: 3, max: 20 }),
      errorRate: fc.double({ min: 0.1, max: 1, noNaN: true }),
    });
    fc.assert(
      fc.property(fc.array(stretch, { minLength: 1, maxLength: 3 }), fc.constantFrom(1, 10, 60), (stretches, speed) => {
        const windows: { readonly from: number; readonly to: number; readonly errorRate: number }[] = [];
        let minute = 0;
        for (const { gap, length, errorRate } of stretches) {
          windows.push({ from: minute + gap, to: minute + gap + length, errorRate: Number(errorRate.toFixed(4)) });
          minute += gap + length;
        }
        const total = minute + 20;
        fc.pre(total * 60 <= 3600 * speed);
        const rows = minutes('us-east-1', total, (at) => windows.find(({ from, to }) => between(from, to)(at)) ?? {});
        const { draft, yaml } = importText('incident.csv', csvOf(rows), { speed });
        const failing = draft.faults.filter(({ kind }) => kind !== 'latency-spike');
        const perMinute = 60_000 / speed;
        expect(failing.map(({ atMs, forMs, probability = 1 }) => [atMs, forMs, probability >= 0.995 ? 1 : probability])).toEqual(
          windows.map(({ from, to, errorRate }) => [
            from * perMinute,
            (to - from) * perMinute,
            errorRate >= 0.995 ? 1 : errorRate,
          ]),
        );
        expect(resolveScenario(parse(yaml), 'x').problems).toBeUndefined();
      }),
      { numRuns: 25 },
    );
  });

  it.each([1, 2, 3, 4, 5, 6])(
    'finds the same two faults in noise, uneven traffic and the drift of a day, and nothing else (%d)',
    (seed) => {
      const random = createRandom(seed, 'noise');
      const normal = () => Math.sqrt(-2 * Math.log(1 - random())) * Math.cos(2 * Math.PI * random());
      const row = (region: string, usualMs: number, minute: number, failing: boolean, slow: boolean): string => {
        const requests = Math.round(600 + 100 * normal());
        const share = failing ? 0.35 : 0.003;
        const errors = Math.max(0, Math.round(requests * share + Math.sqrt(requests * share * (1 - share)) * normal()));
        const level = usualMs * (1 + 0.15 * Math.sin((minute / 360) * 2 * Math.PI)) * (slow ? 4 : 1);
        const [p50, p95, p99] = [
          level * (1 + 0.04 * normal()),
          1.8 * level * (1 + 0.08 * normal()),
          3 * level * Math.exp(0.2 * normal()),
        ];
        return [minute * 60, region, requests, errors, p50.toFixed(1), p95.toFixed(1), p99.toFixed(1)].join(',');
      };
      const rows = Array.from({ length: 360 }, (_, minute) => [
        row('us-east-1', 48, minute, between(150, 171)(minute), false),
        row('us-central1', 70, minute, false, between(200, 240)(minute)),
      ]).flat();
      const faults = faultsOf(rows, { speed: 60 }, 'time_s,region,requests,errors,p50_ms,p95_ms,p99_ms');
      expect(faults.map(({ kind, target, atMs, forMs }) => [kind, target, atMs, forMs])).toEqual([
        ['error-burst', 'aws/us-east-1', 150_000, 21_000],
        ['latency-spike', 'google/us-central1', 200_000, 40_000],
      ]);
      expect(Math.abs(faults[0]!.probability! - 0.35)).toBeLessThan(0.02);
    },
  );

  it('tells a slow region from one with a slow tail', () => {
    const body = faultsOf(minutes('us-east-1', 60, (at) => (between(20, 30)(at) ? { p50: 550, p99: 620 } : {})));
    expect(body).toMatchObject([{ kind: 'latency-spike', settings: { shape: 'constant', delay: '500ms' } }]);
    const spread = faultsOf(minutes('us-east-1', 60, (at) => (between(20, 30)(at) ? { p50: 550, p99: 5050 } : {})));
    expect(spread).toMatchObject([{ kind: 'latency-spike', settings: { shape: 'jitter', distribution: 'lognormal' } }]);
    const tail = faultsOf(minutes('us-east-1', 60, (at) => (between(20, 30)(at) ? { p99: 1050 } : {})));
    expect(tail).toMatchObject([{ kind: 'latency-spike', probability: 0.03, settings: { shape: 'constant', delay: '1s' } }]);
  });

  it('multiplies a price as it rose', () => {
    const rows = Array.from({ length: 60 }, (_, at) => `${at * 60},us-east-1,${between(20, 40)(at) ? 12.6 : 4.2}`);
    expect(faultsOf(rows, {}, 'time_s,region,price')).toMatchObject([{ kind: 'cost-spike', settings: { multiplier: 3 } }]);
  });

  it('takes calls without an answer for a black hole, and their time for the patience of callers', () => {
    const rows = minutes('us-east-1', 60, (at) => (between(20, 30)(at) ? { errorRate: 1, p50: 3000, p99: 3000 } : {})).map(
      (row) => `${row},${row.includes(',1,3000') ? 1 : 0}`,
    );
    const { draft } = importText('incident.csv', csvOf(rows, `${HEADER},timeout_rate`));
    expect(draft.faults).toMatchObject([{ kind: 'region-outage', settings: { mode: 'blackhole' } }]);
    expect(draft.load.timeout).toBe('3s');
  });

  it('leaves the quota that the scenario’s load has room for', () => {
    const rows = minutes('us-east-1', 60, (at) => (between(20, 30)(at) ? { errorRate: 0.8 } : {})).map(
      (row) => `${row},${row.includes(',0.8,') ? 0.8 : 0}`,
    );
    const { draft } = importText('incident.csv', csvOf(rows, `${HEADER},throttled_rate`), { ratePerS: 50 });
    expect(draft.faults).toMatchObject([{ kind: 'throttling', settings: { requestsPerS: 10 } }]);
    expect(draft.load.rate).toBe('50/s');
  });

  it('begins a failure anew where a delay begins in the midst of it, and behind it', () => {
    const faults = faultsOf(
      minutes('us-east-1', 80, (at) => ({
        ...(between(20, 40)(at) ? { errorRate: 0.3 } : {}),
        ...(between(30, 50)(at) ? { p50: 500, p99: 600 } : {}),
      })),
      { speed: 60 },
    );
    expect(faults.map(({ kind, atMs, forMs }) => [kind, atMs, forMs])).toEqual([
      ['error-burst', 20_000, 10_000],
      ['latency-spike', 30_000, 20_000],
      ['error-burst', 30_000, 10_000],
    ]);
  });

  it('is played fast enough for five minutes, or as fast as asked, but never longer than a scenario may be', () => {
    const rows = minutes('us-east-1', 600, (at) => (between(200, 260)(at) ? { errorRate: 0.5 } : {}));
    expect(importText('i.csv', csvOf(rows)).draft.durationMs).toBe(300_000);
    expect(importText('i.csv', csvOf(rows), { speed: 20 }).draft.durationMs).toBe(1_800_000);
    expect(refusalOf('i.csv', csvOf(rows), { speed: 1 })).toBe(
      '--speed: at 1 the recording takes 36000s, and a scenario lasts for at most 3600s. It must be 10 or more.',
    );
  });

  it('has quiet time before it where it begins in the midst of things', () => {
    const rows = minutes('us-east-1', 60, (at) => (at < 10 ? { errorRate: 0.5 } : {}));
    const { draft } = importText('i.csv', csvOf(rows), { speed: 60 });
    expect(draft.faults.find(({ kind }) => kind === 'error-burst')).toMatchObject({ atMs: 5000, forMs: 10_000 });
    expect(draft.recorded?.curves['aws/us-east-1']?.[0]).toMatchObject({ at: '5s', errorRate: '50%' });
    expect(draft.durationMs).toBe(65_000);
  });

  it('is told how long it is quiet where it is not for most of the time', () => {
    const rows = minutes('us-east-1', 60, (at) => (at >= 10 ? { errorRate: 0.5 } : {}));
    expect(faultsOf(rows)).toEqual([]);
    expect(faultsOf(rows, { quietMs: 600_000 }).find(({ kind }) => kind === 'error-burst')).toMatchObject({ probability: 0.5 });
  });

  it('is refused where it could not run', () => {
    const rows = minutes('us-east-1', 600, (at) => (between(200, 260)(at) ? { p50: 9000, p99: 15_000 } : {}));
    expect(importText('i.csv', csvOf(rows)).draft.load).toEqual({ rate: '30/s', timeout: '22.5s' });
    expect(refusalOf('i.csv', csvOf(rows), { ratePerS: 5000 })).toMatch(/would be refused: .* Ask for another --speed or --rate/);
    expect(refusalOf('i.csv', csvOf(rows), { ratePerS: 500 })).toMatch(/would be refused: The load needs \d+ connections/);
  });

  it('takes a name that could steer a terminal for a name', () => {
    const text = csvOf([...minutes('us-east-1', 30, () => ({})), ...minutes('\u001b[2J', 30, () => ({}))]);
    const { unimported, yaml } = importText('i.csv', text);
    expect(unimported[0]?.what).toBe('series "\\u001b[2J"');
    expect(yaml).not.toContain('\u001b');
    expect(resolveScenario(parse(yaml), 'x').problems).toBeUndefined();
  });

  it('lists faults that are over in no time at its speed', () => {
    const rows = minutes('us-east-1', 600, (at) =>
      at === 300 ? { errorRate: 1 } : between(400, 500)(at) ? { errorRate: 0.5 } : {},
    );
    const { draft, unimported } = importText('i.csv', csvOf(rows), { speed: 1200 });
    expect(draft.faults.filter(({ kind }) => kind === 'region-outage')).toEqual([]);
    expect(unimported.filter(({ what }) => what.startsWith('region-outage'))).toMatchObject([
      { where: '2026-10-20T11:00:00Z, for 60 s', why: 'it lasts for 50ms at this speed; a lower --speed keeps it' },
    ]);
  });

  it('expects a run to be hardly worse than the recording', () => {
    const { draft } = importText(
      'i.csv',
      csvOf(minutes('us-east-1', 60, (at) => (between(20, 35)(at) ? { errorRate: 0.4 } : {}))),
    );
    expect(draft.expect['error-burst-us-east-1']?.bounds).toEqual({ availability: { min: '50%' } });
    expect(draft.steadyState?.bounds).toEqual({ availability: { min: '94.9%' } });
  });

  it('has regions of any name, with what no table knows of them', () => {
    const { draft, yaml } = importText('i.csv', csvOf(minutes('aws/mx-central-1', 30, () => ({ p50: 40, p99: 90 }))));
    expect(draft.regions[0]?.entry).toMatchObject({ region: 'aws/mx-central-1', rtt: '17ms', usdPerHour: 1 });
    expect(resolveScenario(parse(yaml), 'x').problems).toBeUndefined();
  });

  it('holds as many points as a reader can take in, and a run can tell apart', () => {
    const rows = minutes('us-east-1', 5000, () => ({}));
    const { draft } = importText('i.csv', csvOf(rows));
    expect(draft.recorded!.curves['aws/us-east-1']!.length).toBeLessThanOrEqual(300);
    expect(draft.recorded!.stepMs).toBeGreaterThanOrEqual(1000);
  });
});
