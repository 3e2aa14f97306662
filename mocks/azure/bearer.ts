import type { TokenAuthority, TokenCheck } from './tokens.ts';

/** What a resource finds of an `Authorization` header that should carry an Entra token. */
export type BearerCheck = 'good' | 'missing' | Exclude<TokenCheck['type'], 'good'>;

/** @param audiences what a token for this resource may be for */
export const checkBearer = async (
  authorization: string | null,
  audiences: readonly string[],
  authority: TokenAuthority,
): Promise<BearerCheck> => {
  if (!authorization) return 'missing';
  const token = /^Bearer +(\S+)$/i.exec(authorization)?.[1];
  return token === undefined ? 'invalid' : (await authority.verify(token, audiences)).type;
};
