import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { Design } from '../../../harness/serving/config.ts';
import { MAX_RESERVE_MS } from '../../../harness/serving/deadline.ts';
import { designPatches } from '../../../harness/serving/design/designs.ts';
import { applyPatch, type DesignPatch } from '../../../harness/serving/design/patch.ts';
import { policies } from '../../../harness/serving/design/policies.ts';
import { defaultsOf } from '../../../harness/serving/design/policy.ts';
import { referenceDesign } from '../../../harness/serving/design/reference.ts';

const POLICIES = Object.keys(referenceDesign) as readonly (keyof Design)[];

/** A patch that names some parts of some policies, with values of the right type. */
const patches: fc.Arbitrary<DesignPatch> = fc
  .record(
    Object.fromEntries(
      POLICIES.map((name) => {
        const policy = policies[name];
        const canBeOff = policy.canBeOff ? [fc.constant(false)] : [];
        if (policy.kind === 'limit') return [name, fc.oneof(fc.integer({ min: 1, max: 9999 }), ...canBeOff)];
        const parts = Object.fromEntries(
          Object.entries(defaultsOf(policy) as object).map(([part, value]) => [
            part,
            typeof value === 'number' ? fc.integer({ min: 1, max: 9999 }) : fc.constant(value),
          ]),
        );
        return [name, fc.oneof(fc.record(parts, { requiredKeys: [] }), ...canBeOff)];
      }),
    ),
    { requiredKeys: [] },
  )
  .map((patch) => patch as DesignPatch);

describe('a design patch', () => {
  it('changes what it names, and nothing else', () => {
    fc.assert(
      fc.property(patches, (patch) => {
        const before = structuredClone(referenceDesign);
        const patched = applyPatch(referenceDesign, patch);
        expect(referenceDesign).toEqual(before);
        for (const name of POLICIES) {
          const change = patch[name];
          if (change === undefined) expect(patched[name]).toEqual(referenceDesign[name]);
          else if (typeof change !== 'object') expect(patched[name]).toBe(change);
          else expect(patched[name]).toEqual({ ...((referenceDesign[name] || defaultsOf(policies[name])) as object), ...change });
        }
        expect(Object.keys(patched)).toEqual(POLICIES);
      }),
    );
  });

  it('takes undefined for no change', () => {
    expect(applyPatch(referenceDesign, { hedging: undefined, retry: { maxRetries: undefined } })).toEqual(referenceDesign);
  });

  it('switches a policy on that is off, with the defaults of what it does not name', () => {
    const off = applyPatch(referenceDesign, { retry: false, hedging: false });
    expect(applyPatch(off, { retry: { maxRetries: 1 } }).retry).toEqual({ ...(referenceDesign.retry as object), maxRetries: 1 });
    expect(applyPatch(off, { hedging: {} }).hedging).toEqual(referenceDesign.hedging);
  });

  it.each([
    ['an unknown policy', { bulkheads: false }, /no bulkheads;/],
    ['an unknown part', { retry: { count: 3 } }, /no retry\.count;/],
    ['routing off', { routing: false }, /routing cannot be switched off/],
    ['a number for an object', { hedging: 5 }, /hedging takes false or an object/],
    ['an object for a number', { deadlineMs: { ms: 5 } }, /deadlineMs takes false or a number/],
  ])('is refused with the path: %s', (_what, patch, message) => {
    expect(() => applyPatch(referenceDesign, patch as DesignPatch)).toThrow(TypeError);
    expect(() => applyPatch(referenceDesign, patch as DesignPatch)).toThrow(message);
  });
});

describe('the designs that ship', () => {
  it('are the reference and the bad ones, each applicable', () => {
    expect(Object.keys(designPatches)).toEqual(
      expect.arrayContaining([
        'reference',
        'no-failover',
        'no-timeouts',
        'no-credential-refresh',
        'no-retry-budget',
        'no-cost-guard',
        'no-attempt-timeout',
      ]),
    );
    for (const { summary, patch } of Object.values(designPatches)) {
      expect(summary).toMatch(/\.$/);
      expect(() => applyPatch(referenceDesign, patch)).not.toThrow();
    }
    expect(applyPatch(referenceDesign, designPatches.reference!.patch)).toEqual(referenceDesign);
  });

  it('have time in the reference design for an attempt that is given up and another before the ladder', () => {
    const { attemptTimeoutMs, deadlineMs, retry } = referenceDesign;
    if (!attemptTimeoutMs || !deadlineMs || !retry) throw new Error('the reference design has them on');
    expect(2 * attemptTimeoutMs + retry.maxBackoffMs).toBeLessThanOrEqual(deadlineMs - MAX_RESERVE_MS);
  });
});
