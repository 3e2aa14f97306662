import type { Fault } from '../faults/kind.ts';
import type { Intrusion } from '../load/identity/load-identity.ts';

/** Kinds of fault in which somebody does what nobody may, with what is tried. */
const KINDS: Readonly<Record<string, readonly Intrusion['kind'][]>> = {
  'token-theft': ['stolen-token'],
  'confused-deputy': ['other-tenant', 'other-model'],
};

/** What the load's intruders do, by the faults of a scenario. */
export const intrusionsOf = (faults: readonly Pick<Fault, 'kind' | 'atMs' | 'forMs' | 'settings'>[]): readonly Intrusion[] =>
  faults.flatMap(({ kind, atMs, forMs, settings }) =>
    (KINDS[kind] ?? []).map((tried) => ({
      kind: tried,
      tenant: String(settings.tenant ?? ''),
      fromMs: atMs,
      toMs: atMs + forMs,
    })),
  );
