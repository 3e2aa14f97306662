import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { RecordedPoint } from '../../../harness/scenario/scenario.ts';
import type { Link } from '../../../harness/topology/link.ts';
import { compareCurves, isFailedCall, MIN_CALLS, valuesOf } from '../../../harness/verdict/curves.ts';
import { judge } from '../../../harness/verdict/judge.ts';
import type { CallRecord } from '../../../harness/world/call-log.ts';
import { aPlan, aRecord, PRIMARY } from '../../support/records.ts';

const link: Link = {
  id: PRIMARY,
  provider: 'aws',
  region: 'us-east-1',
  service: 'sagemaker-runtime',
  role: 'inference',
  rttMs: 1,
};

const callsAt = (startMs: number, count: number, alike: Partial<CallRecord> = {}): readonly CallRecord[] =>
  Array.from({ length: count }, () => ({ linkId: PRIMARY, startMs, tookMs: 20, status: 200, ...alike }));

const point = (atMs: number, values: Partial<RecordedPoint> = {}): RecordedPoint => ({
  atMs,
  errorRate: null,
  p50Ms: null,
  p99Ms: null,
  price: null,
  ...values,
});

const recordedOf = (points: readonly RecordedPoint[], stepMs = 1000) => ({
  source: 'incident.csv',
  stepMs,
  curves: [{ target: 'aws/us-east-1', points }],
});

describe('recorded curves beside those of a run', () => {
  it('puts a call into the step in which it left, and counts what failed', () => {
    const calls = [...callsAt(999, 10), ...callsAt(1000, 6), ...callsAt(1500, 4, { status: 503, tookMs: 5 })];
    const [curve] = compareCurves(recordedOf([point(0, { errorRate: 0 }), point(1000, { errorRate: 0.5 })]), [link], calls, 2000);
    expect(curve!.points.map(({ calls: count, reproduced }) => [count, reproduced.errorRate])).toEqual([
      [10, 0],
      [10, 0.4],
    ]);
    expect(curve!.difference.errorRate).toEqual({ mean: expect.closeTo(0.05), recordedMean: 0.25, steps: 2, of: 2 });
    expect(curve!.difference.p50Ms).toBeNull();
  });

  it('leaves out steps with too few calls, calls between steps, and those of other links', () => {
    const calls = [
      ...callsAt(0, MIN_CALLS.errorRate - 1),
      ...callsAt(1500, 50),
      ...callsAt(2000, 50, { linkId: 'google/us-east4/aiplatform' }),
    ];
    const points = [point(0, { errorRate: 0.1 }), point(2000, { errorRate: 0.1 })];
    const [curve] = compareCurves(recordedOf(points), [link], calls, 3000);
    expect(curve!.points.map(({ calls: count }) => count)).toEqual([MIN_CALLS.errorRate - 1, 0]);
    expect(curve!.difference.errorRate).toBeNull();
  });

  it('leaves out what an early end has cut', () => {
    const points = [point(0, { p50Ms: 20 }), point(1000, { p50Ms: 20 })];
    const [curve] = compareCurves(recordedOf(points), [link], callsAt(0, 10), 1999);
    expect(curve!.points.map(({ atMs }) => atMs)).toEqual([0]);
    expect(curve!.difference.p50Ms).toEqual({ mean: 0, recordedMean: 20, steps: 1, of: 1 });
  });

  it('takes a call for failed that got 4xx, 5xx, or no answer', () => {
    expect([200, 204, 302, 400, 429, 503, 0].filter((status) => isFailedCall({ status }))).toEqual([400, 429, 503, 0]);
  });

  it('gives percentiles that are values of the calls, in order', () => {
    fc.assert(
      fc.property(fc.array(fc.double({ min: 0, max: 1e5, noNaN: true }), { minLength: 20, maxLength: 80 }), (took) => {
        const { p50Ms, p99Ms } = valuesOf(took.map((tookMs) => ({ tookMs, status: 200 })));
        expect(took).toContain(p50Ms);
        expect(took).toContain(p99Ms);
        expect(took.filter((ms) => ms <= p50Ms!).length).toBeGreaterThanOrEqual(took.length / 2);
        expect(p99Ms).toBeGreaterThanOrEqual(p50Ms!);
      }),
    );
  });

  it('differs by nothing from itself, whatever it is', () => {
    const step = fc.record({ status: fc.constantFrom(200, 503), tookMs: fc.double({ min: 1, max: 5000, noNaN: true }) });
    fc.assert(
      fc.property(fc.array(fc.array(step, { minLength: 20, maxLength: 30 }), { minLength: 1, maxLength: 10 }), (steps) => {
        const calls = steps.flatMap((own, index) => own.map((call) => ({ ...call, linkId: PRIMARY, startMs: index * 500 + 1 })));
        const points = steps.map((own, index) => point(index * 500, valuesOf(own)));
        const [curve] = compareCurves(recordedOf(points, 500), [link], calls, steps.length * 500);
        for (const difference of Object.values(curve!.difference)) {
          expect(difference).toMatchObject({ mean: 0, steps: steps.length, of: steps.length });
        }
      }),
    );
  });

  it('stands in the report of a scenario that has a recording, and of no other', () => {
    const recorded = recordedOf([point(0, { errorRate: 0 })]);
    const report = judge({ ...aPlan({ recorded }), links: [link] }, aRecord({ calls: callsAt(10, 10) }));
    expect(report.curves).toMatchObject([
      { target: 'aws/us-east-1', source: 'incident.csv', difference: { errorRate: { mean: 0 } } },
    ]);
    expect(judge(aPlan(), aRecord())).not.toHaveProperty('curves');
  });
});
