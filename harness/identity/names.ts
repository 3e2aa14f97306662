/** What `iss` of the tokens of a run is: a name that leads nowhere (RFC 6761, section 6.2); it is reached at the link of its node. */
export const ISSUER = 'https://identity.squall.test';

/** What `aud` of callers' tokens is: the system under test. */
export const AUDIENCE = 'https://gateway.squall.test';

/** What `aud` of tokens is that parts of the stack show each other. */
export const INTERNAL_AUDIENCE = 'https://nodes.squall.test';

/** How long a token is good, seconds: what one that was stolen is good for at most, when nobody notices. */
export const LIFETIME_S = 20;

/** The same of a part's, which must go on while the issuer is away, and which no caller ever sees. */
export const PART_LIFETIME_S = 300;

/** Clients of the issuer that are none of the load's. */
export const CLIENTS = {
  /** The stack's own: asks what has become of tokens, and shows itself to its other parts. */
  stack: 'stack',
  /** May not predict. */
  idle: 'idle',
  /** May predict by another model than the one that is served. */
  elsewhere: 'elsewhere',
  /** Was a caller once. */
  former: 'former',
} as const;

/** The client that a tenant of the load calls as. */
export const callerId = (tenant: string): string => (tenant === '' ? 'caller' : `tenant:${tenant}`);
