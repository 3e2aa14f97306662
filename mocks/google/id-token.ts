import { exportJWK, type JWK, SignJWT } from 'jose';
import { stableDigits } from './resource-names.ts';

/** Google's signer of OpenID Connect identity tokens. */
export interface IdTokens {
  /** An RS256 identity token of the service account for an audience, good for an hour. */
  issue(clientEmail: string, audience: string): Promise<string>;
  /** The key that checks them. */
  publicJwk(): Promise<JWK>;
}

const KEY_ID = 'squall-google-id-tokens';

/** The key pair is made when first needed: few runs ask for an identity token. */
export const createIdTokens = (): IdTokens => {
  let pair: Promise<CryptoKeyPair> | undefined;
  const keyPair = () => {
    pair ??= crypto.subtle.generateKey(
      { name: 'RSASSA-PKCS1-v1_5', modulusLength: 2048, publicExponent: new Uint8Array([1, 0, 1]), hash: 'SHA-256' },
      true,
      ['sign', 'verify'],
    ) as Promise<CryptoKeyPair>;
    return pair;
  };

  return {
    async issue(clientEmail, audience) {
      const nowS = Math.floor(Date.now() / 1000);
      return new SignJWT({ azp: clientEmail, email: clientEmail, email_verified: true })
        .setProtectedHeader({ alg: 'RS256', kid: KEY_ID, typ: 'JWT' })
        .setIssuer('https://accounts.google.com')
        .setAudience(audience)
        .setSubject(stableDigits(clientEmail, 21))
        .setIssuedAt(nowS)
        .setExpirationTime(nowS + 3600)
        .sign((await keyPair()).privateKey);
    },
    async publicJwk() {
      return { ...(await exportJWK((await keyPair()).publicKey)), kid: KEY_ID, alg: 'RS256', use: 'sig' };
    },
  };
};
