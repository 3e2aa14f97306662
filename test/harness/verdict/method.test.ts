import { describe, expect, it } from 'vitest';
import { describeMethod } from '../../../harness/verdict/method.ts';
import { closedPlan, openPlan } from '../../support/load.ts';

const plan = openPlan(10);
const methodOf = (shape: Parameters<typeof describeMethod>[0]['shape']): string => describeMethod({ ...plan, shape });

describe('the method of a report says of the load', () => {
  it('how arrivals follow each other', () => {
    expect(methodOf(plan.shape)).toMatch(
      /^Open-loop load with constant arrivals: latency counts from the time a request was due\./,
    );
    expect(methodOf(closedPlan(3).shape)).toMatch(/^Closed-loop load on 3 connections: /);
  });

  it('how many bursts there are', () => {
    const burst = { atMs: 0, forMs: 1, everyMs: 2, count: 3, multiplier: 2, addPerS: 0 };
    const shape = { type: 'open', arrivals: 'poisson', stages: [], bursts: [burst, { ...burst, count: 1 }] } as const;
    expect(methodOf(shape)).toMatch(/^Open-loop load with poisson arrivals in 4 bursts and between them: /);
  });

  it('what trace is played', () => {
    const shape = { type: 'open', arrivals: 'recorded', source: 'peak.csv, at 2 times its speed', timesUs: [0] } as const;
    expect(methodOf(shape)).toMatch(
      /^Open-loop load with the 1 recorded arrival of a trace \(peak\.csv, at 2 times its speed\): /,
    );
    expect(methodOf({ ...shape, timesUs: Array(1234).fill(0) })).toContain('the 1,234 recorded arrivals of a trace');
  });
});
