import { extractBody, LightBody } from './body.ts';
import { LightHeaders } from './headers.ts';

/** Statuses that have no body (Fetch standard). */
const BODYLESS = new Set([101, 103, 204, 205, 304]);
const REDIRECTS = new Set([301, 302, 303, 307, 308]);

interface Origin {
  readonly url: string;
  readonly type: ResponseType;
}

const MADE_HERE: Origin = { url: '', type: 'default' };

/** The Fetch standard's Response. */
export class LightResponse extends LightBody {
  readonly status: number;
  readonly statusText: string;
  override readonly headers: LightHeaders;
  readonly redirected = false;
  #origin: Origin = MADE_HERE;

  /** @param owned headers that nobody else holds: they are kept rather than copied */
  constructor(body: unknown = null, init: ResponseInit = {}, owned?: LightHeaders) {
    const { source, contentType } = extractBody(body);
    super(source);
    const status = init.status === undefined ? 200 : Number(init.status);
    if (!Number.isInteger(status) || status < 200 || status > 599) {
      throw new RangeError('init["status"] must be in the range of 200 to 599, inclusive.');
    }
    if (source.type !== 'none' && BODYLESS.has(status)) {
      throw new TypeError(`Response constructor: Invalid response status code ${status}`);
    }
    this.status = status;
    this.statusText = init.statusText === undefined ? '' : String(init.statusText);
    this.headers = owned ?? new LightHeaders(init.headers);
    if (contentType !== null && !this.headers.has('content-type')) this.headers.set('content-type', contentType);
  }

  static json(data: unknown, init: ResponseInit = {}): LightResponse {
    const text = JSON.stringify(data);
    if (text === undefined) throw new TypeError('Value is not JSON serializable');
    const headers = new LightHeaders(init.headers);
    if (!headers.has('content-type')) headers.set('content-type', 'application/json');
    return new LightResponse(text, init, headers);
  }

  static error(): LightResponse {
    const response = new LightResponse(null);
    Object.defineProperty(response, 'status', { value: 0 });
    response.#origin = { url: '', type: 'error' };
    return response;
  }

  static redirect(url: string | URL, status = 302): LightResponse {
    if (!REDIRECTS.has(status)) throw new RangeError(`Invalid status code ${status}`);
    return new LightResponse(null, { status, headers: { location: String(new URL(url)) } });
  }

  /** As the other side of a network sees it: the same body, under the URL that it was asked for. */
  static received(response: LightResponse, url: string): LightResponse {
    const { status, statusText, headers } = response;
    const arrived = new LightResponse(null, { status, statusText }, headers);
    arrived.takeOver(response);
    arrived.#origin = { url, type: 'basic' };
    return arrived;
  }

  get ok(): boolean {
    return this.status >= 200 && this.status < 300;
  }

  get type(): ResponseType {
    return this.#origin.type;
  }

  get url(): string {
    return this.#origin.url;
  }

  clone(): LightResponse {
    const source = this.branch();
    const copy = new LightResponse(
      source.type === 'stream'
        ? source.stream
        : source.type === 'text'
          ? source.text
          : source.type === 'bytes'
            ? source.bytes
            : null,
      { status: this.status, statusText: this.statusText, headers: this.headers as unknown as Headers },
    );
    copy.#origin = this.#origin;
    return copy;
  }

  get [Symbol.toStringTag](): string {
    return 'Response';
  }
}
