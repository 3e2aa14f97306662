import { describe, expect, it } from 'vitest';
import { resolveScenario } from '../../../harness/scenario/resolve.ts';

const content = (recorded: unknown) => ({
  topology: { regions: ['aws/us-east-1'] },
  load: { rate: '20/s' },
  duration: '10s',
  expect: { all: { availability: { min: '90%' } } },
  recorded,
});

const problemsOf = (recorded: unknown): readonly string[] =>
  (resolveScenario(content(recorded), 'x').problems ?? []).map(({ path, message }) => `${path.join('.')}: ${message}`);

describe('recorded curves of a scenario', () => {
  it('are put into milliseconds and shares, with null for what was not recorded', () => {
    const { scenario } = resolveScenario(
      content({
        source: 'incident.csv',
        step: '2s',
        curves: {
          'aws/us-east-1': [
            { at: '0s', errorRate: '0.5%', p50: '48ms' },
            { at: '2s', p99: '1.2s', price: 3 },
          ],
        },
      }),
      'x',
    );
    expect(scenario?.recorded).toEqual({
      source: 'incident.csv',
      stepMs: 2000,
      curves: [
        {
          target: 'aws/us-east-1',
          points: [
            { atMs: 0, errorRate: 0.005, p50Ms: 48, p99Ms: null, price: null },
            { atMs: 2000, errorRate: null, p50Ms: null, p99Ms: 1200, price: 3 },
          ],
        },
      ],
    });
  });

  it('are refused off the timeline, out of order, without a value, and for a region that is not there', () => {
    const at = (...times: readonly string[]) => ({
      step: '1s',
      curves: { 'aws/us-east-1': times.map((time) => ({ at: time, errorRate: 0 })) },
    });
    expect(problemsOf(at('0s', '10s'))).toEqual([
      'recorded.curves.aws/us-east-1.1.at: is after the timeline ends; expected less than 10s',
    ]);
    expect(problemsOf(at('3s', '3500ms'))).toEqual([
      'recorded.curves.aws/us-east-1.1.at: expected at least 4s, a step after the point before',
    ]);
    expect(problemsOf({ step: '1s', curves: { 'aws/us-east-1': [{ at: '0s' }] } })).toEqual([
      'recorded.curves.aws/us-east-1.0: expected at least one of errorRate, p50, p99, price',
    ]);
    expect(problemsOf({ step: '1s', curves: { 'google/us-east4': [{ at: '0s', p50: '1ms' }] } })).toEqual([
      'recorded.curves.google/us-east4: the topology has no region google/us-east4',
    ]);
    expect(problemsOf({ step: '0s', curves: {} })).toHaveLength(2);
  });
});
