import type { BodyReader } from './body-reader.ts';
import { NotHttp } from './head.ts';

/** What is done with a message whose head has come. */
export interface MessagePlan {
  readonly body: BodyReader;
  /** Gets all bytes of the message as they are, the head's included; left out, nothing passes but what the body's reader hands on. */
  readonly raw?: (bytes: Buffer) => void;
}

export interface MessageHandler {
  /** A head, with its empty line. Undefined: nothing more is read until `go`. @throws {NotHttp} */
  onHead(raw: Buffer): MessagePlan | undefined;
  /** The body is over. Nothing more is read until `next`. */
  onEnd(): void;
}

/** Takes a direction of a connection apart into messages. */
export interface MessageReader {
  /** @throws {NotHttp} and whatever the handler throws */
  feed(bytes: Buffer): void;
  /** The head that has come last is to be dealt with so. */
  go(plan: MessagePlan): void;
  /** The next message is looked for. */
  next(): void;
  /** Bytes that have come and are not dealt with. */
  readonly pendingBytes: number;
  /** A body is being read that ends with the connection. */
  readonly isInBody: boolean;
  /** Takes what is pending out: the bytes mean something else from here on. */
  take(): Buffer;
}

/** As Node's own limit for all headers together, and twice that: what passes a server must pass here. */
export const MAX_HEAD_BYTES = 64 * 1024;

const EMPTY = Buffer.alloc(0);
const HEAD_END = '\r\n\r\n';
const CR = 0x0d;
const LF = 0x0a;

export const createMessageReader = (handler: MessageHandler): MessageReader => {
  let state: 'head' | 'decision' | 'body' | 'end' = 'head';
  let rest: Buffer = EMPTY;
  let searchedTo = 0;
  let head: Buffer = EMPTY;
  let plan: MessagePlan | undefined;
  let isRunning = false;

  const readHead = (): boolean => {
    // Empty lines before a request are ignored (RFC 9112, section 2.2).
    while (searchedTo === 0 && rest.length > 0 && (rest[0] === CR || rest[0] === LF)) rest = rest.subarray(1);
    const found = rest.indexOf(HEAD_END, Math.max(0, searchedTo - HEAD_END.length), 'latin1');
    if (found < 0 ? rest.length > MAX_HEAD_BYTES : found > MAX_HEAD_BYTES) {
      throw new NotHttp(`expected a head of at most ${MAX_HEAD_BYTES} bytes`);
    }
    searchedTo = rest.length;
    if (found < 0) return false;
    searchedTo = 0;
    const end = found + HEAD_END.length;
    state = 'decision';
    head = rest.subarray(0, end);
    const whole = rest;
    rest = rest.subarray(end);
    const decided = handler.onHead(head);
    if (decided) begin(decided, whole);
    return decided !== undefined;
  };

  /** @param whole the head, and what came with it: in one piece it goes on in one write */
  const begin = (decided: MessagePlan, whole: Buffer) => {
    plan = decided;
    state = 'body';
    if (!decided.raw) return;
    const taken = decided.body.isOver ? 0 : decided.body.read(whole, head.length);
    decided.raw(whole.subarray(0, head.length + taken));
    rest = rest.subarray(taken);
  };

  const readBody = (): boolean => {
    const { body, raw } = plan!;
    if (!body.isOver && rest.length > 0) {
      const bytes = rest;
      const taken = body.read(bytes, 0);
      rest = bytes.subarray(taken);
      if (taken > 0) raw?.(bytes.subarray(0, taken));
    }
    if (!body.isOver) return false;
    state = 'end';
    plan = undefined;
    handler.onEnd();
    return true;
  };

  const run = () => {
    if (isRunning) return;
    isRunning = true;
    try {
      let goesOn = true;
      while (goesOn) {
        if (state === 'head') goesOn = rest.length > 0 && readHead();
        else if (state === 'body') goesOn = readBody();
        else goesOn = false;
      }
    } finally {
      isRunning = false;
    }
  };

  return {
    feed(bytes) {
      rest = rest.length === 0 ? bytes : Buffer.concat([rest, bytes]);
      run();
    },
    go(decided) {
      begin(decided, rest.length === 0 ? head : Buffer.concat([head, rest]));
      run();
    },
    next() {
      if (state !== 'end') return;
      state = 'head';
      run();
    },
    get pendingBytes() {
      return rest.length;
    },
    get isInBody() {
      return state === 'body';
    },
    take() {
      const bytes = rest;
      rest = EMPTY;
      return bytes;
    },
  };
};
