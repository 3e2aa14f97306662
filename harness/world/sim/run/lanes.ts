import type { FetchHandler } from '../../../../mocks/emulator.ts';
import type { GrpcService } from '../../../../mocks/shared/grpc/service.ts';
import { SquallError } from '../../../errors.ts';
import type { Transport } from '../../../load/doors/door.ts';
import type { CreateLanes, Lane, LaneAnswer, LaneEnd, LaneRequest } from '../../../load/lane.ts';
import type { SimClock } from '../clock.ts';
import { grpcExchange } from './grpc-exchange.ts';
import { httpExchange } from './http-exchange.ts';

/** Hears of each request at the front door. */
export interface DoorObserver {
  /** The system under test gets a request. @returns what hears how it ends */
  onRequest(request: LaneRequest): DoorEnd;
}

export interface DoorEnd {
  /** The handler's promise was fulfilled, and its answer read. */
  answered(answer: LaneAnswer): void;
  /** The caller has given up. */
  abandoned(): void;
}

/** The doors of a system under test. */
export interface SimDoors {
  readonly fetch: FetchHandler;
  /** Absent where it has none: user code. */
  readonly grpc?: readonly GrpcService[];
}

export interface SimLanesOptions {
  readonly clock: SimClock;
  readonly transport: Transport;
  readonly doors: SimDoors;
  /** What the way to the handler and back costs, milliseconds. */
  readonly overheadMs: number;
  readonly observer: DoorObserver;
}

/** One request and its answer, as calls of the system under test. */
export type Exchange = (request: LaneRequest, signal: AbortSignal) => Promise<LaneEnd>;

/** What stands for sockets in the simulated world, by what lanes speak. */
const exchangeBy: Readonly<Record<Transport, (doors: SimDoors, origin: string) => Exchange>> = {
  http: ({ fetch }, origin) => httpExchange(fetch, origin),
  grpc({ grpc }, origin) {
    if (grpc) return grpcExchange(grpc, new URL(origin).host);
    throw new SquallError(
      'BAD_SCENARIO',
      'The load comes by gRPC, and the system under test, a handler of HTTP requests, has no gRPC.',
      'Take another load.door, or the reference stack.',
    );
  },
};

/** Connections to the system under test that are calls of it. */
export const createSimLanes =
  ({ clock, transport, doors, overheadMs, observer }: SimLanesOptions): CreateLanes =>
  ({ origin, count, onIdle }) => {
    const exchange = exchangeBy[transport](doors, origin);
    let isStopped = false;

    const createLane = (): Lane => {
      /** The request under way; another object for each. */
      let current: { readonly controller: AbortController; end?: DoorEnd } | undefined;

      const lane: Lane = {
        send(request, onEnd) {
          const mine: typeof current = { controller: new AbortController() };
          current = mine;
          const finish = (end: LaneEnd) => {
            if (current !== mine || isStopped) return;
            current = undefined;
            onEnd(end);
            onIdle(lane, end.type);
          };
          clock.after(overheadMs, () => {
            if (current === mine) void serve(mine, request, finish);
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

    const serve = async (
      mine: { readonly controller: AbortController; end?: DoorEnd },
      request: LaneRequest,
      finish: (end: LaneEnd) => void,
    ) => {
      if (!request.isProbe) mine.end = observer.onRequest(request);
      const end = await exchange(request, mine.controller.signal);
      if (end.type === 'answer') mine.end?.answered(end);
      finish(end);
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
