import { type CredentialStore, createCredentialStore } from '../shared/credential-store.ts';
import { type AwsCredential, mintSession, SESSION_MS } from './credential.ts';

/** A key that the provider knows. */
export interface KnownKey {
  readonly credential: AwsCredential;
  /** The session has ended: AWS still knows its key, and says that it has expired. */
  readonly isExpired: boolean;
}

/** Whoever knows which keys are good. */
export interface KeyFinder<Key extends KnownKey> {
  /** Undefined for a key that was never given out, or that was deactivated. */
  find(accessKeyId: string): Key | undefined;
}

/**
 * The workload's sessions.
 *
 * A workload on AWS holds a session of a role, not a key for life, and gets the next session from where its credentials
 * come from (instance metadata, container credentials, a vault). So here:
 * - `expire-tokens` ends the session; the secret store then publishes a fresh one, and who reads it again recovers.
 * - `revoke-credential` takes away the identity itself: none of its keys is known any more, and there is no new one until
 *   the replacement is published.
 */
export interface SessionStore extends CredentialStore<AwsCredential>, KeyFinder<KnownKey> {
  /**
   * Ends the active session now and publishes the next one.
   * @throws {TypeError} when the active credential is a long-lived key, which has no session
   */
  expireSession(): void;
}

/** New credentials are there at least five minutes before the old ones end (EC2 user guide, instance metadata, read November 2026). */
const RENEWED_BEFORE_END_MS = 5 * 60_000;

/**
 * @param initial a session, or a long-lived key
 * @param lengthMs how long the sessions that follow it last, milliseconds
 */
export const createSessionStore = (initial: AwsCredential, lengthMs = SESSION_MS): SessionStore => {
  const store = createCredentialStore<AwsCredential>(initial, async () => mintSession(lengthMs));
  /** Earlier sessions of the present identity, by access key id. */
  const former = new Map<string, AwsCredential>();

  const endsBy = (credential: AwsCredential, atMs: number) =>
    credential.expiresAtMs !== undefined && credential.expiresAtMs <= atMs;

  const succeed = (session: AwsCredential, expiresAtMs: number) => {
    former.set(session.accessKeyId, { ...session, expiresAtMs });
    store.renew(mintSession(lengthMs));
  };

  return {
    /** Reading renews a session that is about to end, as a metadata service does. */
    get published() {
      const { active } = store;
      if (active?.expiresAtMs !== undefined && endsBy(active, Date.now() + RENEWED_BEFORE_END_MS)) {
        succeed(active, active.expiresAtMs);
      }
      return store.published;
    },
    get active() {
      return store.active;
    },
    async revoke(replacementAfterMs) {
      former.clear();
      await store.revoke(replacementAfterMs);
    },
    renew: store.renew,
    find(accessKeyId) {
      const credential = store.active?.accessKeyId === accessKeyId ? store.active : former.get(accessKeyId);
      return credential && { credential, isExpired: endsBy(credential, Date.now()) };
    },
    expireSession() {
      const { active } = store;
      if (active === null) return;
      if (active.sessionToken === undefined) {
        throw new TypeError(
          'aws: the workload uses a long-lived access key, which has no session to expire; give it a session token',
        );
      }
      succeed(active, Date.now());
    },
  };
};
