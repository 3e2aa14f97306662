import {
  type ClientHttp2Session,
  connect,
  constants,
  performServerHandshake,
  type ServerHttp2Session,
  type ServerHttp2Stream,
  type Settings,
} from 'node:http2';
import { type HttpConnection, type HttpConnectionOptions, resetSocket } from '../connection.ts';
import type { RequestVerdict } from '../faults/fault.ts';
import { serveCall } from './call.ts';
import { callerOptions, mirrored, upstreamOptions } from './options.ts';

const { NGHTTP2_NO_ERROR, NGHTTP2_INTERNAL_ERROR } = constants;

/** Time for what is under way to be said, before a connection that nobody needs is closed. */
const LINGER_MS = 1000;

type Leaving = Extract<RequestVerdict, { readonly do: 'goaway' }>;

/**
 * A caller's HTTP/2 connection, with one of its own to the upstream: the upstream's limits are the caller's, and its GOAWAY too.
 * Each side has its own flow control, with what a stream may have on its way between them.
 */
export const serveHttp2 = (options: HttpConnectionOptions): HttpConnection => {
  const { caller, dial, book, alarms, tally } = options;
  const socket = dial();
  // HTTP/2 has no use for half of a connection.
  for (const end of [caller, socket]) end.allowHalfOpen = false;
  const upstream = connect('http://upstream', { ...upstreamOptions, createConnection: () => socket });
  const upstreamGone = new Set<() => void>();
  let session: ServerHttp2Session | undefined;
  let highestForwarded = 0;
  /** Of the last GOAWAY that was sent. */
  let lastTaken = Number.POSITIVE_INFINITY;
  let failure: NodeJS.ErrnoException | undefined;
  /** The upstream has said which calls it takes (GOAWAY). */
  let hasSaidGoodbye = false;

  const onStream = (towards: ClientHttp2Session | { readonly unreachable: string }) => {
    return (stream: ServerHttp2Stream, _headers: unknown, flags: number, rawHeaders: string[]) => {
      options.onRequest();
      const onForward = () => {
        highestForwarded = Math.max(highestForwarded, stream.id!);
      };
      const leave = (verdict: Leaving) => leaveWith(verdict, stream);
      serveCall({ stream, rawHeaders, flags, upstream: towards, book, alarms, tally, upstreamGone, leave, onForward });
    };
  };

  const leaveWith = ({ code, isTaken }: Leaving, stream: ServerHttp2Stream): boolean => {
    // What has gone to the upstream can't be called untaken, and what has been called untaken can't be taken (RFC 9113, section 6.8).
    const taken = Math.max(isTaken ? stream.id! : stream.id! - 2, highestForwarded);
    const isServed = isTaken && stream.id! <= lastTaken;
    if (taken < lastTaken || code !== NGHTTP2_NO_ERROR) {
      lastTaken = Math.min(lastTaken, taken);
      session!.goaway(code, lastTaken);
    }
    if (!isServed) stream.close(constants.NGHTTP2_REFUSED_STREAM);
    // The GOAWAY goes out with the end of this turn; another one in the same turn could contradict it.
    setImmediate(() => {
      if (code === NGHTTP2_NO_ERROR) session!.close();
      else session!.destroy(undefined, code);
    });
    return isServed && code === NGHTTP2_NO_ERROR;
  };

  /** @param settings the upstream's */
  const start = (settings: Settings, towards: ClientHttp2Session | { readonly unreachable: string }) => {
    if (session || caller.destroyed) return;
    session = performServerHandshake(caller, callerOptions(settings));
    session.on('stream', onStream(towards));
    session.on('error', () => undefined);
    session.on('goaway', () => upstream.close());
    session.on('close', leaveUpstream);
  };

  const leaveUpstream = () => {
    if (upstream.destroyed) return;
    upstream.close();
    const alarm = alarms.after(LINGER_MS, () => upstream.destroy());
    upstream.once('close', alarm.cancel);
  };

  upstream.on('remoteSettings', (settings) => {
    if (session && !session.destroyed) session.settings(mirrored(settings));
    else start(settings, upstream);
  });
  upstream.on('goaway', (code) => {
    hasSaidGoodbye = true;
    if (code === NGHTTP2_NO_ERROR) session?.close();
    else session?.destroy(undefined, code);
  });
  upstream.on('error', (error: NodeJS.ErrnoException) => {
    failure = error;
  });
  upstream.on('close', () => {
    if (!session) {
      options.onUnreachable();
      start({}, { unreachable: failure?.message ?? 'it closed the connection' });
    } else if (session.destroyed) return;
    else if (failure?.code === 'ECONNRESET') resetSocket(caller);
    else if (failure) session.destroy(undefined, NGHTTP2_INTERNAL_ERROR);
    // It is gone in the midst of calls, as when its process dies: the caller sees what it would without a proxy, an end and no word of any call.
    else if (upstreamGone.size > 0 && !hasSaidGoodbye) caller.destroy();
    else {
      for (const tell of [...upstreamGone]) tell();
      session.close();
    }
  });
  caller.on('error', () => undefined);
  caller.on('close', leaveUpstream);

  return {
    destroy() {
      // The socket first: a session that is destroyed says GOAWAY, and a cut says nothing.
      caller.destroy();
      session?.destroy();
      upstream.destroy();
    },
  };
};
