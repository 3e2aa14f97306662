import fc from 'fast-check';
import { expect } from 'vitest';
import type { Job, JobResult, Lease } from '../../../../harness/serving/queue/job.ts';
import { EXHAUSTED, type QueueStore } from '../../../../harness/serving/queue/store.ts';

const MAX_RECEIVES = 2;
const VISIBILITY_MS = 10;
const JOBS = 4;

/** What may be done to a store, and to time. `lease` picks one of the leases that were ever given out, `job` one of few ids. */
type Step =
  | { readonly type: 'send' | 'redrive'; readonly job: number }
  | { readonly type: 'receive'; readonly max: number }
  | { readonly type: 'extend' | 'complete' | 'bury'; readonly lease: number }
  | { readonly type: 'release'; readonly lease: number; readonly delayMs: number }
  | { readonly type: 'result'; readonly job: number; readonly ifAbsent: boolean }
  | { readonly type: 'wait'; readonly ms: number };

const anyJob = fc.nat({ max: JOBS - 1 });
const anyLease = fc.nat({ max: 12 });

const step: fc.Arbitrary<Step> = fc.oneof(
  { weight: 3, arbitrary: fc.record({ type: fc.constant('send' as const), job: anyJob }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('receive' as const), max: fc.integer({ min: 1, max: 3 }) }) },
  {
    weight: 3,
    arbitrary: fc.record({ type: fc.constantFrom('extend' as const, 'complete' as const, 'bury' as const), lease: anyLease }),
  },
  { weight: 2, arbitrary: fc.record({ type: fc.constant('release' as const), lease: anyLease, delayMs: fc.nat({ max: 8 }) }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('redrive' as const), job: anyJob }) },
  { weight: 1, arbitrary: fc.record({ type: fc.constant('result' as const), job: anyJob, ifAbsent: fc.boolean() }) },
  { weight: 4, arbitrary: fc.record({ type: fc.constant('wait' as const), ms: fc.integer({ min: 1, max: VISIBILITY_MS }) }) },
);

/** A job as the contract's words have it. */
interface Expected {
  state: 'open' | 'done' | 'dead';
  visibleAtMs: number;
  receives: number;
  /** The one receipt that stands for it; none while it waits. */
  receipt: string | undefined;
  reason: string;
}

const jobOf = (index: number): Job => ({ id: `job-${index}`, body: `body ${index}`, attributes: { index: String(index) } });
const resultOf = (jobId: string, text: string): JobResult => ({ jobId, status: 200, headers: {}, body: text });

