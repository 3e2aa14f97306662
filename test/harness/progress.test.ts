import { describe, expect, it } from 'vitest';
import type { RequestRecord } from '../../harness/load/sample.ts';
import { createRollingWindow } from '../../harness/progress.ts';

const record = (dueMs: number, endMs: number, outcome: RequestRecord['outcome'] = 'ok'): RequestRecord => ({
  dueMs,
  sentMs: dueMs,
  endMs,
  outcome,
  status: outcome === 'ok' ? 200 : 0,
  servedBy: '',
  degraded: '',
  isCorrect: null,
});

describe('the last second of a run', () => {
  it('is unknown before the first answer', () => {
    expect(createRollingWindow().add([], 0)).toEqual({ availability: null, p99Ms: null });
  });

  it('counts what ended within it and forgets what ended before', () => {
    const window = createRollingWindow();
    expect(window.add([record(0, 40), record(100, 120, 'timeout')], 500)).toEqual({ availability: 0.5, p99Ms: 40 });
    expect(window.add([record(1000, 1300)], 1300)).toEqual({ availability: 1, p99Ms: 300 });
  });

  it('takes the 99th percentile by nearest rank', () => {
    const records = Array.from({ length: 200 }, (_, index) => record(0, index + 1));
    expect(createRollingWindow().add(records, 200).p99Ms).toBe(198);
  });
});
