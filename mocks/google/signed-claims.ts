import {
  base64url,
  compactVerify,
  decodeJwt,
  decodeProtectedHeader,
  exportJWK,
  importJWK,
  importPKCS8,
  type JWTPayload,
} from 'jose';
import type { CredentialStore } from '../shared/credential-store.ts';
import type { GoogleCredential } from './credential.ts';

/**
 * Clocks may differ by this much, seconds. Google does not publish its figure; its own libraries allow
 * five minutes when they check a token (google-auth-library 11 `oauth2client.js`, `CLOCK_SKEW_SECS_`).
 */
export const CLOCK_SKEW_S = 300;

/** Longest life of a token that a service account signs, seconds. Source: developers.google.com/identity/protocols/oauth2/service-account. */
export const MAX_LIFETIME_S = 3600;

/** The claims of a compact JWS, unverified; null for text that is no JWS. */
export const readClaims = (jws: string): JWTPayload | null => {
  try {
    decodeProtectedHeader(jws);
    return decodeJwt(jws);
  } catch {
    return null;
  }
};

/** Whether a token's `iat` and `exp` fit the time now: `expired`, or otherwise `unreasonable` (missing, in the future, longer than an hour). */
export const judgeTimes = ({ iat, exp }: JWTPayload, nowMs = Date.now()): 'good' | 'expired' | 'unreasonable' => {
  if (typeof iat !== 'number' || typeof exp !== 'number') return 'unreasonable';
  const nowS = nowMs / 1000;
  if (iat > nowS + CLOCK_SKEW_S || exp <= iat || exp - iat > MAX_LIFETIME_S) return 'unreasonable';
  return exp + CLOCK_SKEW_S <= nowS ? 'expired' : 'good';
};

/** Tells whether a compact JWS was signed by the service account's active key. */
export interface SignatureCheck {
  /** True for an RS256 signature of the active key, whose id is that in the header if the header names one. */
  isSigned(jws: string): Promise<boolean>;
}

const importPublicKey = async (credential: GoogleCredential) => {
  const { kty, n, e } = await exportJWK(await importPKCS8(credential.privateKeyPem, 'RS256', { extractable: true }));
  if (!kty || !n || !e) throw new TypeError('The private key of a Google credential is an RSA key.');
  return importJWK({ kty, n, e }, 'RS256');
};

/** The key that was active last, and what has been found signed by it: a signature is good for as long as its key is. */
interface Known {
  readonly credential: GoogleCredential;
  readonly key: ReturnType<typeof importPublicKey>;
  readonly signed: Set<string>;
}

/** Signed texts that are remembered; past it the oldest is forgotten, and verified anew when it comes again. */
const MAX_SIGNED = 1000;

/** Checks against whatever key the store holds active at the time. */
export const createSignatureCheck = (credentials: CredentialStore<GoogleCredential>): SignatureCheck => {
  let known: Known | undefined;

  const knownOf = (credential: GoogleCredential): Known => {
    if (known?.credential !== credential) known = { credential, key: importPublicKey(credential), signed: new Set() };
    return known;
  };

  return {
    async isSigned(jws) {
      const { active } = credentials;
      if (!active) return false;
      if (known?.credential === active && known.signed.has(jws)) return true;
      try {
        // Base64 has several spellings of the same signature (unused bits of the last character); only the canonical one is taken.
        const signature = jws.slice(jws.lastIndexOf('.') + 1);
        if (base64url.encode(base64url.decode(signature)) !== signature) return false;
        const { kid } = decodeProtectedHeader(jws);
        if (kid !== undefined && kid !== active.privateKeyId) return false;
        const { key, signed } = knownOf(active);
        await compactVerify(jws, await key, { algorithms: ['RS256'] });
        signed.add(jws);
        const [oldest] = signed;
        if (signed.size > MAX_SIGNED && oldest !== undefined) signed.delete(oldest);
        return true;
      } catch {
        return false;
      }
    },
  };
};
