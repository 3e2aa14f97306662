import type { Flow, Stream } from '../../toxics/toxic.ts';
import { createBodyChain } from '../body-chain.ts';
import { cutSocket, type HttpConnection, type HttpConnectionOptions } from '../connection.ts';
import { createScope } from '../exchange.ts';
import type { CutBy } from '../faults/fault.ts';
import { type Judgement, judge, waitOut } from '../judge.ts';
import { createTap } from '../tap.ts';
import { openTunnel } from '../websocket/tunnel.ts';
import { formatAnswer, type Http1Answer, refusal } from './answer.ts';
import { type BodyReader, createBodyReader } from './body-reader.ts';
import { createHttp1BodySink } from './body-sink.ts';
import { type Http1Exchange, openExchange } from './exchange.ts';
import { framingOfRequest, framingOfResponse, NotHttp, readRequestHead, readResponseHead } from './head.ts';
import { createMessageReader, MAX_HEAD_BYTES, type MessagePlan } from './message-reader.ts';
import { swallow } from './swallow.ts';
import { protocolsOf } from './traits.ts';
import { createUpstreamEnd } from './upstream-end.ts';

const NO_RULES: Http1Exchange['selected'] = [];
const NOTHING = Buffer.alloc(0);

/**
 * A caller's HTTP/1.1 connection, with one of its own to the upstream. Messages pass as the bytes that they are, so that order, case and
 * framing stay; only what a fault touches is taken apart. One exchange at a time: a pipelined request waits for the answer before it.
 */
