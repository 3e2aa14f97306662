import type { Design } from './config.ts';

/**
 * Changes of a design. A policy's object changes only the parts that it names; `false` switches the policy off.
 * Lists are replaced as a whole.
 */
export type DesignPatch = {
  readonly [Policy in keyof Design]?: PatchOf<Design[Policy]> | undefined;
};

type PatchOf<Value> = Value extends readonly unknown[]
  ? Value
  : Value extends object
    ? { readonly [Part in keyof Value]?: Value[Part] | undefined }
    : Value;

/** A patch with what it is for. */
export interface NamedPatch {
  /** One sentence. */
  readonly summary: string;
  readonly patch: DesignPatch;
}

/**
 * The reference design, for services of 20 to 100 ms in regions that are 5 to 120 ms away: a good answer takes 25 to 220 ms.
 *
 * The times hang together. Hedging starts where most answers are back. An attempt is given up where nearly all are, with room for a
 * stall of a busy machine. Two attempts that are given up fit into the deadline with its reserve for the ladder; a third is for those
 * that fail at once. A dead link is out after five failures or two checks, whichever is first.
 */
export const referenceDesign: Design = {
  routing: { policy: 'priority', failover: true },
  healthChecks: { intervalMs: 1000, timeoutMs: 900, unhealthyThreshold: 2, healthyThreshold: 2 },
  circuitBreaker: { consecutiveFailures: 5, halfOpenAfterMs: 2000 },
  // A tenth of the requests (SRE book, "Handling overload"), and five a second so that a low rate is not without retries.
  retry: { maxRetries: 2, budgetRatio: 0.1, budgetMinPerS: 5, initialBackoffMs: 10, maxBackoffMs: 100 },
  hedging: { afterMs: 250 },
  attemptTimeoutMs: 600,
  deadlineMs: 1500,
  credentialRefresh: { minIntervalMs: 500 },
  // About twice what the dearest instance of the price book costs at 100 ms a prediction with four at a time.
  costGuard: { maxUsdPer1k: 0.02, refreshMs: 1000 },
  degrade: { ladder: ['fallback-model', 'cached-prediction', 'rules'], cacheEntries: 1000 },
};

/** More retries a second than any load: a budget that is never used up. */
const UNBOUNDED_PER_S = 100_000;

/** Longer than any scenario: a check that is not answered never ends. */
const NEVER_MS = 600_000;

/** The designs that ship, by name, each as a patch on the reference design. */
export const designPatches: Readonly<Record<string, NamedPatch>> = {
  reference: { summary: 'The reference design: every policy on.', patch: {} },
  'no-failover': {
    summary: 'Every attempt goes to the first link, come what may.',
    patch: { routing: { failover: false } },
  },
  'no-timeouts': {
    summary: 'Nothing is given up: no attempt time-out, no deadline, no hedge, and health checks that wait for ten minutes.',
    patch: { attemptTimeoutMs: false, deadlineMs: false, hedging: false, healthChecks: { timeoutMs: NEVER_MS } },
  },
  'no-credential-refresh': {
    summary: 'A credential is read once: when a provider refuses it, it stays refused.',
    patch: { credentialRefresh: false },
  },
  'no-retry-budget': {
    summary: 'Every request may retry, however many do already.',
    patch: { retry: { budgetRatio: 1, budgetMinPerS: UNBOUNDED_PER_S } },
  },
  'no-cost-guard': {
    summary: 'Links are used whatever they cost.',
    patch: { costGuard: false },
  },
};

type Policy = Readonly<Record<string, unknown>>;

const isPolicy = (value: unknown): value is Policy => typeof value === 'object' && value !== null && !Array.isArray(value);

/** Parts that the patch names with a value; `undefined` is no value. */
const named = (patch: object): readonly (readonly [string, unknown])[] =>
  Object.entries(patch).filter(([, value]) => value !== undefined);

const refuseUnknown = (key: string, known: object, path: string) => {
  if (!Object.hasOwn(known, key)) {
    throw new TypeError(`Design patch: there is no ${path}${key}; there are ${Object.keys(known).join(', ')}.`);
  }
};

/** @param complete the policy's object in the reference design: has every part */
const patchPolicy = (name: string, current: unknown, patch: Policy, complete: Policy): Policy => {
  const changes = named(patch);
  for (const [part] of changes) refuseUnknown(part, complete, `${name}.`);
  const patched = { ...(isPolicy(current) ? current : {}), ...Object.fromEntries(changes) };
  const missing = Object.keys(complete).filter((part) => !Object.hasOwn(patched, part));
  if (missing.length > 0) {
    throw new TypeError(
      `Design patch: ${name} is off, so that a patch of it must be complete; ${missing.map((part) => `${name}.${part}`).join(', ')} is missing.`,
    );
  }
  return patched;
};

/**
 * A design with changes. Values are taken as they are: the scenario's schema checks them.
 * @throws {TypeError} with the path, for a policy or part that does not exist, an incomplete patch of a policy that is off, or a policy
 * that cannot be switched off
 */
export const applyPatch = (design: Design, patch: DesignPatch): Design => {
  const patched: Record<string, unknown> = { ...design };
  for (const [name, value] of named(patch)) {
    refuseUnknown(name, referenceDesign, '');
    const complete: unknown = referenceDesign[name as keyof Design];
    if (name === 'routing' && !isPolicy(value)) throw new TypeError('Design patch: routing cannot be switched off.');
    if (isPolicy(value) !== isPolicy(complete) && value !== false) {
      throw new TypeError(`Design patch: ${name} takes ${isPolicy(complete) ? 'false or an object' : 'false or a number'}.`);
    }
    patched[name] = isPolicy(value) ? patchPolicy(name, design[name as keyof Design], value, complete as Policy) : value;
  }
  return patched as unknown as Design;
};
