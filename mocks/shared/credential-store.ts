/** The workload's long-lived credential through its rotations. */
export interface CredentialStore<Credential> {
  /** What the secret store hands out. After a revocation it is the dead one until the replacement is there, as at a provider. */
  readonly published: Credential;
  /** What the provider accepts; null between a revocation and its replacement. */
  readonly active: Credential | null;
  /** Deactivates the active credential at once and publishes a new one after `replacementAfterMs`; never for null. */
  revoke(replacementAfterMs: number | null): Promise<void>;
  /** Publishes the identity's next credential at once, as when a session is renewed. Nothing happens while there is no active one. */
  renew(next: Credential): void;
}

/** @param mint makes the replacement */
export const createCredentialStore = <Credential>(
  initial: Credential,
  mint: () => Promise<Credential>,
): CredentialStore<Credential> => {
  let published = initial;
  let active: Credential | null = initial;
  /** Counts revocations, so that a replacement ordered before a later revocation is dropped. */
  let generation = 0;

  const replace = async (ordered: number) => {
    const replacement = await mint();
    if (ordered !== generation) return;
    published = replacement;
    active = replacement;
  };

  return {
    get published() {
      return published;
    },
    get active() {
      return active;
    },
    async revoke(replacementAfterMs) {
      active = null;
      generation += 1;
      const ordered = generation;
      if (replacementAfterMs === null) return;
      if (replacementAfterMs === 0) await replace(ordered);
      else setTimeout(() => void replace(ordered), replacementAfterMs);
    },
    renew(next) {
      if (active === null) return;
      published = next;
      active = next;
    },
  };
};