export const serveHttp1 = (options: HttpConnectionOptions): HttpConnection => {
  const { caller, dial, book, alarms, tally } = options;
  const callerTap = createTap(caller);
  let exchange: Http1Exchange | undefined;
  /** Both directions, once the connection is no longer HTTP. */
  let tunnel: Readonly<Record<Stream, Flow>> | undefined;
  let hasCallerEnded = false;
  /** What either side still says goes nowhere. */
  let isCut = false;
  /** The answer's body ends with the connection. */
  let isUntilClose = false;

  const upstream = createUpstreamEnd({
    dial,
    alarms,
    onData: (bytes) => fed(() => (tunnel ? tunnel.downstream.write(bytes) : answers.feed(bytes)), 502),
    onDrain: () => callerTap.set('reader is full', false),
    onEnd() {
      if (tunnel) tunnel.downstream.end();
      // It closed while a request was held that it has not seen: that one gets another.
      else if (exchange && !exchange.isForwarded) upstream.forget();
      else if (!exchange?.answerChain || exchange.isAnswerOver) passUpstreamEnd();
      else if (answers.isInBody && isUntilClose) exchange.answerChain.end();
      else if (answers.isInBody) exchange.answerChain.abort();
    },
    onReset: () => cut('reset'),
    onUnreachable(error) {
      options.onUnreachable();
      if (exchange) refuse(502, `squall's wire can't reach the upstream: ${error.message}`);
      else destroy();
    },
  });

  const destroy = () => {
    exchange?.scope.close();
    caller.destroy();
    upstream.forget();
  };
  const cut = (by: CutBy) => {
    isCut = true;
    exchange?.scope.close();
    upstream.cut(by);
    cutSocket(caller, by, alarms);
  };
  /** What was written before goes out first, as far as the caller takes it. */
  const cutBody = (by: CutBy) => {
    if (by === 'close' || caller.writableLength === 0) cut(by);
    else caller.write(NOTHING, () => cut(by));
  };
  const toCaller = (bytes: Buffer) => {
    if (!caller.writable || caller.write(bytes)) return;
    if (upstream.isOpen) upstream.pause('reader is full', true);
    else callerTap.set('its answers are not read', true);
  };
  const toUpstream = (bytes: Buffer) => {
    if (!upstream.write(bytes)) callerTap.set('reader is full', true);
  };
  caller.on('drain', () => {
    upstream.pause('reader is full', false);
    callerTap.set('its answers are not read', false);
  });
  const setHeldUp = (stream: Stream, isHeldUp: boolean) => {
    if (stream === 'upstream') callerTap.set('held by a fault', isHeldUp);
    else upstream.pause('held by a fault', isHeldUp);
  };

  /** The caller says no more: the upstream is told once all that came before has gone on. */
  const passCallerEnd = () => {
    if (!hasCallerEnded) return;
    // Half a head: it will not become a request.
    if (!exchange && requests.pendingBytes > 0) cut('close');
    if (requests.pendingBytes > 0 || (exchange && !exchange.isForwarded)) return;
    if (exchange?.requestChain && !exchange.isRequestOver) return;
    if (upstream.isOpen) upstream.end();
    else if (!exchange) caller.end();
  };
  const passUpstreamEnd = () => {
    if (upstream.hasEnded) cut('close');
  };

  const settle = () => {
    if (!exchange?.isRequestOver || !exchange.isAnswerOver) return;
    exchange.scope.close();
    exchange = undefined;
    callerTap.set('waiting for its turn', false);
    if (upstream.hasEnded) {
      passUpstreamEnd();
      return;
    }
    fed(() => requests.next(), 400);
    passCallerEnd();
  };
  const answerOver = () => {
    exchange!.isAnswerOver = true;
    settle();
  };
  const answer = (what: Http1Answer, isLast: boolean) => {
    toCaller(formatAnswer(what, exchange?.head.method ?? 'GET', isLast));
    if (isLast) cut('close');
    else answerOver();
  };
  const refuse = (status: number, message: string) => answer(refusal(status, message), true);

  const chainOf = (stream: Stream, sink: Parameters<typeof createBodyChain>[0]['sink']) =>
    exchange!.selected.length === 0
      ? undefined
      : createBodyChain({
          selected: exchange!.selected,
          stream,
          sink,
          scope: exchange!.scope,
          tally,
          setHeldUp: (isHeldUp) => setHeldUp(stream, isHeldUp),
        });

  let requestEnd: () => void = () => undefined;
  const forward = (): MessagePlan => {
    const { head } = exchange!;
    exchange!.isForwarded = true;
    upstream.open();
    const framing = framingOfRequest(head);
    let reader: BodyReader;
    const over = () => {
      if (!exchange) return;
      exchange.isRequestOver = true;
      passCallerEnd();
      settle();
    };
    const chain = chainOf(
      'upstream',
      createHttp1BodySink({ framing, reader: () => reader, write: toUpstream, onEnd: over, cut }),
    );
    requestEnd = chain ? () => chain.end() : over;
    if (!chain) return { body: createBodyReader(framing), raw: toUpstream };
    exchange!.requestChain = chain;
    toUpstream(head.raw);
    reader = createBodyReader(framing, (bytes) => chain.write(bytes));
    return { body: reader };
  };

  const answerHere = (what: Http1Answer): MessagePlan => {
    const { plan, end } = swallow(exchange!.head, (isLast) => answer(what, isLast));
    requestEnd = () => {
      exchange!.isRequestOver = true;
      end();
      settle();
    };
    return plan;
  };

  const carryOut = ({ final }: Judgement): MessagePlan | undefined => {
    if (final?.do === 'answer') return answerHere(final);
    if (!final) return forward();
    cut('reset');
    return undefined;
  };

  /** Runs what bytes bring about. @param status what a caller is told when they are not HTTP */
  const fed = (run: () => void, status: 400 | 502) => {
    if (isCut) return;
    try {
      run();
    } catch (error) {
      if (!(error instanceof NotHttp)) throw error;
      if (exchange?.isForwarded && (status === 400 || answers.isInBody || exchange.answerChain)) cut('reset');
      else
        refuse(status, `squall's wire ${status === 400 ? 'was not sent' : 'was not answered with'} HTTP/1.1: ${error.message}`);
    }
  };

  const requests = createMessageReader({
    onHead(raw) {
      const head = readRequestHead(raw);
      framingOfRequest(head);
      options.onRequest();
      const { method, target: path, headers } = head;
      const selected = book.rules.length === 0 ? NO_RULES : book.select({ method, path, headers, protocols: protocolsOf(head) });
      exchange = openExchange(head, selected, createScope(alarms));
      if (selected.length === 0) return forward();
      const judgement = judge(selected, tally);
      if (judgement.waits.length === 0) return carryOut(judgement);
      waitOut(judgement.waits, exchange.scope, () =>
        fed(() => {
          const plan = carryOut(judgement);
          if (plan) requests.go(plan);
          callerTap.set('waiting for its turn', false);
        }, 400),
      );
      return undefined;
    },
    onEnd: () => requestEnd(),
  });

  let answerEnd: () => void = () => undefined;
  const answers = createMessageReader({
    onHead(raw) {
      const head = readResponseHead(raw);
      // Nobody asked, or the one who asked has been answered.
      if (!exchange?.isForwarded || exchange.isAnswerOver || exchange.answerChain)
        throw new NotHttp('an answer came without a request');
      const { method } = exchange.head;
      if (head.status === 101 || (method === 'CONNECT' && head.status < 300 && head.status >= 200)) {
        toCaller(raw);
        becomeTunnel();
        return undefined;
      }
      const framing = framingOfResponse(head, method);
      answerEnd = head.status < 200 ? () => undefined : answerOver;
      isUntilClose = framing.by === 'close';
      let reader: BodyReader;
      const sink = createHttp1BodySink({ framing, reader: () => reader, write: toCaller, onEnd: answerOver, cut: cutBody });
      const chain = head.status < 200 ? undefined : chainOf('downstream', sink);
      if (!chain) return { body: createBodyReader(framing), raw: toCaller };
      exchange.answerChain = chain;
      answerEnd = () => chain.end();
      toCaller(raw);
      reader = createBodyReader(framing, (bytes) => chain.write(bytes));
      return { body: reader };
    },
    onEnd() {
      const end = answerEnd;
      end();
      answers.next();
    },
  });

  const becomeTunnel = () => {
    const { selected, scope } = exchange!;
    const early = { upstream: requests.take(), downstream: answers.take() };
    tunnel = openTunnel({
      selected,
      sinks: {
        upstream: { write: toUpstream, end: upstream.end },
        downstream: { write: toCaller, end: () => void caller.end() },
      },
      setHeldUp,
      cut,
      scope,
      tally,
    });
    callerTap.set('waiting for its turn', false);
    for (const stream of ['upstream', 'downstream'] as const) if (early[stream].length > 0) tunnel[stream].write(early[stream]);
  };

  caller.on('data', (bytes: Buffer) =>
    fed(() => {
      if (tunnel) {
        tunnel.upstream.write(bytes);
        return;
      }
      requests.feed(bytes);
      if (requests.pendingBytes > MAX_HEAD_BYTES) callerTap.set('waiting for its turn', exchange !== undefined);
    }, 400),
  );
  caller.on('end', () => {
    hasCallerEnded = true;
    // Who ends while a fault holds the exchange has given up: nobody would see what becomes of it.
    if (exchange && !tunnel && (!exchange.isForwarded || exchange.answerChain || (exchange.requestChain && requests.isInBody)))
      destroy();
    else if (tunnel) tunnel.upstream.end();
    else passCallerEnd();
  });
  caller.on('error', () => upstream.cut('reset'));
  caller.on('close', destroy);
  caller.resume();
  return { destroy };
};
