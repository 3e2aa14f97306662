import { ACCOUNT_ID } from './identity.ts';
import type { KnownKey } from './session-store.ts';

/** Who makes a call. */
export interface Principal {
  readonly arn: string;
  /** IAM's unique id; of a role's session with the session's name after a colon. */
  readonly userId: string;
  /** Null for a role's session. */
  readonly userName: string | null;
}

/** A key with whom it belongs to. */
export interface AccountKey extends KnownKey {
  readonly principal: Principal;
}

/** Session of a role. */
export const sessionPrincipal = (roleName: string, roleId: string, sessionName: string): Principal => ({
  arn: `arn:aws:sts::${ACCOUNT_ID}:assumed-role/${roleName}/${sessionName}`,
  userId: `${roleId}:${sessionName}`,
  userName: null,
});

export const userPrincipal = (userName: string, path: string, userId: string): Principal => ({
  arn: `arn:aws:iam::${ACCOUNT_ID}:user${path}${userName}`,
  userId,
  userName,
});
