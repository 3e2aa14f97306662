import { type CredentialStore, createCredentialStore } from '../shared/credential-store.ts';
import { sha256Hex } from '../shared/sha256.ts';
import { HuggingFaceError } from './errors.ts';

/** A user access token. */
export interface AccessToken {
  /** `hf_` and 34 letters and digits. Secret. */
  readonly accessToken: string;
  /** Its name in the user's settings; no secret. */
  readonly displayName: string;
  readonly createdAtMs: number;
}

/** The user's tokens: one at a time is good. */
export interface AccessTokens {
  readonly published: AccessToken;
  /**
   * The token that a request shows.
   * @throws {HuggingFaceError} 401, in the words of the Hub
   */
  authenticate(request: Request): AccessToken;
  /** Deletes the good token at once; another is published after `replacementAfterMs`, or never for null. */
  revoke(replacementAfterMs: number | null): Promise<void>;
  /** Ends the good token as its expiry date would, and publishes another. */
  expire(): void;
}

const ALPHABET = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
const LENGTH = 34;

/** Letters drawn evenly: bytes that would favour the first ones are drawn again. */
const drawLetters = (): string => {
  const evenly = 256 - (256 % ALPHABET.length);
  let letters = '';
  while (letters.length < LENGTH) {
    for (const byte of crypto.getRandomValues(new Uint8Array(LENGTH))) {
      if (byte < evenly && letters.length < LENGTH) letters += ALPHABET[byte % ALPHABET.length];
    }
  }
  return letters;
};

export const createAccessTokens = (): AccessTokens => {
  let minted = 0;
  const mint = (): AccessToken => {
    minted += 1;
    return { accessToken: `hf_${drawLetters()}`, displayName: `squall-${minted}`, createdAtMs: Date.now() };
  };
  const store: CredentialStore<AccessToken> = createCredentialStore(mint(), async () => mint());
  /** By digest: what is over is remembered without being kept. */
  const expired = new Map<string, string>();

  return {
    get published() {
      return store.published;
    },
    authenticate(request) {
      const [, shown] = /^Bearer +(\S+)$/i.exec(request.headers.get('authorization') ?? '') ?? [];
      const message = 'Invalid credentials in Authorization header';
      // huggingface_hub takes a 401 without this header for a repository that is not there.
      const invalid = new HuggingFaceError(401, message, {}, { 'x-error-message': message });
      if (shown === undefined) throw invalid;
      // Digests are compared, so that a guess learns nothing from how long it took.
      const digest = sha256Hex(shown);
      if (store.active && sha256Hex(store.active.accessToken) === digest) return store.active;
      const name = expired.get(digest);
      throw name === undefined ? invalid : new HuggingFaceError(401, `User Access Token "${name}" is expired`);
    },
    revoke: (replacementAfterMs) => store.revoke(replacementAfterMs),
    expire() {
      const { active } = store;
      if (!active) return;
      expired.set(sha256Hex(active.accessToken), active.displayName);
      store.renew(mint());
    },
  };
};
