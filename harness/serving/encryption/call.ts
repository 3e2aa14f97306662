import { openScope } from '../abort.ts';
import { type ProviderRequest, parseLoosely, send } from '../clients/http.ts';
import { readSecret } from '../clients/secret-store.ts';
import { LinkError, messageOf } from '../errors.ts';
import type { KeyLink } from './key-link.ts';
import { KeyError } from './key-service.ts';

/** A request without what shows who asks. */
export type BareRequest = ProviderRequest & { readonly body: string };

/** Shows who asks, by one credential. */
export type Sign = (request: BareRequest) => Promise<ProviderRequest>;

/** Makes a signer of the workload's current credential. @throws {LinkError} */
export type OpenSigner = (
  credential: Awaited<ReturnType<typeof readSecret>>,
  link: KeyLink,
  signal: AbortSignal,
) => Promise<Sign>;

/** Asks a key service, and reads its answer's JSON. @throws {KeyError} or the signal's reason */
export type CallKeyService = (request: BareRequest, signal: AbortSignal) => Promise<Readonly<Record<string, unknown>>>;

/** A key service that has not answered within this can't be asked now. */
const TIMEOUT_MS = 1000;
/** A signer is made anew after this: tokens live an hour. */
const SIGNER_LIFE_MS = 10 * 60_000;

interface Answer {
  readonly status: number;
  readonly body: unknown;
}

/** Whether the service would say the same again, with whatever credential. AWS answers all of a caller's mistakes with 400. */
const isThrottling = ({ status, body }: Answer): boolean =>
  status === 429 || String((body as { readonly __type?: unknown } | undefined)?.__type ?? '').includes('Throttling');

/** Names of AWS's refusals of a credential, which a fresh one may mend. */
const STALE = /ExpiredToken|UnrecognizedClient|InvalidSignature/;

const isStale = ({ status, body }: Answer): boolean =>
  status === 401 || STALE.test(String((body as { readonly __type?: unknown } | undefined)?.__type ?? ''));

/**
 * @param openSigner of the cloud
 */
export const createKeyCall = (link: KeyLink, openSigner: OpenSigner): CallKeyService => {
  let signer: { readonly sign: Promise<Sign>; readonly madeAtMs: number } | undefined;

  const signerOf = (signal: AbortSignal): Promise<Sign> => {
    if (signer && performance.now() - signer.madeAtMs < SIGNER_LIFE_MS) return signer.sign;
    const made = {
      sign: readSecret(link, signal).then((secret) => openSigner(secret, link, signal)),
      madeAtMs: performance.now(),
    };
    made.sign.catch(() => {
      if (signer === made) signer = undefined;
    });
    signer = made;
    return made.sign;
  };

  const ask = async (request: BareRequest, signal: AbortSignal): Promise<Answer> => {
    const sign = await signerOf(signal);
    const { status, text } = await send(link.id, await sign(request), signal);
    return { status, body: parseLoosely(text) };
  };

  /** Once more with a fresh credential, where the first was refused. */
  const askTwice = async (request: BareRequest, signal: AbortSignal): Promise<Answer> => {
    const first = await ask(request, signal);
    if (!isStale(first)) return first;
    signer = undefined;
    return ask(request, signal);
  };

  return async (request, signal) => {
    const scope = openScope(signal, { ms: TIMEOUT_MS, reason: () => new LinkError('timeout', `no answer in ${TIMEOUT_MS} ms`) });
    try {
      const answer = await askTwice(request, scope.signal);
      if (answer.status === 200 && typeof answer.body === 'object' && answer.body !== null) {
        return answer.body as Readonly<Record<string, unknown>>;
      }
      const isRefusal = answer.status >= 400 && answer.status < 500 && !isThrottling(answer) && !isStale(answer);
      throw new KeyError(isRefusal ? 'refused' : 'unavailable', `${link.id} answered ${answer.status}.`);
    } catch (error) {
      signal.throwIfAborted();
      if (error instanceof KeyError) throw error;
      throw new KeyError('unavailable', `${link.id} cannot be asked: ${messageOf(error)}`, { cause: error });
    } finally {
      scope.close();
    }
  };
};

/** A text of an answer. @throws {KeyError} where it has none */
export const textIn = (answer: Readonly<Record<string, unknown>>, member: string, { id }: KeyLink): string => {
  const text = answer[member];
  if (typeof text === 'string' && text !== '') return text;
  throw new KeyError('unavailable', `${id} answered 200 without ${member}.`);
};
