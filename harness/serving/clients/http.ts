import { LinkError, type LinkErrorKind } from '../errors.ts';
import { readText } from '../read-text.ts';

/** A request to a provider. */
export interface ProviderRequest {
  readonly method: 'GET' | 'POST';
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body?: string;
}

/** An answer, read to its end. */
export interface ProviderAnswer {
  readonly status: number;
  readonly headers: Headers;
  readonly text: string;
}

/** A thousand predictions are about 200 kB. */
const ANSWER_LIMIT_BYTES = 8 * 1024 * 1024;

/**
 * Sends a request and reads the whole answer.
 * @param who names the other side in errors
 * @throws {LinkError} `connection`; or the signal's reason
 */
export const send = async (who: string, request: ProviderRequest, signal: AbortSignal): Promise<ProviderAnswer> => {
  const { url, method, headers, body } = request;
  let text: string | null;
  let response: Response;
  try {
    response = await fetch(url, body === undefined ? { method, headers, signal } : { method, headers, signal, body });
    text = await readText(response, ANSWER_LIMIT_BYTES);
  } catch (error) {
    // Worlds differ in what an aborted fetch throws; the reason says more than any of it.
    if (signal.aborted) throw signal.reason;
    throw new LinkError('connection', `${who} cannot be reached.`, { cause: error });
  }
  if (text === null) throw new LinkError('unavailable', `${who} answered with more than ${ANSWER_LIMIT_BYTES} bytes.`);
  return { status: response.status, headers: response.headers, text };
};

const KIND_BY_STATUS: Readonly<Record<number, LinkErrorKind>> = {
  400: 'rejected',
  401: 'credential',
  403: 'credential',
  408: 'timeout',
  413: 'rejected',
  415: 'rejected',
  422: 'rejected',
  429: 'overloaded',
};

/** What a status means where the provider says no more. Statuses that are neither success nor in the table mean that the link does not serve. */
export const kindOfStatus = (status: number): LinkErrorKind => KIND_BY_STATUS[status] ?? 'unavailable';

/** Who is refused looks at the clock: a signature may have been right, and late. */
const refusalOf = (who: string, { status, headers }: ProviderAnswer, kind: LinkErrorKind): LinkError => {
  const error = new LinkError(kind, `${who} answered ${status}.`);
  const dateMs = kind === 'credential' ? Date.parse(headers.get('date') ?? '') : Number.NaN;
  if (!Number.isNaN(dateMs)) error.providerOffsetMs = dateMs - Date.now();
  return error;
};

/**
 * The answer's JSON, if it is a success.
 * @param kindOf tells what a failure means; by its status where absent
 * @throws {LinkError}
 */
export const readJson = (
  who: string,
  answer: ProviderAnswer,
  kindOf: (answer: ProviderAnswer) => LinkErrorKind = ({ status }) => kindOfStatus(status),
): unknown => {
  if (answer.status !== 200) throw refusalOf(who, answer, kindOf(answer));
  try {
    return JSON.parse(answer.text);
  } catch {
    throw new LinkError('unavailable', `${who} answered 200 with a body that is not JSON.`);
  }
};

/** The failure's own JSON; undefined when it has none, as behind a load balancer. */
export const parseLoosely = (text: string): unknown => {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
};
