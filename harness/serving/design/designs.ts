import { architectures } from './architectures.ts';
import { writtenName } from './field.ts';
import type { DesignPatch } from './patch.ts';
import { policies, policyNames } from './policies.ts';

/** A patch with what it is for. */
export interface NamedPatch {
  /** One sentence. */
  readonly summary: string;
  /** `architecture`: a design to choose; `flaw`: one that is bad in one respect. */
  readonly kind: 'architecture' | 'flaw';
  readonly patch: DesignPatch;
}

/** More retries a second than any load: a budget that is never used up. */
const UNBOUNDED_PER_S = 100_000;

/** Longer than any scenario: a check that is not answered never ends. */
const NEVER_MS = 600_000;

const kebab = (key: string): string => writtenName(key).replace(/[A-Z]/g, (letter) => `-${letter.toLowerCase()}`);

/** For each policy that a design can do without, the design that does: `no-hedging`. */
const withoutOne: Readonly<Record<string, NamedPatch>> = Object.fromEntries(
  policyNames
    .filter((name) => policies[name].canBeOff)
    .map((name) => [
      `no-${kebab(name)}`,
      { kind: 'flaw', summary: `Does without: ${policies[name].summary}`, patch: { [name]: false } } as const,
    ]),
);

/** The designs that ship, by name, each as a patch on the reference design. */
export const designPatches: Readonly<Record<string, NamedPatch>> = {
  reference: { kind: 'architecture', summary: 'The reference design.', patch: {} },
  ...architectures,
  ...withoutOne,
  'no-failover': {
    kind: 'flaw',
    summary: 'Every attempt goes to the first link, come what may.',
    patch: { routing: { failover: false } },
  },
  'no-timeouts': {
    kind: 'flaw',
    summary: 'Nothing is given up: no attempt time-out, no deadline, no hedge, and health checks that wait for ten minutes.',
    patch: { attemptTimeoutMs: false, deadlineMs: false, hedging: false, healthChecks: { timeoutMs: NEVER_MS } },
  },
  'no-digest-check': {
    kind: 'flaw',
    summary: 'Takes the bytes of a model for what was published, whatever they are.',
    patch: { registry: { verifyDigest: false } },
  },
  'no-fencing': {
    kind: 'flaw',
    summary: 'A replica of the registry that misses the leader takes its place, and nobody tells the two apart.',
    patch: { registry: { fencing: false } },
  },
  'no-backup': {
    kind: 'flaw',
    summary: 'The registry has no backup.',
    patch: { registry: { backupIntervalMs: 0 } },
  },
  'no-staleness-bound': {
    kind: 'flaw',
    summary: 'Believes whatever replica of the registry answers first, however far behind it may be.',
    patch: { registry: { maxStalenessMs: 86_400_000 } },
  },
  'no-retry-budget': {
    kind: 'flaw',
    summary: 'Every request may retry, however many do already.',
    patch: { retry: { budgetRatio: 1, budgetMinPerS: UNBOUNDED_PER_S } },
  },
};
