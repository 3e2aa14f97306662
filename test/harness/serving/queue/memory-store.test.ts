import { describe, expect, it } from 'vitest';
import { createMemoryStore } from '../../../../harness/serving/queue/memory-store.ts';
import { checkStoreContract } from './store-contract.ts';

describe('the store in memory', () => {
  it('keeps the contract of a queue store, whatever is done to it', () => {
    checkStoreContract(createMemoryStore, 300);
  });

  it('gives jobs of one moment out in the order in which they came, and forgets only what is old', () => {
    const store = createMemoryStore();
    for (const id of ['a', 'b', 'c']) store.send({ id, body: '', attributes: {} }, 0);
    const leases = store.receive({ max: 2, visibilityMs: 10, maxReceives: 3 }, 0);
    expect(leases.map(({ job }) => job.id)).toEqual(['a', 'b']);
    for (const [nowMs, lease] of [[1, leases[0]!] as const, [5, leases[1]!] as const]) {
      store.putResult({ jobId: lease.job.id, status: 200, headers: {}, body: '' }, true, nowMs);
      store.complete(lease.receipt, nowMs);
    }

    expect(store.prune(5)).toBe(2);

    expect(store.resultsAfter(0, 9).map(({ result }) => result.jobId)).toEqual(['b']);
    expect(['a', 'b', 'c'].map((id) => store.stateOf(id, 5)?.type)).toEqual([undefined, 'done', 'queued']);
    expect(store.resultOf('a')).toBeUndefined();
  });
});
