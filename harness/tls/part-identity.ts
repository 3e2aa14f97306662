import type { LocalCa } from './local-ca.ts';

/** What a part of a run proves itself by, and whom it believes. Plain data, so that it crosses a process boundary. PEM. */
export interface PartIdentity {
  /** The run's authority: other parts are believed that have a certificate of it, and nobody else. */
  readonly caPem: string;
  readonly certPem: string;
  /** Secret. */
  readonly keyPem: string;
  /** Callers prove themselves too; without, servers alone do. */
  readonly isMutual: boolean;
}

/** An identity that is replaced before it ends. */
export interface IdentitySource {
  readonly current: PartIdentity;
  /** Hears of each that takes the place of the one before. @returns ends that */
  watch(listener: (identity: PartIdentity) => void): () => void;
}

/** Gives parts their identities, and new ones in time. */
export interface IdentityIssuer {
  /** @param hosts names and addresses of the part; the first is its common name */
  identityFor(hosts: readonly string[]): Promise<IdentitySource>;
  /** Issues no more. */
  close(): void;
}

/** Of its lifetime; as SPIRE does it, which renews an SVID at half of its life (spiffe.io, "SPIRE Agent Configuration Reference"; read November 2026). */
const RENEWED_AT = 0.5;

/** @param lifetimeMs of a part's certificate, milliseconds */
export const createIdentityIssuer = (
  ca: LocalCa,
  { lifetimeMs, isMutual }: { readonly lifetimeMs: number; readonly isMutual: boolean },
): IdentityIssuer => {
  const timers = new Set<NodeJS.Timeout>();
  return {
    async identityFor(hosts) {
      const listeners = new Set<(identity: PartIdentity) => void>();
      const issue = async (): Promise<PartIdentity> => ({
        caPem: ca.caCertPem,
        isMutual,
        ...(await ca.issue(hosts, { usage: 'both', lifetimeMs })),
      });
      let current = await issue();
      const renew = async () => {
        current = await issue();
        for (const listener of listeners) listener(current);
      };
      const timer = setInterval(() => void renew(), lifetimeMs * RENEWED_AT);
      timer.unref();
      timers.add(timer);
      return {
        get current() {
          return current;
        },
        watch(listener) {
          listeners.add(listener);
          return () => void listeners.delete(listener);
        },
      };
    },
    close() {
      for (const timer of timers) clearInterval(timer);
    },
  };
};
