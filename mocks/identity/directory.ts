import type { JWK } from 'jose';

/** Someone who may ask the issuer for tokens: a caller of the stack, or a part of it. */
export interface IdentityClient {
  readonly id: string;
  /** Secret. */
  readonly secret: string;
  /** On whose behalf it calls; empty for nobody's. */
  readonly tenant: string;
  /** Privileges, as scopes of OAuth: `predict`, `predict:digits`, `health`, `admin`, `introspect`. */
  readonly scopes: readonly string[];
  /** Whom its tokens can be for; the first where a request names none. At least one. */
  readonly audiences: readonly string[];
  /** How long its tokens are good, seconds; as long as everybody's when left out. */
  readonly lifetimeS?: number;
}

/** What an issuer is started with. Plain data. Contains secrets. */
export interface IssuerConfig {
  /** Its name, a URL without query and fragment: what `iss` has, whatever the address at which it is reached. */
  readonly issuer: string;
  /** How long a token is good, seconds. */
  readonly lifetimeS: number;
  readonly clients: readonly IdentityClient[];
  /** Private RSA keys, in the order in which they sign; further ones are made where these do not suffice. */
  readonly keys: readonly JWK[];
}
