import { afterAll, describe, expect, it } from 'vitest';
import { createSimPool } from '../../../../harness/world/sim/pool.ts';
import type { SimResult } from '../../../../harness/world/sim/protocol.ts';
import { simPlan } from '../../../support/sim-plan.ts';

const PATIENCE_MS = 60_000;
const AZURE = 'azure/eastus/ml-online-endpoint';

/** A stack that leaves nothing to anyone but its first link: what the network does is what callers see. */
const BARE = {
  routing: { policy: 'priority', failover: false },
  healthChecks: false,
  circuitBreaker: false,
  retry: false,
  hedging: false,
  attemptTimeout: false,
  deadline: false,
  costGuard: false,
  degrade: false,
};

const pool = createSimPool({ workers: 1 });
afterAll(() => pool.close());

const runFault = (fault: object, more: object = {}): Promise<SimResult> =>
  pool.run(simPlan({ design: BARE, faults: [{ at: '2s', for: '2s', target: AZURE, ...fault }], ...more }));

const during = ({ requests }: SimResult, fromMs = 2100, toMs = 3000) =>
  requests.filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs);

describe('a fault that picks requests', () => {
  it(
    'touches the first of them on its link alone',
    async () => {
      const result = await runFault({ kind: 'region-outage', mode: 'http-5xx', requests: { method: 'POST', first: 3 } });
      expect(during(result, 2000, 4000).filter(({ status }) => status === 503)).toHaveLength(3);
    },
    PATIENCE_MS,
  );
});

describe('a region whose connections are', () => {
  it(
    'refused fails each request within a round trip',
    async () => {
      const result = await runFault({ kind: 'region-outage', mode: 'refuse' });
      expect(during(result).every(({ status }) => status === 503)).toBe(true);
      expect(during(result).every(({ dueMs, endMs }) => endMs - dueMs < 20)).toBe(true);
      expect(during(result, 4100, 6000).every(({ outcome }) => outcome === 'ok')).toBe(true);
    },
    PATIENCE_MS,
  );

  it(
    'reset fails each request within a round trip',
    async () => {
      const result = await runFault({ kind: 'region-outage', mode: 'reset' });
      expect(during(result).every(({ status }) => status === 503)).toBe(true);
      expect(during(result).every(({ dueMs, endMs }) => endMs - dueMs < 20)).toBe(true);
    },
    PATIENCE_MS,
  );

  it(
    'a black hole lets callers wait until it ends, and cuts them then',
    async () => {
      const result = await runFault({ kind: 'region-outage', mode: 'blackhole' });
      // Due more than a time-out before the end: nobody answers, and the caller gives up after its two seconds.
      expect(during(result, 2050, 2090).every(({ outcome, dueMs, endMs }) => outcome !== 'ok' && endMs - dueMs >= 1900)).toBe(
        true,
      );
      expect(during(result, 2500, 3900).every(({ status, endMs }) => status === 503 && endMs >= 4000 && endMs < 4050)).toBe(true);
    },
    PATIENCE_MS,
  );

  it(
    'half open loses the requests on them, and new ones are made and work',
    async () => {
      const result = await runFault({ kind: 'half-open' });
      const hung = during(result, 2000, 4000).filter(({ outcome }) => outcome === 'timeout');
      // As many as there were connections at most: each takes one request with it.
      expect(hung.length).toBeGreaterThan(0);
      expect(hung.length).toBeLessThan(10);
      expect(during(result, 3000, 4000).every(({ outcome }) => outcome === 'ok')).toBe(true);
    },
    PATIENCE_MS,
  );

  it(
    'without a name go on, and new ones fail',
    async () => {
      // A quiet link: one connection is enough, and it is there already.
      const quiet = await runFault({ kind: 'dns-failure' }, { load: { rate: '5/s', arrivals: 'constant', timeout: '2s' } });
      expect(during(quiet).every(({ outcome }) => outcome === 'ok')).toBe(true);
      // A busier one needs more connections than it has.
      const rising = {
        stages: [
          { for: '2s', to: '5/s', from: '5/s' },
          { for: '2s', from: '300/s', to: '300/s' },
        ],
        timeout: '2s',
      };
      const busy = await runFault({ kind: 'dns-failure' }, { load: rising });
      expect(during(busy).some(({ status }) => status === 503)).toBe(true);
    },
    PATIENCE_MS,
  );

  it(
    'and without an answer from the resolver wait for it, and are made when it answers the second time',
    async () => {
      // All connections are new: a reset has closed the others.
      const reset = { kind: 'region-outage', target: AZURE, at: '2s', for: '10ms', mode: 'reset' };
      const silent = { kind: 'dns-failure', target: AZURE, at: '2s', for: '1s', mode: 'no-answer', giveUpAfter: '800ms' };
      const { requests } = await pool.run(
        simPlan({ design: BARE, faults: [reset, silent], load: { rate: '20/s', timeout: '2s' } }),
      );
      const tookMs = (fromMs: number, toMs: number) =>
        requests
          .filter(({ dueMs }) => dueMs >= fromMs && dueMs < toMs)
          .map(({ dueMs, endMs, status }) => ({ status, ms: endMs - dueMs }));
      // Asked again at 400 ms, within the fault; given up at 800.
      const givenUp = tookMs(2050, 2550);
      expect(givenUp.length).toBeGreaterThan(0);
      expect(givenUp.every(({ status, ms }) => status === 503 && ms >= 800 && ms < 820)).toBe(true);
      // Asked again at 400 ms, after the fault.
      const found = tookMs(2650, 2990);
      expect(found.length).toBeGreaterThan(0);
      expect(found.every(({ status, ms }) => status === 200 && ms >= 400 && ms < 550)).toBe(true);
    },
    PATIENCE_MS,
  );
});

