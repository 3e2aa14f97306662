import { describe, expect, it } from 'vitest';
import { createDatasetsDoor } from '../../../../harness/load/doors/datasets.ts';
import type { Ask } from '../../../../harness/load/doors/door.ts';

const dataset = {
  name: 'patients',
  kind: 'patients',
  rows: 200,
  seed: 1,
  regions: ['eu-west'],
  residency: null,
  readers: ['clinic'],
  analysts: [],
};
const caller = {
  tenant: 'clinic',
  region: 'us-east',
  datasets: ['patients'],
  page: 20,
  statistics: 0.5,
  queries: 12,
  purpose: 'care',
};
const door = createDatasetsDoor({ datasets: [dataset], callers: [caller] });
const ask = (id: string, sampleIndex = 0): Ask => ({
  id,
  sampleIndex,
  caller: { tenant: 'clinic', priority: 'default' },
  timeoutMs: 1000,
});
const answer = (status: number, body: unknown) =>
  ({ type: 'answer', status, headers: { 'x-squall-served-by': 'stack/eu-west/data' }, body: JSON.stringify(body) }) as const;

describe('the load door datasets', () => {
  it('asks for pages and statistics as its caller does, the same for the same draw', () => {
    const requestOf = door.requests('digits', []);
    const paths = Array.from({ length: 200 }, (_, at) => requestOf(ask(`squall-${at}`, at)).path);
    expect(paths.filter((path) => path.includes('/statistics?')).length).toBeGreaterThan(60);
    expect(paths.filter((path) => /\/rows\?offset=\d+&limit=20$/.test(path)).length).toBeGreaterThan(60);
    expect(requestOf(ask('squall-7', 7)).path).toBe(paths[7]);
    expect(requestOf(ask('squall-7', 7)).headers).toMatchObject({
      'x-squall-tenant': 'clinic',
      'x-squall-request-id': 'squall-7',
      'x-squall-caller-region': 'us-east',
      'x-squall-purpose': 'care',
    });
  });

  it('notes what it was given, and no rows', () => {
    const residency = { servedFrom: 'eu-west', callerRegion: 'us-east' };
    const page = answer(200, { id: 'squall-1', dataset: 'patients', rows: [[1], [2]], residency });
    expect(door.judge(page, 0)).toMatchObject({
      outcome: 'ok',
      servedBy: 'stack/eu-west/data',
      read: { id: 'squall-1', dataset: 'patients', rows: 2, ...residency },
    });
    const noisy = answer(200, {
      id: 'squall-2',
      dataset: 'patients',
      statistic: 'of=count',
      values: [7],
      noise: { mechanism: 'laplace', epsilon: 0.1, delta: 0 },
      residency,
    });
    expect(door.judge(noisy, 0).read?.statistic).toEqual({ asked: 'of=count', values: [7], loss: { epsilon: 0.1, delta: 0 } });
    const exact = answer(200, {
      id: 'squall-3',
      dataset: 'patients',
      statistic: 'of=count',
      values: [7],
      noise: null,
      residency,
    });
    expect(door.judge(exact, 0).read?.statistic?.loss).toBeNull();
    expect(door.answersTo(page, 'squall-1')).toBe(1);
    expect(door.answersTo(page, 'squall-2')).toBe(0);
  });

  it('takes a spent budget for no overload', () => {
    expect(door.judge(answer(429, { id: 'x', reason: 'over-budget' }), 0)).not.toHaveProperty('isShed');
    expect(door.judge(answer(429, {}), 0)).toHaveProperty('isShed', true);
    expect(door.judge(answer(403, { id: 'x', reason: 'not-allowed' }), 0)).not.toHaveProperty('read');
  });
});
