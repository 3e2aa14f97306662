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
    store.complete(leases[0]!.receipt, { jobId: 'a', status: 200, headers: {}, body: '' }, 1);
    store.complete(leases[1]!.receipt, { jobId: 'b', status: 200, headers: {}, body: '' }, 5);

    expect(store.prune(5)).toBe(2);

    expect(store.resultsAfter(0, 9).map(({ result }) => result.jobId)).toEqual(['b']);
    expect(['a', 'b', 'c'].map((id) => store.stateOf(id, 5)?.type)).toEqual([undefined, 'done', 'queued']);
    expect(store.resultOf('a')).toBeUndefined();
  });
});
