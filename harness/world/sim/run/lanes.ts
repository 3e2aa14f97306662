import type { FetchHandler } from '../../../../mocks/emulator.ts';
import type { Lane, LaneEnd, Lanes, LanesOptions } from '../../../load/lanes.ts';
import { LightRequest } from '../../fetch/request.ts';
import { LightResponse } from '../../fetch/response.ts';
import type { SimClock } from '../clock.ts';

/** Hears of each request at the front door. */
export interface DoorObserver {
  /** The system under test gets a request. @returns what hears how it ends */
  onRequest(body: string): DoorEnd;
}

export interface DoorEnd {
  /** The handler's promise was fulfilled, and its body read. */
  answered(status: number, headers: Readonly<Record<string, string>>, body: string): void;
  /** The caller has given up. */
  abandoned(): void;
}

export interface SimLanesOptions {
  readonly clock: SimClock;
  readonly handler: FetchHandler;
  /** What the way to the handler and back costs, milliseconds. */
  readonly overheadMs: number;
  readonly observer: DoorObserver;
}

/** A handler that throws, or answers with something else, is what a server answers 500 for. */
const call = async (handler: FetchHandler, request: LightRequest): Promise<LightResponse> => {
  try {
    const response: unknown = await handler(request as unknown as Request);
    if (response instanceof LightResponse) return response;
    return LightResponse.json({ error: 'The handler did not answer with a Response.' }, { status: 500 });
  } catch (error) {
    return LightResponse.json({ error: error instanceof Error ? error.message : String(error) }, { status: 500 });
  }
};

/** Connections to the system under test that are calls of its handler. */
export const createSimLanes =
  ({ clock, handler, overheadMs, observer }: SimLanesOptions) =>
  ({ url, count, onIdle }: LanesOptions): Lanes => {
    let isStopped = false;

    const createLane = (): Lane => {
      /** The request under way; another object for each. */
      let current: { readonly controller: AbortController; end?: DoorEnd } | undefined;

      const lane: Lane = {
        send(body, onEnd) {
          const mine: typeof current = { controller: new AbortController() };
          current = mine;
          const finish = (end: LaneEnd) => {
            if (current !== mine || isStopped) return;
            current = undefined;
            onEnd(end);
            onIdle(lane, end.type);
          };
          clock.after(overheadMs, () => {
            if (current === mine) void serve(mine, body, finish);
          });
        },
        abort() {
          const ended = current;
          current = undefined;
          ended?.end?.abandoned();
          ended?.controller.abort(GONE);
          onIdle(lane, 'abort');
        },
      };
      return lane;
    };

    const serve = async (mine: { controller: AbortController; end?: DoorEnd }, body: string, finish: (end: LaneEnd) => void) => {
      mine.end = observer.onRequest(body);
      const { signal } = mine.controller;
      const request = new LightRequest(url, { method: 'POST', headers: { 'content-type': 'application/json' }, body, signal });
      request.stateLength();
      const response = await call(handler, request);
      const headers = response.headers.toRecord();
      const text = await response.text().catch(() => undefined);
      if (text === undefined) return finish({ type: 'lost', reason: 'the body broke off' });
      mine.end.answered(response.status, headers, text);
      finish({ type: 'answer', status: response.status, headers, body: text });
    };

    return {
      lanes: Array.from({ length: count }, createLane),
      async stop() {
        isStopped = true;
      },
    };
  };

/** One for all: an error for each caller that goes would cost more than the rest of it. */
const GONE = new DOMException('The caller has gone.', 'AbortError');
