import type { EndpointRole } from '../../mocks/emulator.ts';
import type { Access } from './live/credentials.ts';

/** Knows the secrets of a run, and takes them out of texts that others have written: what a program prints is not ours to trust. */
export interface Redactor {
  /** The text with `[secret]` in place of each. */
  redact(text: string): string;
  /** Further ones, from now on. */
  learn(secrets: readonly string[]): void;
}

/** Parts of a credential that name it rather than open anything may appear in a message. */
const NAMES = new Set(['provider', 'projectId', 'tenantId', 'clientId', 'clientEmail', 'expiresAtMs']);
/** Shorter pieces would blot out words that happen to be the same. */
const MIN_SECRET_LENGTH = 12;
/** Secrets that were handed out while a run lasts; past it the oldest is forgotten. A caller that keeps its tokens has a few. */
const MAX_LEARNED = 1_000;

const secretsOf = (credential: object): readonly string[] =>
  Object.entries(credential)
    .filter(([part]) => !NAMES.has(part))
    // A PEM key is printed line by line.
    .flatMap(([, value]) => String(value).split('\n'));

/** As it stands in a form or a query, and in a header of basic authentication or a Kubernetes secret. */
const writingsOf = (secret: string): readonly string[] => [secret, encodeURIComponent(secret), btoa(secret).replace(/=+$/, '')];

const isTelling = (secret: string): boolean =>
  secret.length >= MIN_SECRET_LENGTH && !secret.startsWith('-----') && /^[\x20-\x7e]+$/.test(secret);

/**
 * @param accesses what the run was given
 * @param others secrets that are none of the providers', such as the user's own token for an image
 */
export const createRedactor = (accesses: Iterable<Access>, others: readonly string[] = []): Redactor => {
  const given = [...accesses].flatMap(({ credential, secretStoreToken }) => [secretStoreToken, ...secretsOf(credential)]);
  // Longer ones first: what is within another is no word of its own there.
  const fixed = [...new Set([...given, ...others].filter(isTelling).flatMap(writingsOf))].sort((a, b) => b.length - a.length);
  const learned = new Set<string>();
  const hide = (text: string, secret: string): string => text.replaceAll(secret, '[secret]');
  return {
    redact: (text) => [...learned].reduce(hide, fixed.reduce(hide, text)),
    learn(secrets) {
      for (const secret of secrets.filter(isTelling).flatMap(writingsOf)) learned.add(secret);
      for (const oldest of learned) {
        if (learned.size <= MAX_LEARNED) break;
        learned.delete(oldest);
      }
    },
  };
};

/** Endpoints that hand secrets out. */
const HANDS_OUT: readonly EndpointRole[] = ['secret', 'token'];
/** Of what a token endpoint answers (RFC 6749, 5.1; OpenID Connect Core, 3.1.3.3). */
const TOKENS = ['access_token', 'id_token', 'refresh_token'];

/** The secrets in the answer of an endpoint; none where it hands out none. */
export const secretsInAnswer = async (role: EndpointRole, answer: Response): Promise<readonly string[]> => {
  if (!HANDS_OUT.includes(role) || !answer.ok) return [];
  const body = (await answer
    .clone()
    .json()
    .catch(() => undefined)) as Readonly<Record<string, unknown>> | null | undefined;
  if (!body) return [];
  const credential = typeof body.credential === 'object' && body.credential ? secretsOf(body.credential) : [];
  return [...credential, ...TOKENS.flatMap((name) => (typeof body[name] === 'string' ? [body[name]] : []))];
};
