import { Readable } from 'node:stream';
import type { LightHeaders } from './headers.ts';
import { untilDone } from './outside-work.ts';

/** Taken before the globals are replaced: for what is too rare to be written again. */
const NativeResponse = globalThis.Response;

/** Where a body's bytes are. Text is encoded when somebody wants bytes. */
type Source =
  | { readonly type: 'none' }
  | { readonly type: 'text'; readonly text: string }
  | { readonly type: 'bytes'; readonly bytes: Uint8Array }
  | { readonly type: 'stream'; readonly stream: ReadableStream<Uint8Array> };

const NONE: Source = { type: 'none' };

/** A body, and the content type that it suggests. */
export interface Extracted {
  readonly source: Source;
  readonly contentType: string | null;
}

/** The Fetch standard's "extract a body". */
export const extractBody = (body: unknown): Extracted => {
  if (body === null || body === undefined) return { source: NONE, contentType: null };
  if (typeof body === 'string') return { source: textSource(body), contentType: 'text/plain;charset=UTF-8' };
  if (body instanceof ReadableStream) {
    if (body.locked || isDisturbed(body)) throw new TypeError('Response body object should not be disturbed or locked');
    return { source: { type: 'stream', stream: body }, contentType: null };
  }
  if (body instanceof URLSearchParams) {
    return { source: textSource(String(body)), contentType: 'application/x-www-form-urlencoded;charset=UTF-8' };
  }
  if (ArrayBuffer.isView(body)) return { source: copyOf(body.buffer, body.byteOffset, body.byteLength), contentType: null };
  if (body instanceof ArrayBuffer) return { source: copyOf(body, 0, body.byteLength), contentType: null };
  if (body instanceof Blob || body instanceof FormData) {
    const native = new NativeResponse(body);
    return { source: { type: 'stream', stream: whole(native) }, contentType: native.headers.get('content-type') };
  }
  if (typeof body === 'object' && Symbol.asyncIterator in body) {
    return { source: { type: 'stream', stream: iterated(body as AsyncIterable<Uint8Array>) }, contentType: null };
  }
  return { source: textSource(String(body)), contentType: 'text/plain;charset=UTF-8' };
};

/** Node's declarations have web streams of their own. */
const isDisturbed = (stream: ReadableStream): boolean => Readable.isDisturbed(stream as never);

