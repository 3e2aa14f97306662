import { type ClientHttp2Session, type ClientHttp2Stream, constants, type ServerHttp2Stream } from 'node:http2';
import type { Stream } from '../../toxics/toxic.ts';
import { type BodySink, createBodyChain } from '../body-chain.ts';
import type { Scope, Tally } from '../exchange.ts';
import type { SelectedRule } from '../rules/rule-book.ts';
import { createTap } from '../tap.ts';
import { asHeaders, fieldsOf } from './fields.ts';
import { createOutlet } from './outlet.ts';

const { NGHTTP2_NO_ERROR, NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM, NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM } = constants;

export interface JoinOptions {
  /** The caller's. */
  readonly stream: ServerHttp2Stream;
  readonly hasBody: boolean;
  readonly session: ClientHttp2Session;
  /** The one that goes on with the call, on that session. */
  readonly upstream: ClientHttp2Stream;
  readonly selected: readonly SelectedRule[];
  readonly scope: Scope;
  readonly tally: Tally;
  /** Called when the upstream has closed its connection in good order. */
  readonly upstreamGone: Set<() => void>;
  /** Answers the caller. @param headers names and values in turn */
  readonly respond: (headers: string[], how: { readonly endStream?: boolean; readonly waitForTrailers?: boolean }) => void;
}

/** Joins a stream of the caller's to one to the upstream: bodies through their faults, 1xx, trailers, resets with their codes. */
export const joinStreams = (options: JoinOptions): void => {
  const { stream, hasBody, session, upstream, selected, scope, tally, upstreamGone, respond } = options;
  const taps = { upstream: createTap(stream), downstream: createTap(upstream) };
  const outlets = { upstream: createOutlet(upstream, taps.upstream), downstream: createOutlet(stream, taps.downstream) };
  let isRequestOver = !hasBody;
  let isAnswerOver = false;

  const chainOf = (direction: Stream, sink: BodySink) =>
    selected.length === 0
      ? undefined
      : createBodyChain({
          selected,
          stream: direction,
          sink,
          scope,
          tally,
          setHeldUp: (isHeldUp) => taps[direction].set('held by a fault', isHeldUp),
        });
  const abandonUpstream = (code: number) => {
    if (!upstream.closed) upstream.close(code);
    stream.resume();
  };
  const resetCaller = (code: number) =>
    outlets.downstream.flushed(() => {
      if (!stream.destroyed) stream.close(code);
    });

  if (hasBody) {
    let trailers = {};
    const chain = chainOf('upstream', {
      ...outlets.upstream,
      cut(by) {
        if (by === 'close') {
          outlets.upstream.end();
          stream.resume();
          return;
        }
        abandonUpstream(NGHTTP2_CANCEL);
        resetCaller(NGHTTP2_INTERNAL_ERROR);
      },
      endWith: () => undefined,
    });
    const into = chain ?? outlets.upstream;
    stream.on('trailers', (_headers, _flags, raw) => {
      trailers = asHeaders(raw);
    });
    stream.on('data', (bytes: Buffer) => into.write(bytes));
    stream.on('end', () => {
      isRequestOver = true;
      // A reset ends what is readable too, and is no end of the request.
      if (stream.rstCode === NGHTTP2_NO_ERROR) into.end();
    });
    upstream.on('wantTrailers', () => upstream.sendTrailers(trailers));
  }

  let answerTrailers = {};
  upstream.on('headers', (headers) => {
    if (!stream.destroyed && !stream.headersSent) stream.additionalHeaders(headers);
  });
  upstream.on('response', (_headers, answerFlags, raw) => {
    if (stream.destroyed || stream.closed) return;
    const chain = chainOf('downstream', {
      ...outlets.downstream,
      cut(by) {
        isAnswerOver = true;
        answerTrailers = {};
        if (by === 'close') outlets.downstream.end();
        else resetCaller(NGHTTP2_INTERNAL_ERROR);
        abandonUpstream(NGHTTP2_CANCEL);
      },
      endWith(trailers) {
        isAnswerOver = true;
        answerTrailers = asHeaders(fieldsOf(trailers));
        outlets.downstream.end();
        abandonUpstream(NGHTTP2_CANCEL);
      },
    });
    const isEmpty = (answerFlags & NGHTTP2_FLAG_END_STREAM) !== 0;
    if (isEmpty && !chain) isAnswerOver = true;
    respond([...raw], isEmpty && !chain ? { endStream: true } : { waitForTrailers: true });
    const into = chain ?? outlets.downstream;
    upstream.on('data', (bytes: Buffer) => into.write(bytes));
    upstream.on('end', () => {
      // A reset is carried by `close`.
      if (upstream.rstCode !== NGHTTP2_NO_ERROR || isAnswerOver) return;
      isAnswerOver = true;
      into.end();
    });
    stream.on('wantTrailers', () => {
      if (!stream.destroyed) stream.sendTrailers(answerTrailers);
    });
  });
  upstream.on('trailers', (_headers, _flags, raw) => {
    if (!isAnswerOver) answerTrailers = asHeaders(raw);
  });

  upstream.on('error', (error: NodeJS.ErrnoException) => {
    // The upstream is leaving, and has not taken this one.
    if (error.code === 'ERR_HTTP2_GOAWAY_SESSION' || error.code === 'ERR_HTTP2_INVALID_SESSION')
      resetCaller(NGHTTP2_REFUSED_STREAM);
  });
  upstream.on('close', () => {
    // An upload that the upstream has stopped listening to goes nowhere.
    if (isAnswerOver && !isRequestOver) taps.upstream.set('reader is full', false);
    // How the connection ended is told to all of its calls by whoever knows.
    if (session.destroyed || stream.destroyed || isAnswerOver) return;
    if (upstream.rstCode !== NGHTTP2_NO_ERROR) resetCaller(upstream.rstCode);
  });
  const onUpstreamGone = () => {
    if (!isAnswerOver) resetCaller(NGHTTP2_CANCEL);
  };
  upstreamGone.add(onUpstreamGone);
  scope.defer(() => upstreamGone.delete(onUpstreamGone));
  stream.on('close', () => {
    if (upstream.destroyed || (stream.rstCode === NGHTTP2_NO_ERROR && isAnswerOver && isRequestOver)) return;
    upstream.close(stream.rstCode || NGHTTP2_CANCEL);
  });
};
