import {
  type ClientHttp2Session,
  type ClientHttp2Stream,
  constants,
  type ServerHttp2Stream,
  type ServerStreamResponseOptions,
} from 'node:http2';
import type { Alarms } from '../../tcp/alarms.ts';
import type { Stream } from '../../toxics/toxic.ts';
import { type BodySink, createBodyChain } from '../body-chain.ts';
import { createScope, type Tally } from '../exchange.ts';
import type { HeaderPairs, Protocol, RequestVerdict } from '../faults/fault.ts';
import { type Judgement, judge } from '../judge.ts';
import type { RequestFacts } from '../rules/request-facts.ts';
import type { RuleBook, SelectedRule } from '../rules/rule-book.ts';
import { createTap } from '../tap.ts';
import { asHeaders, createOutlet } from './pump.ts';

const { NGHTTP2_NO_ERROR, NGHTTP2_INTERNAL_ERROR, NGHTTP2_REFUSED_STREAM, NGHTTP2_CANCEL, NGHTTP2_FLAG_END_STREAM } = constants;

const PLAIN: readonly Protocol[] = ['h2'];
const GRPC: readonly Protocol[] = ['h2', 'grpc'];
const NO_RULES: readonly SelectedRule[] = [];

export interface CallOptions {
  readonly stream: ServerHttp2Stream;
  /** Names and values in turn, pseudo-headers first. */
  readonly rawHeaders: readonly string[];
  readonly flags: number;
  /** Undefined when it can't be reached; the reason then. */
  readonly upstream: ClientHttp2Session | { readonly unreachable: string };
  readonly book: RuleBook;
  readonly alarms: Alarms;
  readonly tally: Tally;
  /** The call goes on to the upstream. */
  readonly onForward: () => void;
  /** Called when the upstream has closed its connection in good order. */
  readonly upstreamGone: Set<() => void>;
  /** The connection is to be left. Says whether this call is still served. */
  readonly leave: (verdict: Extract<RequestVerdict, { readonly do: 'goaway' }>) => boolean;
}

const headerValue = (raw: readonly string[], name: string): string => {
  for (let at = 0; at < raw.length; at += 2) if (raw[at] === name) return raw[at + 1]!;
  return '';
};

const factsOf = (raw: readonly string[]): RequestFacts => ({
  method: headerValue(raw, ':method'),
  path: headerValue(raw, ':path'),
  headers: raw,
  protocols: headerValue(raw, 'content-type').startsWith('application/grpc') ? GRPC : PLAIN,
});

/** Carries a stream of HTTP/2 from the caller to the upstream, and back. */
export const serveCall = (options: CallOptions): void => {
  const { stream, rawHeaders, flags, book, alarms, tally } = options;
  const scope = createScope(alarms);
  const hasBody = (flags & NGHTTP2_FLAG_END_STREAM) === 0;
  const selected = book.rules.length === 0 ? NO_RULES : book.select(factsOf(rawHeaders));
  stream.on('error', () => undefined);
  stream.on('close', scope.close);

  const respond = (headers: string[], how: ServerStreamResponseOptions) => {
    // Node would add a date of its own; the declaration does not know how to say no.
    stream.respond(headers, { ...how, sendDate: false } as ServerStreamResponseOptions);
  };
  const answer = (status: number, headers: HeaderPairs, body: string) => {
    const isEmpty = body === '' || headerValue(rawHeaders, ':method') === 'HEAD';
    respond([':status', String(status), ...headers.flat()], { endStream: isEmpty });
    if (!isEmpty) stream.end(body);
    // What the caller still sends goes nowhere.
    stream.resume();
  };

  const carryOut = ({ final }: Judgement) => {
    if (stream.destroyed) return;
    if (final?.do === 'answer') answer(final.status, lowerCase(final.headers), final.body);
    else if (final?.do === 'reset') stream.close(final.code);
    else if (!final || options.leave(final)) forward();
  };

  const forward = () => {
    if ('unreachable' in options.upstream) {
      const body = JSON.stringify({ error: `squall's wire can't reach the upstream: ${options.upstream.unreachable}` });
      answer(502, [['content-type', 'application/json']], body);
      return;
    }
    options.onForward();
    join(options.upstream, options.upstream.request([...rawHeaders], { endStream: !hasBody, waitForTrailers: hasBody }));
  };

  const join = (session: ClientHttp2Session, upstream: ClientHttp2Stream) => {
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
          answerTrailers = asHeaders(lowerCase(trailers).flat());
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
    options.upstreamGone.add(onUpstreamGone);
    scope.defer(() => options.upstreamGone.delete(onUpstreamGone));
    stream.on('close', () => {
      if (upstream.destroyed || (stream.rstCode === NGHTTP2_NO_ERROR && isAnswerOver && isRequestOver)) return;
      upstream.close(stream.rstCode || NGHTTP2_CANCEL);
    });
  };

  const judgement = selected.length === 0 ? undefined : judge(selected, tally);
  if (!judgement) forward();
  else if (judgement.waitMs === 0) carryOut(judgement);
  else scope.after(judgement.waitMs, () => carryOut(judgement));
};

/** HTTP/2 has no capitals in names (RFC 9113, section 8.2). */
const lowerCase = (headers: HeaderPairs): HeaderPairs => headers.map(([name, value]) => [name.toLowerCase(), value]);
