import { type ClientHttp2Session, constants, type ServerHttp2Stream, type ServerStreamResponseOptions } from 'node:http2';
import type { Alarms } from '../../tcp/alarms.ts';
import { createScope, type Tally } from '../exchange.ts';
import type { HeaderPairs, Protocol, RequestVerdict } from '../faults/fault.ts';
import { type Judgement, judge, waitOut } from '../judge.ts';
import type { RequestFacts } from '../rules/request-facts.ts';
import type { RuleBook, SelectedRule } from '../rules/rule-book.ts';
import { fieldsOf } from './fields.ts';
import { joinStreams } from './join.ts';

const { NGHTTP2_REFUSED_STREAM, NGHTTP2_FLAG_END_STREAM } = constants;

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
    respond([':status', String(status), ...fieldsOf(headers)], { endStream: isEmpty });
    if (!isEmpty) stream.end(body);
    // What the caller still sends goes nowhere.
    stream.resume();
  };

  const carryOut = ({ final }: Judgement) => {
    if (stream.destroyed) return;
    if (final?.do === 'answer') answer(final.status, final.headers, final.body);
    else if (final?.do === 'reset') stream.close(final.code);
    else if (!final || options.leave(final)) forward();
  };

  const forward = () => {
    if ('unreachable' in options.upstream) {
      const body = JSON.stringify({ error: `squall's wire can't reach the upstream: ${options.upstream.unreachable}` });
      answer(502, [['content-type', 'application/json']], body);
      return;
    }
    const session = options.upstream;
    // It leaves, and this call was held back until then: its sender may try again.
    if (session.closed || session.destroyed) {
      stream.close(NGHTTP2_REFUSED_STREAM);
      return;
    }
    options.onForward();
    const upstream = session.request([...rawHeaders], { endStream: !hasBody, waitForTrailers: hasBody });
    const { upstreamGone } = options;
    joinStreams({ stream, hasBody, session, upstream, selected, scope, tally, upstreamGone, respond });
  };

  const judgement = selected.length === 0 ? undefined : judge(selected, tally);
  if (!judgement) forward();
  else if (judgement.waits.length === 0) carryOut(judgement);
  else waitOut(judgement.waits, scope, () => carryOut(judgement));
};
