import { describe, expect, it } from 'vitest';
import { connectionsFor, MAX_CONNECTIONS } from '../../../harness/load/connections.ts';
import { closedPlan, openPlan } from '../../support/load.ts';

describe('the connections of a load', () => {
  it('are in closed loop as many as the plan says', () => {
    expect(connectionsFor(closedPlan(7))).toBe(7);
  });

  it('are in open loop enough for every request of a time-out to hang, and for the spread of Poisson arrivals', () => {
    // Little's law: 100/s x (2 s + 0.5 s) is 250 on average; six deviations are 95.
    expect(connectionsFor(openPlan(100, { timeoutMs: 2000 }))).toBe(345);
    expect(connectionsFor(openPlan(0))).toBe(1);
  });

  it('are refused above the limit, which is named', () => {
    expect(() => connectionsFor(openPlan(2000, { timeoutMs: 5000 }))).toThrow(
      `above the limit of ${MAX_CONNECTIONS} (MAX_CONNECTIONS)`,
    );
    expect(() => connectionsFor(closedPlan(MAX_CONNECTIONS + 1))).toThrow('MAX_CONNECTIONS');
  });
});
