import { callerId } from '../identity/names.ts';
import type { ProbeRecord } from '../load/identity/load-identity.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { RunRecord } from '../world/world.ts';

/** What came of requests that should get no answer. */
export interface IdentityFacts {
  readonly probes: number;
  /** Those that got what they asked for and may not have; what was stolen counts only once its theft is known. */
  readonly answered: readonly ProbeRecord[];
  /** Revocations, each with how long the last answer came after it, milliseconds; 0 where none did. */
  readonly revocations: readonly { readonly name: string; readonly delayMs: number; readonly requests: number }[];
}

/** What a token that was revoked is good for is measured by itself. */
const STOLEN = 'stolen-token';

type Timed = Pick<ProbeRecord, 'sentMs'> & { readonly isOk: boolean };

const delayIn = (requests: readonly Timed[], fromMs: number, toMs: number) => {
  const after = requests.filter(({ sentMs }) => sentMs >= fromMs && sentMs < toMs);
  return {
    delayMs: Math.max(0, ...after.filter(({ isOk }) => isOk).map(({ sentMs }) => sentMs - fromMs)),
    requests: after.length,
  };
};

/** @returns undefined where nobody tried */
export const identityFacts = (
  { faults }: Pick<Scenario, 'faults'>,
  { probes, requests }: Pick<RunRecord, 'probes' | 'requests'>,
): IdentityFacts | undefined => {
  if (!probes) return undefined;
  const revocations = faults.flatMap(({ kind, name, atMs, forMs, settings }) => {
    const tenant = String(settings.tenant ?? '');
    if (kind === 'privilege-revocation') {
      const own = requests.filter((request) => callerId(request.tenant ?? '') === callerId(tenant));
      return [
        {
          name,
          ...delayIn(
            own.map(({ sentMs, outcome }) => ({ sentMs, isOk: outcome === 'ok' })),
            atMs,
            atMs + forMs,
          ),
        },
      ];
    }
    if (kind !== 'token-theft') return [];
    const thefts = probes.filter((probe) => probe.kind === STOLEN);
    const detectedMs = atMs + Number(settings.detectedAfter);
    return [
      {
        name,
        ...delayIn(
          thefts.map(({ sentMs, isAnswered }) => ({ sentMs, isOk: isAnswered })),
          detectedMs,
          Number.POSITIVE_INFINITY,
        ),
      },
    ];
  });
  return { probes: probes.length, answered: probes.filter(({ kind, isAnswered }) => isAnswered && kind !== STOLEN), revocations };
};
