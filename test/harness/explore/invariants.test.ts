import { describe, expect, it } from 'vitest';
import { exploreBounds } from '../../../harness/explore/bounds.ts';
import { invariants } from '../../../harness/explore/invariants/index.ts';
import type { Invariant } from '../../../harness/explore/invariants/invariant.ts';
import { faultsOf, type PlannedFault } from '../../../harness/explore/schedule.ts';
import { planUnder, violationsOf } from '../../../harness/explore/violations.ts';
import type { RequestRecord } from '../../../harness/load/sample.ts';
import type { ScenarioFile } from '../../../harness/scenario/schema.ts';
import type {
  BreakerObservation,
  ExchangeObservation,
  Observations,
  RequestObservation,
} from '../../../harness/world/sim/observations.ts';
import { explorablePlan, noObservations, observedWell, wellServed } from '../../support/explore.ts';

const PRIMARY = 'aws/us-east-1/sagemaker-runtime';
const NEXT = 'google/us-east4/aiplatform';

const outage: PlannedFault = { kind: 'region-outage', targets: ['aws/us-east-1'], atMs: 4000, forMs: 8000, settings: {} };

const every = (ms: number, fromMs = 0, untilMs = 30_000): readonly number[] =>
  Array.from({ length: Math.ceil((untilMs - fromMs) / ms) }, (_, index) => fromMs + index * ms);

/** Names of the invariants that a run breaks. */
const broken = ({
  observed = {},
  serve = wellServed,
  faults = [],
  design = {},
}: {
  readonly observed?: Partial<Observations>;
  readonly serve?: (dueMs: number) => RequestRecord;
  readonly faults?: readonly PlannedFault[];
  readonly design?: NonNullable<ScenarioFile['design']>;
}): readonly string[] => {
  const plan = explorablePlan({ design });
  const bounds = { ...exploreBounds(plan.scenario), expectations: [] };
  const under = planUnder(plan, faultsOf(faults, bounds.kinds), bounds);
  const record = { startedAt: '', requests: every(20).map(serve), events: [], usage: [], end: { type: 'completed' } as const };
  return violationsOf(under, record, { ...noObservations, ...observed }, bounds).map(({ rule }) => rule);
};

const breaker = (...transitions: readonly (readonly [atMs: number, to: BreakerObservation['to']])[]): Partial<Observations> => ({
  breakers: transitions.map(([atMs, to]) => ({ atMs, linkId: PRIMARY, to })),
});

/** Calls of a link for predictions, each about the sample of the request that is under way then. */
const sent = (linkId: string, timesMs: readonly number[], change: Partial<ExchangeObservation> = {}) =>
  timesMs.map((atMs): ExchangeObservation => ({ linkId, atMs, about: 0, end: '200', ...change }));

const inOrder = (...exchanges: readonly (readonly ExchangeObservation[])[]) => exchanges.flat().sort((a, b) => a.atMs - b.atMs);

/** A request every 20 ms, that has its answer before the next comes. */
const steady = every(20).map((atMs) => ({ ...observedWell(atMs), answeredAtMs: atMs + 15 }));

it('holds a sound run to be sound', () => {
  const checks = sent(PRIMARY, every(1000, 17), { about: 'check' });
  expect(broken({ observed: { requests: steady, exchanges: inOrder(sent(PRIMARY, every(20)), checks) } })).toEqual([]);
});

it.each(invariants.map(({ name, summary }): readonly [string, string] => [name, summary]))(
  '%s says in a sentence what holds',
  (_name, summary) => {
    expect(summary).toMatch(/^[A-Z].*\.$/);
  },
);

describe('deadline-kept', () => {
  it('breaks on an answer after its deadline, not on one in time', () => {
    expect(broken({ observed: { requests: [{ ...observedWell(0), answeredAtMs: 1000 }] } })).toEqual([]);
    expect(broken({ observed: { requests: [{ ...observedWell(0), answeredAtMs: 1005 }] } })).toEqual(['deadline-kept']);
  });
});

