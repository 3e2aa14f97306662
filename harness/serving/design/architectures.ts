import type { NamedPatch } from './designs.ts';

/**
 * How teams spread a service over regions and providers, the plainest first. They differ in that alone: the policies are those of the
 * reference design.
 */
export const architectures: Readonly<Record<string, NamedPatch>> = {
  'single-region': {
    kind: 'architecture',
    summary: 'The first region alone: while it is out, what answers is degraded.',
    patch: { sizing: { regions: 1 } },
  },
  'active-passive': {
    kind: 'architecture',
    summary: "The first provider's two first regions: the second is called only while the first is out.",
    patch: { placement: { providers: 'first', standby: 'passive' }, sizing: { regions: 2 } },
  },
  'active-active': {
    kind: 'architecture',
    summary: "The first provider's two first regions in turn.",
    patch: { placement: { providers: 'first', spread: 'round-robin' }, sizing: { regions: 2 } },
  },
  'multi-cloud-priority': {
    kind: 'architecture',
    summary: 'All regions of all providers, each request to the first that is well: as the reference design.',
    patch: {},
  },
  'multi-cloud-cost-aware': {
    kind: 'architecture',
    summary: 'The three first regions of any provider, each request to the cheapest that is well.',
    patch: { routing: { policy: 'cost' }, sizing: { regions: 3 } },
  },
  'multi-cloud-hedged': {
    kind: 'architecture',
    summary:
      'All regions of all providers, and a second attempt beside one that half of all would have outrun, within a larger retry budget.',
    patch: { hedging: { afterMs: 25 }, retry: { budgetRatio: 0.5 } },
  },
};
