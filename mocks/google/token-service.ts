import type { CredentialStore } from '../shared/credential-store.ts';
import type { AccessTokens } from './access-tokens.ts';
import type { GoogleCredential } from './credential.ts';
import type { IdTokens } from './id-token.ts';
import type { SignatureCheck } from './signed-claims.ts';

/** What Google knows of one service account: its key, its tokens. Shared by the token endpoint and the APIs. */
export interface TokenService {
  readonly credentials: CredentialStore<GoogleCredential>;
  readonly signatures: SignatureCheck;
  readonly accessTokens: AccessTokens;
  readonly idTokens: IdTokens;
  /** Google's clock, epoch milliseconds; the machine's when left out. */
  readonly nowMs?: () => number;
}
