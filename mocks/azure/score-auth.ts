import type { DenialReason } from './errors.ts';
import type { AppRegistration } from './registration.ts';
import { ML_AUDIENCE, SCORE_ACTION } from './resources.ts';
import type { TokenAuthority, TokenCheck } from './tokens.ts';

/** Entra repeats the resource as the scope had it, so both spellings are in use. */
const AUDIENCES = [ML_AUDIENCE, `${ML_AUDIENCE}/`];

/** `aaa.bbb.ccc`; an endpoint key has no dots. */
const isJwt = (text: string): boolean => {
  const first = text.indexOf('.');
  const second = text.indexOf('.', first + 1);
  return first > 0 && second > first + 1 && second < text.length - 1 && !text.includes('.', second + 1);
};

const DENIALS: Readonly<Record<Exclude<TokenCheck['type'], 'good'>, DenialReason>> = {
  expired: 'expired-token',
  'wrong-audience': 'wrong-audience',
  invalid: 'invalid-token',
};

/**
 * Decides whether a caller may score: by the endpoint's key, or by an Entra token for Azure ML that carries the permission.
 * A real endpoint is set to one of the two; this one takes either, so that one emulator serves both kinds of client.
 * @param maySignedInScore whether the application has the permission still; a key needs none
 * @returns null for a caller who may
 */
export const checkCaller = async (
  authorization: string | null,
  app: AppRegistration,
  authority: TokenAuthority,
  maySignedInScore: () => boolean = () => true,
): Promise<DenialReason | null> => {
  const bearer = /^Bearer +(\S+)$/i.exec(authorization ?? '')?.[1];
  if (!bearer) return 'bad-header';
  if (!isJwt(bearer)) return app.isEndpointKey(bearer) ? null : 'unknown-key';
  const check = await authority.verify(bearer, AUDIENCES);
  if (check.type !== 'good') return DENIALS[check.type];
  return check.roles.includes(SCORE_ACTION) && maySignedInScore() ? null : 'missing-permission';
};
