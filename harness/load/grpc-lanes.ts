import { Client, credentials, Metadata, type ServiceError, type StatusObject, status } from '@grpc/grpc-js';
import type { AnswerHeaders, CreateLanes, Lane, LaneEnd } from './lane.ts';

/** Calls that one connection holds before another is opened; HTTP/2 servers commonly allow a hundred at a time. */
const CALLS_PER_CHANNEL = 100;
/** Most connections: one thread writes to them all. */
const MAX_CHANNELS = 16;

/** Largest answer that is read, bytes. */
const MAX_ANSWER_BYTES = 1 << 20;

const OPTIONS = {
  // Channels to one address would share a connection otherwise.
  'grpc.use_local_subchannel_pool': 1,
  'grpc.max_receive_message_length': MAX_ANSWER_BYTES,
  // A request is what the system under test makes of it: nothing is sent twice.
  'grpc.enable_retries': 0,
  'grpc.service_config_disable_resolution': 1,
  // A server that comes back is found at once, not after the library's minutes.
  'grpc.initial_reconnect_backoff_ms': 100,
  'grpc.max_reconnect_backoff_ms': 1000,
};

const asBytes = (bytes: Uint8Array): Buffer => Buffer.from(bytes.buffer, bytes.byteOffset, bytes.byteLength);
const asIs = (bytes: Buffer): Buffer => bytes;

const EMPTY = new Uint8Array(0);

const textsOf = (metadata: Metadata): AnswerHeaders =>
  Object.fromEntries(Object.entries(metadata.getMap()).map(([name, value]) => [name, String(value)]));

/** What the library itself says of a call that got no answer bears nothing of a server's. */
const isOfServer = (metadata: Metadata): boolean => Object.keys(metadata.getMap()).length > 0;

/** Lanes of gRPC: calls that share some connections of grpc-js. Each call bears its deadline as `grpc-timeout`; an abort cancels it. */
export const createGrpcLanes: CreateLanes = ({ origin, count, onIdle }) => {
  const { host } = new URL(origin);
  const channels = Array.from(
    { length: Math.min(MAX_CHANNELS, Math.ceil(count / CALLS_PER_CHANNEL)) },
    () => new Client(host, credentials.createInsecure(), OPTIONS),
  );
  let isStopped = false;
  let turn = 0;

  const createLane = (): Lane => {
    /** Ends the call under way; another function for each. */
    let cancel: (() => void) | undefined;

    const lane: Lane = {
      send({ path, headers, body, deadlineMs }, onEnd) {
        const metadata = new Metadata();
        for (const [name, value] of Object.entries(headers)) metadata.set(name, value);
        let answered: AnswerHeaders = {};
        let message: Uint8Array = EMPTY;
        const channel = channels[turn++ % channels.length]!;
        const options = deadlineMs === undefined ? {} : { deadline: Date.now() + deadlineMs };
        const finish = (end: LaneEnd) => {
          if (cancel !== mine || isStopped) return;
          cancel = undefined;
          onEnd(end);
          onIdle(lane, end.type);
        };
        const call = channel.makeUnaryRequest(
          path,
          asBytes,
          asIs,
          body as Uint8Array,
          metadata,
          options,
          (error: ServiceError | null, value?: Buffer) => {
            if (value) message = value;
            if (!error || isOfServer(error.metadata) || Object.keys(answered).length > 0) return;
            // Whoever sends knows by its own clock when its time is over.
            if (error.code !== status.DEADLINE_EXCEEDED) finish({ type: 'lost', reason: error.details });
          },
        );
        const mine = () => call.cancel();
        cancel = mine;
        call.on('metadata', (initial) => {
          answered = textsOf(initial);
        });
        call.on('status', ({ code, details, metadata: trailers }: StatusObject) => {
          if (code !== status.OK && !isOfServer(trailers) && Object.keys(answered).length === 0) return;
          const headersOfAll = { ...answered, ...textsOf(trailers), 'grpc-message': details };
          finish({ type: 'answer', status: code, headers: headersOfAll, body: code === status.OK ? message : EMPTY });
        });
      },
      abort() {
        const ended = cancel;
        if (!ended) return;
        cancel = undefined;
        ended();
        onIdle(lane, 'abort');
      },
    };
    return lane;
  };

  const lanes = Array.from({ length: count }, createLane);
  return {
    lanes,
    async stop() {
      isStopped = true;
      for (const lane of lanes) lane.abort();
      for (const channel of channels) channel.close();
    },
  };
};