/** A store, and beside it what must be so of it. */
const createRun = (store: QueueStore) => {
  let nowMs = 1_000_000;
  const jobs = new Map<string, Expected>();
  const given: Lease[] = [];
  const log: JobResult[] = [];

  const buryExpired = () => {
    for (const job of jobs.values()) {
      const isSpent = job.state === 'open' && job.visibleAtMs <= nowMs && job.receives >= MAX_RECEIVES;
      if (isSpent) Object.assign(job, { state: 'dead', receipt: undefined, reason: EXHAUSTED });
    }
  };
  /** The job whose lease that is, while it lasts. */
  const holderOf = (lease: Lease): Expected | undefined => {
    const job = jobs.get(lease.job.id);
    return job?.state === 'open' && job.receipt === lease.receipt && job.visibleAtMs > nowMs ? job : undefined;
  };
  const toLease = (index: number, act: (lease: Lease, holder: Expected | undefined) => boolean) => {
    const lease = given[index % Math.max(1, given.length)];
    if (!lease) return;
    const holder = holderOf(lease);
    expect(act(lease, holder)).toBe(holder !== undefined);
  };

  const steps: { readonly [Type in Step['type']]: (step: Extract<Step, { type: Type }>) => void } = {
    send({ job }) {
      const { id } = jobOf(job);
      expect(store.send(jobOf(job), nowMs)).toBe(jobs.has(id) ? 'known' : 'accepted');
      if (!jobs.has(id)) jobs.set(id, { state: 'open', visibleAtMs: nowMs, receives: 0, receipt: undefined, reason: '' });
    },
    receive({ max }) {
      const leases = store.receive({ max, visibilityMs: VISIBILITY_MS, maxReceives: MAX_RECEIVES }, nowMs);
      buryExpired();
      const visible = [...jobs].filter(([, job]) => job.state === 'open' && job.visibleAtMs <= nowMs);
      expect(leases).toHaveLength(Math.min(max, visible.length));
      const longest = visible.map(([, { visibleAtMs }]) => visibleAtMs).sort((a, b) => a - b);
      for (const [place, lease] of leases.entries()) {
        const job = jobs.get(lease.job.id)!;
        expect(visible.map(([id]) => id)).toContain(lease.job.id);
        expect(job.visibleAtMs).toBe(longest[place]);
        expect(lease.job).toEqual(jobOf(Number(lease.job.attributes.index)));
        expect(lease.receives).toBe(job.receives + 1);
        expect(given.map(({ receipt }) => receipt)).not.toContain(lease.receipt);
        given.push(lease);
      }
      for (const { job, receipt, receives } of leases) {
        Object.assign(jobs.get(job.id)!, { receipt, receives, visibleAtMs: nowMs + VISIBILITY_MS });
      }
    },
    extend: ({ lease }) =>
      toLease(lease, ({ receipt }, holder) => {
        if (holder) holder.visibleAtMs = nowMs + VISIBILITY_MS;
        return store.extend(receipt, VISIBILITY_MS, nowMs);
      }),
    complete: ({ lease }) =>
      toLease(lease, ({ receipt }, holder) => {
        if (holder) Object.assign(holder, { state: 'done', receipt: undefined });
        return store.complete(receipt, nowMs);
      }),
    bury: ({ lease }) =>
      toLease(lease, ({ receipt }, holder) => {
        if (holder) Object.assign(holder, { state: 'dead', receipt: undefined, reason: 'buried' });
        return store.bury(receipt, 'buried', nowMs);
      }),
    release: ({ lease, delayMs }) =>
      toLease(lease, ({ receipt }, holder) => {
        const isLast = holder && holder.receives >= MAX_RECEIVES;
        if (holder && isLast) Object.assign(holder, { state: 'dead', receipt: undefined, reason: 'put back' });
        else if (holder) Object.assign(holder, { receipt: undefined, visibleAtMs: nowMs + delayMs });
        return store.release(receipt, { delayMs, reason: 'put back', maxReceives: MAX_RECEIVES }, nowMs);
      }),
    redrive({ job }) {
      const expected = jobs.get(jobOf(job).id);
      const isDead = expected?.state === 'dead';
      expect(store.redrive([jobOf(job).id], nowMs)).toBe(isDead ? 1 : 0);
      if (isDead) Object.assign(expected, { state: 'open', receives: 0, visibleAtMs: nowMs, reason: '' });
    },
    result({ job, ifAbsent }) {
      const result = resultOf(jobOf(job).id, `put at ${nowMs}`);
      const isKept = !ifAbsent || !log.some(({ jobId }) => jobId === result.jobId);
      expect(store.putResult(result, ifAbsent, nowMs)).toBe(isKept ? 'stored' : 'known');
      if (isKept) log.push(result);
    },
    wait({ ms }) {
      nowMs += ms;
    },
  };

  const checkAll = () => {
    const open = [...jobs.values()].filter(({ state }) => state === 'open');
    const hidden = open.filter(({ visibleAtMs }) => visibleAtMs > nowMs);
    const dead = [...jobs].filter(([, { state }]) => state === 'dead');
    const leased = hidden.filter(({ receipt }) => receipt !== undefined).length;
    expect(store.figures(nowMs)).toMatchObject({
      visible: open.length - hidden.length,
      delayed: hidden.length - leased,
      leased,
      dead: dead.length,
    });
    expect(store.nextVisibleAtMs(nowMs)).toBe(
      Math.min(Number.POSITIVE_INFINITY, ...hidden.map(({ visibleAtMs }) => visibleAtMs)),
    );
    expect(store.deadLetters(99).map(({ job, receives, reason }) => [job.id, receives, reason])).toEqual(
      dead.map(([id, { receives, reason }]) => [id, receives, reason]),
    );
    for (const [id, { state, receives, receipt, visibleAtMs, reason }] of jobs) {
      const isLeased = receipt !== undefined && visibleAtMs > nowMs;
      const ofState = {
        done: { type: 'done' },
        dead: { type: 'dead', receives, reason },
        open: { type: isLeased ? 'leased' : 'queued', receives },
      };
      expect(store.stateOf(id, nowMs)).toEqual(ofState[state]);
      expect(store.resultOf(id)).toEqual(log.find(({ jobId }) => jobId === id));
    }
    expect(store.resultsAfter(0, 99).map(({ result }) => result)).toEqual(log);
  };

  return {
    take(one: Step) {
      (steps[one.type] as (step: Step) => void)(one);
      checkAll();
    },
  };
};

/** Does anything to a store, in any order, and holds it to the contract of `QueueStore` after each step. */
export const checkStoreContract = (createStore: () => QueueStore & { close?(): void }, runs: number): void => {
  fc.assert(
    fc.property(fc.array(step, { maxLength: 40, size: 'max' }), (steps) => {
      const store = createStore();
      try {
        const run = createRun(store);
        for (const one of steps) run.take(one);
      } finally {
        store.close?.();
      }
    }),
    { numRuns: runs },
  );
};
