import { once } from 'node:events';
import type { IncomingMessage, ServerResponse } from 'node:http';
import type { Socket } from 'node:net';
import type { Readable } from 'node:stream';
import { setTimeout as sleep } from 'node:timers/promises';
import { carrierOf } from '../tls.ts';

/** The answer, as it goes to the caller. */
export interface Answer {
  readonly status: number;
  readonly statusText: string;
  /** Names and values in turn. */
  readonly headers: readonly string[];
  readonly body: Readable | ReadableStream<Uint8Array> | string | null;
}

/** One request on a link, from its arrival until its answer is out, its caller gone, or its connection cut. */
export interface OpenExchange {
  readonly request: IncomingMessage;
  /** Aborted when the exchange is over in whichever way: everything that still works for it stops. */
  readonly over: AbortSignal;
  /** Rejects when the exchange is over before. */
  delay(ms: number): Promise<void>;
  /** Streams the answer out; nothing once the exchange is lost. */
  answer(answer: Answer): Promise<void>;
  /** From now on nothing is written: the caller waits. What it sends is still read, and the provider's work goes on. */
  lose(): void;
  readonly isLost: boolean;
  /** The answer's head is out. */
  readonly isAnswered: boolean;
  /** Cuts the connection with a TCP RST. */
  reset(): void;
}

/** One for all: making an error for each exchange that ends well would cost more than all else that is done for it here. */
const OVER = new DOMException('The exchange is over: its caller has its answer, or has gone.', 'AbortError');

/** @param onOver called once, when the exchange is over */
export const openExchange = (request: IncomingMessage, response: ServerResponse, onOver: () => void): OpenExchange => {
  const controller = new AbortController();
  const socket: Socket = request.socket;
  let isLost = false;
  response.sendDate = false;
  response.once('close', () => {
    controller.abort(OVER);
    onOver();
  });

  const writeHead = ({ status, statusText, headers }: Answer) => {
    response.writeHead(status, statusText, headers as string[]);
  };

  const writeBody = async (body: Readable | ReadableStream<Uint8Array>) => {
    for await (const chunk of body as AsyncIterable<Uint8Array>) {
      // A lost answer is drained, so that the provider finishes its work, as it would behind a dead network.
      if (isLost) continue;
      if (!response.write(chunk)) await once(response, 'drain', { signal: controller.signal });
    }
  };

  return {
    request,
    over: controller.signal,
    delay: (ms) => sleep(ms, undefined, { signal: controller.signal }),
    async answer(answer) {
      if (!isLost) writeHead(answer);
      if (typeof answer.body === 'string') {
        if (!isLost) response.end(answer.body);
        return;
      }
      if (answer.body) await writeBody(answer.body);
      if (!isLost) response.end();
    },
    lose() {
      isLost = true;
      // Whoever reads the body gets it; what nobody reads must not hold the connection up, or its end would go unseen.
      if (!request.readableFlowing && request.listenerCount('readable') === 0) request.resume();
    },
    get isLost() {
      return isLost;
    },
    get isAnswered() {
      return response.headersSent;
    },
    reset: () => void carrierOf(socket).resetAndDestroy(),
  };
};