describe('attempts-in-time', () => {
  const request: RequestObservation = { ...observedWell(0), answeredAtMs: null, answers: 0, status: 0, abandonedAtMs: 400 };
  const asked = (atMs: number, requests = [request], change: Partial<ExchangeObservation> = {}) =>
    broken({ observed: { requests, exchanges: sent(PRIMARY, [atMs], change) } });

  it('breaks when a provider is called for a request that is answered, given up, or past its deadline', () => {
    expect(asked(390)).toEqual([]);
    expect(asked(410)).toEqual(['attempts-in-time']);
    expect(asked(31, [observedWell(0)])).toEqual([]);
    expect(asked(50, [observedWell(0)])).toEqual(['attempts-in-time']);
    const late = { ...observedWell(0), answeredAtMs: 1001 };
    expect(asked(1001, [late])).toEqual([]);
    expect(asked(1010, [{ ...late, answeredAtMs: 1100 }])).toContain('attempts-in-time');
  });

  it('breaks on an attempt that the stack says it began too late, whether or not it was sent', () => {
    const attempts = [{ linkId: PRIMARY, atMs: 5000, kind: 'retry', remainingMs: -50 } as const];
    expect(broken({ observed: { attempts } })).toEqual(['attempts-in-time']);
  });

  it('breaks on a call about an input that no request has, unless it is a health check', () => {
    expect(asked(100, [request], { about: 1 })).toEqual(['attempts-in-time']);
    expect(asked(100, [request], { about: 'other' })).toEqual(['attempts-in-time']);
    expect(asked(100, [request], { about: 'check' })).toEqual([]);
  });
});

describe('attempts-counted', () => {
  const asked = (count: number, change: Partial<ExchangeObservation> = {}, requests = [observedWell(0)]) =>
    broken({ observed: { requests, exchanges: sent(PRIMARY, every(1, 0, count), change) } });

  it('breaks when a request is asked of providers more often than retries and hedges come to', () => {
    // The first attempt and two retries, each with a hedge.
    expect(asked(6)).toEqual([]);
    expect(asked(7)).toEqual(['attempts-counted']);
    expect(asked(7, {}, [observedWell(0), observedWell(5)])).toEqual([]);
  });

  it('does not count what a provider refused for its credential: the attempt asks again', () => {
    expect(asked(12, { end: '403' })).toEqual([]);
  });
});

describe('answered-once', () => {
  it.each([
    ['two answers', { answers: 2 }],
    ["another request's answer", { answers: 0 }],
    ['no answer', { answers: 0, status: 0, answeredAtMs: null }],
  ])('breaks on %s', (_what, change) => {
    expect(broken({ observed: { requests: [{ ...observedWell(0), ...change }] } })).toEqual(['answered-once']);
  });

  it('does not wait for a request whose caller has gone, or that is under way at the end', () => {
    const unanswered = { answers: 0, status: 0, answeredAtMs: null };
    expect(broken({ observed: { requests: [{ ...observedWell(0), ...unanswered, abandonedAtMs: 500 }] } })).toEqual([]);
    expect(broken({ observed: { requests: [{ ...observedWell(29_900), ...unanswered }] } })).toEqual([]);
  });
});

describe('credentials-checked', () => {
  it.each(['missing', 'unknown', 'revoked', 'expired'] as const)(
    'breaks when a call with a credential that is %s is served',
    (credential) => {
      const call = { linkId: PRIMARY, atMs: 10, status: 200, credential };
      expect(broken({ observed: { calls: [call] } })).toEqual(['credentials-checked']);
      expect(broken({ observed: { calls: [{ ...call, status: 403 }] } })).toEqual([]);
    },
  );
});

