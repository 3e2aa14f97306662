import type { IdentityClient } from './directory.ts';
import { oauthError } from './oauth-error.ts';

const FORM = 'application/x-www-form-urlencoded';
const BODY_LIMIT = 16 * 1024;

/** A request of a client that has shown its secret. */
export interface ClientRequest {
  readonly client: IdentityClient;
  readonly form: URLSearchParams;
}

const decoder = new TextDecoder('utf-8', { fatal: true });

/** `client_secret_basic`: both parts are form-encoded before they are put together (RFC 6749, section 2.3.1). */
const basicOf = (authorization: string): readonly [id: string, secret: string] | undefined => {
  const [, encoded] = /^Basic ([A-Za-z0-9+/=]+)$/i.exec(authorization) ?? [];
  if (encoded === undefined) return undefined;
  try {
    const text = decoder.decode(Uint8Array.from(atob(encoded), (letter) => letter.charCodeAt(0)));
    const colon = text.indexOf(':');
    if (colon < 0) return undefined;
    const plain = (part: string) => decodeURIComponent(part.replaceAll('+', ' '));
    return [plain(text.slice(0, colon)), plain(text.slice(colon + 1))];
  } catch {
    return undefined;
  }
};

/** Takes as long whatever the first difference is; the length may be told. */
const isSame = (shown: string, right: string): boolean => {
  if (shown.length !== right.length) return false;
  let difference = 0;
  for (let at = 0; at < right.length; at += 1) difference |= shown.charCodeAt(at) ^ right.charCodeAt(at);
  return difference === 0;
};

/** A parameter that comes twice is an error of the request (RFC 6749, section 3.2). */
const hasRepeats = (form: URLSearchParams): boolean => [...form.keys()].length !== new Set(form.keys()).size;

/**
 * The form of a request to one of the issuer's endpoints, and the client that makes it: by `client_secret_basic` or `client_secret_post`,
 * never both (RFC 6749, section 2.3).
 * @returns the error, where there is one
 */
export const authenticateClient = async (
  request: Request,
  clientOf: (id: string) => IdentityClient | undefined,
): Promise<ClientRequest | Response> => {
  const type = request.headers.get('content-type')?.split(';', 1)[0]?.trim().toLowerCase();
  if (type !== FORM) return oauthError('invalid_request', `The body has to be ${FORM}.`);
  const text = await request.text();
  if (text.length > BODY_LIMIT) return oauthError('invalid_request', 'The body is too large.');
  const form = new URLSearchParams(text);
  if (hasRepeats(form)) return oauthError('invalid_request', 'A parameter comes more than once.');
  const authorization = request.headers.get('authorization');
  const [id, secret] = [form.get('client_id'), form.get('client_secret')];
  if (authorization !== null && secret !== null) {
    return oauthError('invalid_request', 'The client authenticates by more than one method.');
  }
  const shown =
    authorization === null ? (id !== null && secret !== null ? ([id, secret] as const) : undefined) : basicOf(authorization);
  if (!shown) return oauthError('invalid_client', 'The client does not authenticate.');
  if (authorization !== null && id !== null && id !== shown[0]) {
    return oauthError('invalid_request', 'client_id names another client than the one that authenticates.');
  }
  const client = clientOf(shown[0]);
  if (!client || !isSame(shown[1], client.secret)) {
    return oauthError('invalid_client', 'There is no such client, or its secret is another.');
  }
  return { client, form };
};
