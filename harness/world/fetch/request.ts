import { type BodySource, extractBody, LightBody } from './body.ts';
import { LightHeaders } from './headers.ts';

/** Methods that are written in capitals whatever the caller wrote, as the Fetch standard says. */
const NORMALIZED = new Set(['DELETE', 'GET', 'HEAD', 'OPTIONS', 'POST', 'PUT']);
const FORBIDDEN = new Set(['CONNECT', 'TRACE', 'TRACK']);
const BODYLESS = new Set(['GET', 'HEAD']);
const TOKEN = /^[!#$%&'*+\-.^_`|~0-9A-Za-z]+$/;

const methodOf = (given: unknown): string => {
  const method = String(given);
  const upper = method.toUpperCase();
  if (!TOKEN.test(method) || FORBIDDEN.has(upper)) throw new TypeError(`'${method}' is not a valid HTTP method.`);
  return NORMALIZED.has(upper) ? upper : method;
};

/** URLs that have been looked at, as written and as they stand: a stack asks for the same few over and over. */
const knownUrls = new Map<string, string>();
const MAX_KNOWN_URLS = 1024;

const urlOf = (input: unknown): string => {
  const known = knownUrls.get(input as string);
  if (known !== undefined) return known;
  const href = hrefOf(input);
  if (typeof input === 'string' && knownUrls.size < MAX_KNOWN_URLS) knownUrls.set(input, href);
  return href;
};

const hrefOf = (input: unknown): string => {
  let url: URL;
  try {
    url = input instanceof URL ? input : new URL(String(input));
  } catch (cause) {
    throw new TypeError(`Failed to parse URL from ${input}`, { cause });
  }
  if (url.username || url.password)
    throw new TypeError(`Request cannot be constructed from a URL that includes credentials: ${url}`);
  return url.href;
};

const neverAborted = (): AbortSignal => new AbortController().signal;

/** A request that came over a wire: its parts are nobody else's, and are kept rather than copied. */
export interface Received {
  readonly method: string;
  /** In full, as URL writes it. */
  readonly url: string;
  readonly headers: LightHeaders;
  readonly body: BodySource;
  /** Aborted when whoever sent it has gone. */
  signal(): AbortSignal;
}

/**
 * The Fetch standard's Request, without what only a browser has a use for. Its `signal` is the very one that was given, where the standard
 * makes another that follows it.
 */
export class LightRequest extends LightBody {
  readonly method: string;
  readonly url: string;
  override readonly headers: LightHeaders;
  readonly redirect: RequestRedirect;
  readonly cache = 'default';
  readonly credentials = 'same-origin';
  readonly destination = '';
  readonly duplex = 'half';
  readonly integrity = '';
  readonly keepalive = false;
  readonly mode = 'cors';
  readonly referrer = 'about:client';
  readonly referrerPolicy = '';
  #signal: AbortSignal | undefined;
  readonly #signalOf: () => AbortSignal;

  /** @param received stands for the other two */
  constructor(input: unknown, init: RequestInit = {}, received?: Received) {
    if (received) {
      super(received.body);
      this.url = received.url;
      this.method = received.method;
      this.headers = received.headers;
      this.redirect = 'follow';
      this.#signalOf = received.signal;
      return;
    }
    const from = input instanceof LightRequest ? input : undefined;
    const method = init.method === undefined ? (from?.method ?? 'GET') : methodOf(init.method);
    const { source, contentType } =
      init.body === undefined ? { source: from?.handOver(), contentType: null } : extractBody(init.body);
    if (source && source.type !== 'none' && BODYLESS.has(method))
      throw new TypeError('Request with GET/HEAD method cannot have body.');
    if (isStreamed(init.body) && !from && (init as { duplex?: string }).duplex !== 'half') {
      throw new TypeError('RequestInit: duplex option is required when sending a body.');
    }
    super(source ?? { type: 'none' });
    this.url = from ? from.url : urlOf(input);
    this.method = method;
    this.headers = new LightHeaders(init.headers ?? from?.headers);
    if (contentType !== null && !this.headers.has('content-type')) this.headers.set('content-type', contentType);
    this.redirect = init.redirect ?? from?.redirect ?? 'follow';
    const signal = init.signal === undefined ? from?.handedSignal() : (init.signal ?? undefined);
    if (signal !== undefined && !(signal instanceof AbortSignal)) {
      throw new TypeError('RequestInit: Expected signal to be an instance of AbortSignal.');
    }
    this.#signal = signal;
    this.#signalOf = neverAborted;
  }

  /** Not one that was made by a program here, but one that arrived. */
  static received(received: Received): LightRequest {
    return new LightRequest(undefined, undefined, received);
  }

  get signal(): AbortSignal {
    this.#signal ??= this.#signalOf();
    return this.#signal;
  }

  /** Undefined when none was given, and nobody has asked. */
  get givenSignal(): AbortSignal | undefined {
    return this.#signal;
  }

  /** What a request that is made from this one follows. */
  handedSignal(): AbortSignal | undefined {
    return this.#signalOf === neverAborted ? this.#signal : this.signal;
  }

  clone(): LightRequest {
    const source = this.branch();
    const signal = this.handedSignal();
    return new LightRequest(this.url, {
      method: this.method,
      headers: this.headers as unknown as Headers,
      redirect: this.redirect,
      ...bodyInit(source),
      ...(signal ? { signal } : {}),
    });
  }

  get [Symbol.toStringTag](): string {
    return 'Request';
  }
}

/** A body whose length nobody knows before it is sent; those of FormData and Blob are streams in here only. */
const isStreamed = (body: unknown): boolean =>
  body instanceof ReadableStream ||
  (typeof body === 'object' &&
    body !== null &&
    Symbol.asyncIterator in body &&
    !(body instanceof Blob || body instanceof FormData));

const bodyInit = (source: BodySource): Pick<RequestInit, 'body'> & { readonly duplex?: 'half' } => {
  if (source.type === 'none') return {};
  if (source.type === 'stream') return { body: source.stream, duplex: 'half' };
  return { body: source.type === 'text' ? source.text : (source.bytes as Uint8Array<ArrayBuffer>) };
};
