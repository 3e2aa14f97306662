import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { coalesce } from '../../../harness/serving/coalescing.ts';
import { createPredictionCache } from '../../../harness/serving/prediction-cache.ts';
import { ANYWHERE, createResidency, type ResidencyRules } from '../../../harness/serving/residency.ts';
import { createRouter } from '../../../harness/serving/routing.ts';
import type { ServeLinks } from '../../../harness/serving/serve-links.ts';
import { candidate as link } from '../../support/candidate.ts';

const ids = ['a', 'b', 'c', 'd'] as const;
const subset = fc.subarray([...ids]);
const rules = fc.dictionary(fc.constantFrom('clinic', 'bank', 'shop'), fc.record({ home: subset, byTransfer: subset }));
const policy = fc.record({ failover: fc.constantFrom('within' as const, 'anywhere' as const), transfers: fc.boolean() });

const RULES: ResidencyRules = {
  clinic: { home: ['a'], byTransfer: [] },
  ward: { home: ['a'], byTransfer: [] },
  bank: { home: ['a'], byTransfer: ['b'] },
};
const STRICT = { failover: 'within', transfers: true } as const;

describe('what data is held to', () => {
  it('is its home, and where a mechanism lets it go if the design uses any', () => {
    fc.assert(
      fc.property(rules, policy, (all, design) => {
        const scopeOf = createResidency(design, all);
        for (const [tenant, { home, byTransfer }] of Object.entries(all)) {
          for (const id of ids) {
            const isRight = home.includes(id) || (design.transfers && byTransfer.includes(id));
            expect(scopeOf(tenant).permits!(id)).toBe(isRight);
          }
        }
      }),
    );
  });

  it('is nothing for tenants without a rule, and for all without the policy', () => {
    expect(createResidency(STRICT, RULES)('shop')).toBe(ANYWHERE);
    expect(createResidency(false, RULES)('clinic')).toBe(ANYWHERE);
  });
});

describe('routing of data that has to stay somewhere', () => {
  const state = fc.record({
    isUsable: fc.boolean(),
    isFull: fc.boolean(),
    isBusy: fc.boolean(),
    isStrained: fc.boolean(),
    isTooDear: fc.boolean(),
    isProbeDue: fc.boolean(),
    latencyMs: fc.option(fc.nat({ max: 500 }), { nil: undefined }),
  });

  it('has no other link for any attempt, whatever the links are like, and the best of its own', () => {
    fc.assert(
      fc.property(
        fc.array(state, { minLength: 4, maxLength: 4 }),
        subset,
        fc.record({
          policy: fc.constantFrom('priority' as const, 'latency' as const, 'cost' as const, 'least-loaded' as const),
          failover: fc.boolean(),
        }),
        fc.record({
          standby: fc.constantFrom('active' as const, 'passive' as const),
          spread: fc.constantFrom('none' as const, 'weighted' as const),
        }),
        fc.dictionary(fc.constantFrom(...ids), fc.integer({ min: 1, max: 3 })),
        fc.boolean(),
        (states, permitted, routing, placement, attempts, isLastResort) => {
          const links = states.map((one, priority) => link(ids[priority]!, { ...one, priority }));
          const tried = {
            attempts: new Map(Object.entries(attempts)),
            lastId: Object.keys(attempts).at(-1),
          };
          const bounded = { ...tried, permits: (id: string) => permitted.some((one) => one === id) };
          const router = createRouter(routing, links, () => false, placement);
          const found = [router.next(bounded, isLastResort), router.beside(bounded)].flatMap((one) => one ?? []);
          expect(found.filter(({ id }) => !permitted.some((one) => one === id))).toEqual([]);
          // The same as if there were no others.
          const own = links.filter(({ id }) => permitted.some((one) => one === id));
          const alone = createRouter(routing, own, () => false, placement);
          if (own.length > 0) expect(router.next(bounded, isLastResort)?.id).toBe(alone.next(tried, isLastResort)?.id);
        },
      ),
    );
  });
});

describe('what requests share', () => {
  const scopeOf = createResidency(STRICT, RULES);

  it('is shared by tenants that are held to the same, and by no others', () => {
    const cache = createPredictionCache({ entries: 10, isPerTenant: false, sharedBy: (tenant) => scopeOf(tenant).key });
    cache.learn([[1]], [{ label: '7' } as never], 'clinic');
    const knows = (tenant: string) => cache.find([[1]], tenant, 1000) !== null;
    expect({ clinic: knows('clinic'), ward: knows('ward'), bank: knows('bank'), shop: knows('shop'), nobody: knows('') }).toEqual(
      {
        clinic: true,
        ward: true,
        bank: false,
        shop: false,
        nobody: false,
      },
    );
  });

  it('are calls of the same input, if it may go to the same places', async () => {
    let calls = 0;
    const serve: ServeLinks = async () => {
      calls += 1;
      await Promise.resolve();
      return { predictions: [], linkId: String(calls) };
    };
    const shared = coalesce({ maxShared: 100 }, serve);
    const time = { signal: new AbortController().signal, remainingMs: () => 1000 };
    await Promise.all(['clinic', 'ward', 'bank', 'shop', ''].map((tenant) => shared([[1]], time, false, scopeOf(tenant))));
    expect(calls).toBe(3);
  });
});