/** TypeScript's declarations of the web platform lack `ReadableStream.from`. */
const iterated = (iterable: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> =>
  (ReadableStream as unknown as { from(iterable: AsyncIterable<Uint8Array>): ReadableStream<Uint8Array> }).from(iterable);

/** A body of the platform's own. */
const whole = (native: globalThis.Response): ReadableStream<Uint8Array> =>
  new ReadableStream<Uint8Array>(
    {
      async pull(controller) {
        const bytes = new Uint8Array(await untilDone(native.arrayBuffer()));
        if (bytes.byteLength > 0) controller.enqueue(bytes);
        controller.close();
      },
    },
    { highWaterMark: 0 },
  );

const textSource = (text: string): Source => ({ type: 'text', text: text.isWellFormed() ? text : text.toWellFormed() });

const copyOf = (buffer: ArrayBufferLike, offset: number, length: number): Source => ({
  type: 'bytes',
  bytes: new Uint8Array(buffer.slice(offset, offset + length)),
});

const readAll = async (stream: ReadableStream<Uint8Array>): Promise<Uint8Array> => {
  const chunks: Uint8Array[] = [];
  for await (const chunk of stream) {
    if (!(chunk instanceof Uint8Array)) throw new TypeError('Received non-Uint8Array chunk');
    chunks.push(chunk);
  }
  return chunks.length === 1 ? chunks[0]! : new Uint8Array(Buffer.concat(chunks));
};

/** What Request and Response have in common: a body that is read once. */
export abstract class LightBody {
  #source: Source;
  /** Made when somebody asks for `body`. */
  #stream: ReadableStream<Uint8Array> | undefined;
  #isRead = false;

  constructor(source: Source) {
    this.#source = source;
    if (source.type === 'stream') this.#stream = source.stream;
  }

  get body(): ReadableStream<Uint8Array> | null {
    if (this.#source.type === 'none') return null;
    this.#stream ??= this.#isRead ? emptyStream() : this.#toStream();
    return this.#stream;
  }

  get bodyUsed(): boolean {
    return this.#isRead || (this.#stream !== undefined && isDisturbed(this.#stream));
  }

  /** Says how long the body is, as whoever writes a message to a wire does where it is known. */
  stateLength(): void {
    const { headers, knownLength } = this;
    if (knownLength && !headers.has('content-length')) headers.set('content-length', String(knownLength));
  }

  /** Length in bytes; null for a stream, whose length nobody knows. */
  get knownLength(): number | null {
    const source = this.#source;
    if (source.type === 'none') return 0;
    if (source.type === 'text') return Buffer.byteLength(source.text);
    return source.type === 'bytes' ? source.bytes.byteLength : null;
  }

  /** The text, where the body was made of text, whether or not it has been read: for whoever looks on. */
  get knownText(): string | null {
    return this.#source.type === 'text' ? this.#source.text : null;
  }

  /** What a writer sends in one piece: the text or bytes of a body that has not been read, which is read then. Null where there is a stream. */
  takeWhole(): string | Uint8Array | null {
    if (this.#stream !== undefined || this.#source.type === 'stream') return null;
    const source = this.#source;
    this.#take();
    return source.type === 'text' ? source.text : source.type === 'bytes' ? source.bytes : '';
  }

  async text(): Promise<string> {
    if (this.#source.type === 'text' && this.#stream === undefined) {
      this.#take();
      const { text } = this.#source;
      return text.charCodeAt(0) === 0xfeff ? text.slice(1) : text;
    }
    return new TextDecoder().decode(await this.bytes());
  }

  async json(): Promise<unknown> {
    return JSON.parse(await this.text());
  }

  async bytes(): Promise<Uint8Array> {
    this.#take();
    const source = this.#source;
    if (source.type === 'none') return new Uint8Array();
    return source.type === 'stream' ? readAll(source.stream) : encode(source);
  }

  async arrayBuffer(): Promise<ArrayBuffer> {
    const bytes = await this.bytes();
    return bytes.buffer.slice(bytes.byteOffset, bytes.byteOffset + bytes.byteLength) as ArrayBuffer;
  }

  async blob(): Promise<Blob> {
    return new Blob([(await this.bytes()) as Uint8Array<ArrayBuffer>], { type: this.headers.get('content-type') ?? '' });
  }

  async formData(): Promise<FormData> {
    const bytes = (await this.bytes()) as Uint8Array<ArrayBuffer>;
    return untilDone(
      new NativeResponse(bytes, { headers: { 'content-type': this.headers.get('content-type') ?? '' } }).formData(),
    );
  }

  /** Those of the message that the body belongs to. */
  abstract readonly headers: LightHeaders;

  /** A second body like this one, which must not have been read. */
  protected branch(): Source {
    if (this.bodyUsed || this.#stream?.locked) throw new TypeError('Response.clone: Body has already been consumed.');
    const source = this.#source;
    if (source.type !== 'stream') return source;
    const [mine, other] = source.stream.tee();
    this.#source = { type: 'stream', stream: mine };
    this.#stream = mine;
    return { type: 'stream', stream: other };
  }

  /** Takes another's body in the place of none. */
  protected takeOver(other: LightBody): void {
    this.#source = other.handOver();
    if (this.#source.type === 'stream') this.#stream = this.#source.stream;
  }

  /** Hands the body over: this one is read then. */
  protected handOver(): Source {
    const source = this.#source;
    if (source.type !== 'none') this.#take();
    return source;
  }

  #take(): void {
    if (this.#source.type === 'none') return;
    if (this.bodyUsed || this.#stream?.locked) throw new TypeError('Body is unusable: Body has already been read');
    this.#isRead = true;
    // Whoever holds the stream finds it taken.
    if (this.#stream && this.#source.type !== 'stream') this.#stream.getReader();
  }

  #toStream(): ReadableStream<Uint8Array> {
    const source = this.#source as Exclude<Source, { type: 'none' } | { type: 'stream' }>;
    const stream = new ReadableStream<Uint8Array>(
      {
        pull(controller) {
          const bytes = encode(source);
          if (bytes.byteLength > 0) controller.enqueue(bytes);
          controller.close();
        },
      },
      { highWaterMark: 0 },
    );
    // `for await` over a whole body is what servers do with it: one chunk, without a reader and its queue.
    const iterate = stream[Symbol.asyncIterator].bind(stream);
    Object.defineProperty(stream, Symbol.asyncIterator, {
      value: () => {
        if (stream.locked || isDisturbed(stream)) return iterate();
        const isFirst = !this.#isRead;
        this.#isRead = true;
        return oneChunk(isFirst ? encode(source) : new Uint8Array());
      },
    });
    return stream;
  }
}

/** An asynchronous iterator over at most one chunk. */
const oneChunk = (bytes: Uint8Array): AsyncIterableIterator<Uint8Array> => {
  let isOver = bytes.byteLength === 0;
  const end = () => {
    isOver = true;
    return Promise.resolve({ done: true, value: undefined } as const);
  };
  return {
    next() {
      if (isOver) return end();
      isOver = true;
      return Promise.resolve({ done: false, value: bytes });
    },
    return: end,
    [Symbol.asyncIterator]() {
      return this;
    },
  };
};

const encoder = new TextEncoder();

const encode = (source: Exclude<Source, { type: 'none' } | { type: 'stream' }>): Uint8Array =>
  source.type === 'bytes' ? source.bytes : encoder.encode(source.text);

/** The stream of a body that has been read already: locked, as it would be. */
const emptyStream = (): ReadableStream<Uint8Array> => {
  const stream = new ReadableStream<Uint8Array>({ start: (controller) => controller.close() });
  stream.getReader();
  return stream;
};

/** Reads nothing off a body, and hands it to another message. */
export type BodySource = Source;