describe('breaker-legal', () => {
  it('takes a breaker that opens, half-opens after its pause, opens again, and closes', () => {
    const observed = breaker(
      [1000, 'open'],
      [3000, 'half-open'],
      [3100, 'open'],
      [5100, 'half-open'],
      [5200, 'closed'],
      [9000, 'open'],
      [11_000, 'half-open'],
      [11_100, 'closed'],
    );
    expect(broken({ observed })).toEqual([]);
  });

  it.each([
    [
      'closes without a probe',
      [
        [1000, 'open'],
        [3000, 'closed'],
      ],
    ],
    [
      'half-opens before its pause is over',
      [
        [1000, 'open'],
        [2500, 'half-open'],
        [2600, 'closed'],
      ],
    ],
    [
      'half-opens when it is closed',
      [
        [1000, 'half-open'],
        [1100, 'closed'],
      ],
    ],
  ] as const)('breaks when one %s', (_what, transitions) => {
    expect(broken({ observed: breaker(...transitions) })).toEqual(['breaker-legal']);
  });
});

describe('breaker-reopens', () => {
  const passedOver = { requests: steady, exchanges: sent(NEXT, every(20)) };

  it('breaks when requests go past a sound link whose breaker stays open', () => {
    expect(broken({ faults: [outage], observed: { ...breaker([4100, 'open']), ...passedOver } })).toEqual(['breaker-reopens']);
  });

  it('does not, while the fault lasts until the end, when the link is tried again, or when no request comes', () => {
    const long = { ...outage, forMs: 24_000 };
    expect(broken({ faults: [long], observed: { ...breaker([4100, 'open']), ...passedOver } })).toEqual([]);
    const probed = breaker([4100, 'open'], [12_200, 'half-open'], [12_300, 'closed']);
    expect(broken({ faults: [outage], observed: { ...probed, ...passedOver } })).toEqual([]);
    const tried = { requests: steady, exchanges: inOrder(sent(NEXT, every(20, 0, 29_900)), sent(PRIMARY, every(20, 29_900))) };
    expect(broken({ faults: [outage], observed: { ...breaker([4100, 'open']), ...tried } })).toEqual([]);
    expect(broken({ faults: [outage], observed: breaker([4100, 'open']) })).toEqual([]);
  });

  it('does not, when the link comes after those that serve', () => {
    const observed = { ...breaker([4100, 'open']), requests: steady, exchanges: sent(PRIMARY, every(20)) };
    expect(broken({ faults: [outage], observed })).toEqual([]);
  });
});

describe('retry-budget-kept', () => {
  const requests = every(20).map((atMs) => ({ ...observedWell(atMs), sampleIndex: atMs / 20, answeredAtMs: atMs + 15 }));
  const firsts = requests.flatMap(({ acceptedAtMs, sampleIndex }) => sent(PRIMARY, [acceptedAtMs], { about: sampleIndex }));
  const extras = (count: number, change: Partial<ExchangeObservation> = {}) =>
    every(10_000 / count, 12_000, 22_000).flatMap((atMs) => {
      const about = Math.floor(atMs / 20);
      return sent(NEXT, [about * 20 + 10], { about, ...change });
    });

  it('breaks when providers are called more often than the share of requests and the minimum, whatever the stack says of it', () => {
    // A tenth of 500 requests, and five a second: a hundred in ten seconds.
    const observed = (count: number, change = {}) => ({ requests, exchanges: inOrder(firsts, extras(count, change)) });
    expect(broken({ observed: observed(100) })).toEqual([]);
    expect(broken({ observed: observed(125) })).toEqual(['retry-budget-kept']);
    expect(broken({ observed: observed(125, { about: 'check' }) })).toEqual([]);
    expect(broken({ observed: observed(125, { end: '401' }) })).toEqual([]);
  });
});

describe('own-answer', () => {
  it("breaks on another input's prediction", () => {
    expect(broken({ observed: { requests: [{ ...observedWell(0), isOwnPrediction: false }] } })).toEqual(['own-answer']);
    expect(broken({ observed: { requests: [{ ...observedWell(0), isOwnPrediction: null }] } })).toEqual([]);
  });
});

describe('degraded-marked', () => {
  it('breaks on a local answer that is not marked, and on a mark that is not true', () => {
    const answer = (servedBy: string, degraded: string) =>
      broken({ serve: (dueMs) => ({ ...wellServed(dueMs), ...(dueMs === 5000 ? { servedBy, degraded } : {}) }) });
    expect(answer('local/rules', 'rules')).toEqual([]);
    expect(answer('local/rules', '')).toEqual(['degraded-marked']);
    expect(answer(PRIMARY, 'rules')).toEqual(['degraded-marked']);
  });
});