describe('the round trip', () => {
  it(
    'is what a request takes beyond its service time, set-up and jitter being small',
    async () => {
      const near = await pool.run(simPlan({ faults: [], design: BARE }));
      const regions = ['azure/westus'];
      const far = await pool.run(simPlan({ faults: [], design: BARE, topology: { gateway: 'us-east', regions } }));
      const medianOf = ({ requests }: SimResult) =>
        requests.map(({ dueMs, endMs }) => endMs - dueMs).sort((a, b) => a - b)[Math.floor(requests.length / 2)]!;
      // eastus is 2 ms away, westus 67 (topology/round-trip.ts).
      expect(medianOf(far) - medianOf(near)).toBeGreaterThan(60);
      expect(medianOf(far) - medianOf(near)).toBeLessThan(75);
    },
    PATIENCE_MS,
  );
});

describe('what is observed of a run', () => {
  it(
    'tells every request, whose credential was valid at each call, and each breaker',
    async () => {
      const { requests, observations } = await pool.run(
        simPlan({ faults: [{ kind: 'credential-revocation', target: 'azure', at: '2s', for: '2s', replacementAfter: '500ms' }] }),
      );
      expect(observations.requests.length).toBe(requests.length);
      expect(observations.requests.every(({ answers, status }) => status !== 200 || answers === 1)).toBe(true);
      expect(observations.requests.every(({ isOwnPrediction }) => isOwnPrediction !== false)).toBe(true);
      const accepted = observations.calls.filter(({ status }) => status === 200);
      expect(accepted.length).toBeGreaterThan(100);
      expect(accepted.every(({ credential }) => credential === 'valid')).toBe(true);
      const refused = observations.calls.filter(({ status, linkId }) => status === 401 && linkId.startsWith('azure'));
      expect(refused.length).toBeGreaterThan(0);
      expect(refused.every(({ credential }) => credential === 'revoked')).toBe(true);
      expect(observations.attempts.filter(({ kind }) => kind === 'primary').length).toBeGreaterThan(300);
    },
    PATIENCE_MS,
  );

  it(
    'is a trace that has all of it, in virtual microseconds',
    async () => {
      const { trace, requests } = await pool.run(simPlan(), { trace: true });
      const { traceEvents } = JSON.parse(trace!) as { traceEvents: readonly { cat?: string; ph: string; ts: number }[] };
      const begun = (cat: string) => traceEvents.filter((event) => event.cat === cat && event.ph === 'b').length;
      expect(begun('request')).toBe(requests.length);
      expect(begun('fault')).toBe(1);
      expect(begun('exchange')).toBeGreaterThan(requests.length);
      expect(traceEvents.every(({ ts }) => Number.isInteger(ts) && ts >= 0)).toBe(true);
    },
    PATIENCE_MS,
  );
});

describe('a fault that the other world lacks', () => {
  it(
    'is refused by name in sim before the run',
    async () => {
      const plan = simPlan();
      const fault = { ...plan.scenario.faults[0]!, kind: 'no-such-kind' };
      await expect(pool.run({ ...plan, scenario: { ...plan.scenario, faults: [fault] } })).rejects.toMatchObject({
        code: 'BAD_SCENARIO',
        message: expect.stringContaining('no-such-kind'),
      });
    },
    PATIENCE_MS,
  );
});