describe('ladder-answers', () => {
  it('breaks when a request fails though rules could have answered', () => {
    const requests = [{ ...observedWell(0), status: 504, answers: 0 }];
    expect(broken({ observed: { requests } })).toEqual(['ladder-answers']);
    expect(broken({ observed: { requests }, design: { degrade: false } })).toEqual([]);
  });
});

describe('fails-over', () => {
  const degradedIn = (fromMs: number, untilMs: number) => (dueMs: number) =>
    dueMs >= fromMs && dueMs < untilMs ? { ...wellServed(dueMs), servedBy: 'local/rules', degraded: 'rules' } : wellServed(dueMs);

  it('breaks when answers stay degraded while sound regions are left', () => {
    expect(broken({ faults: [outage], serve: degradedIn(4000, 12_000) })).toEqual(['fails-over']);
    expect(broken({ faults: [outage], serve: degradedIn(4000, 8500) })).toEqual([]);
  });

  it('does not, when no region is left that could carry the load', () => {
    const everywhere = { ...outage, targets: ['*'] };
    expect(broken({ faults: [everywhere], serve: degradedIn(4000, 12_000) })).toEqual([]);
  });
});

describe('recovers', () => {
  it('breaks when a failure outlives the last fault by more than the bound', () => {
    const lostUntil =
      (untilMs: number) =>
      (dueMs: number): RequestRecord =>
        dueMs >= 4000 && dueMs < untilMs
          ? { ...wellServed(dueMs), outcome: 'timeout', status: 0, servedBy: '' }
          : wellServed(dueMs);
    const short = { ...outage, forMs: 2000 };
    expect(broken({ faults: [short], serve: lostUntil(11_000) })).not.toContain('recovers');
    expect(broken({ faults: [short], serve: lostUntil(30_000) })).toContain('recovers');
  });
});

it('leaves out what the world cannot see, and what the scenario excepts', () => {
  const plan = explorablePlan();
  const bounds = { ...exploreBounds(plan.scenario), expectations: [] };
  const record = {
    startedAt: '',
    requests: every(20).map((dueMs) => ({ ...wellServed(dueMs), servedBy: 'x' })),
    events: [],
    usage: [],
    end: { type: 'completed' } as const,
  };
  const rules = (except: readonly string[]) =>
    violationsOf(plan, record, undefined, { ...bounds, except }).map(({ rule }) => rule);
  expect(rules([])).toEqual(['degraded-marked']);
  expect(rules(['degraded-marked'])).toEqual([]);
  expect(invariants.filter(({ needs }: Invariant) => needs === 'record').map(({ name }) => name)).toEqual([
    'nobody-let-in',
    'jobs-answered-once',
    'degraded-marked',
    'fails-over',
    'recovers',
  ]);
});

it('holds a run with a queue to one answer a job', () => {
  const plan = explorablePlan();
  const bounds = { ...exploreBounds(plan.scenario), expectations: [] };
  const rulesOf = (answers: Readonly<Record<string, number>>, deadLetters: readonly string[] = []) => {
    const requests = ['a', 'b'].map((jobId, index) => ({ ...wellServed(index), jobId }));
    const audits = { 'stack/us-east/queue': { type: 'queue', answers, deadLetters, open: 0 } };
    const record = { startedAt: '', requests, events: [], usage: [], audits, end: { type: 'completed' } as const };
    return violationsOf(plan, record, undefined, bounds).map(({ rule }) => rule);
  };
  expect(rulesOf({ a: 1, b: 1 })).not.toContain('jobs-answered-once');
  expect(rulesOf({ a: 1 }, ['b'])).not.toContain('jobs-answered-once');
  expect(rulesOf({ a: 1 })).toContain('jobs-answered-once');
  expect(rulesOf({ a: 2, b: 1 })).toContain('jobs-answered-once');
});
