import type { Socket } from 'node:net';
import type { TouchContext, Toxic } from '../toxics/toxic.ts';
import type { Alarm, Alarms } from './alarms.ts';

/** Where connections wait until toxics let them in. */
export interface Admission {
  /** A connection has been accepted. @param number of it, from 0 */
  take(caller: Socket, number: number): void;
  /** Connections have closed: those in the queue are asked about again, in order. */
  onRoom(): void;
  /** Toxics have changed: all that wait are asked about again. */
  onChange(): void;
  /** Closes all that wait. */
  close(): void;
}

export interface AdmissionOptions {
  toxics(): readonly Toxic[];
  touchOf(toxic: Toxic, number: number): TouchContext;
  /** Connections that are served. */
  open(): number;
  readonly alarms: Alarms;
  landed(toxic: Toxic): void;
  serve(caller: Socket, number: number): void;
  /** One has been reset. */
  refused(): void;
}

interface Waiting {
  readonly caller: Socket;
  readonly number: number;
  readonly cameMs: number;
  /** Waits for others to close, not for a time. */
  isQueued: boolean;
  alarm: Alarm | undefined;
}

type Verdict =
  | { readonly type: 'reset' }
  | { readonly type: 'queue'; readonly recheckMs?: number }
  | { readonly type: 'wait'; readonly forMs: number };

export const createAdmission = (options: AdmissionOptions): Admission => {
  const { toxics, touchOf, open, alarms, landed, serve, refused } = options;
  /** In the order in which they came. */
  const waiting = new Set<Waiting>();
  let queued = 0;

  const judge = (one: Waiting, isFirstTime: boolean): Verdict => {
    const { number } = one;
    const others = open() + waiting.size - queued - (waiting.has(one) && !one.isQueued ? 1 : 0);
    let forMs = 0;
    let queue: Extract<Verdict, { type: 'queue' }> | undefined;
    for (const toxic of toxics()) {
      if (!toxic.kind.admit) continue;
      const touch = touchOf(toxic, number);
      if (touch.random() >= toxic.toxicity) continue;
      const admission = toxic.kind.admit(toxic.attributes, { ...touch, open: others });
      if (admission.type !== 'accept' && isFirstTime) landed(toxic);
      if (admission.type === 'reset') return admission;
      if (admission.type === 'queue') queue ??= admission;
      if (admission.type === 'wait') forMs += admission.forMs;
    }
    return queue ?? { type: 'wait', forMs };
  };

  const leave = (one: Waiting) => {
    one.alarm?.cancel();
    if (!waiting.delete(one)) return;
    if (one.isQueued) queued -= 1;
  };
  const setQueued = (one: Waiting, isQueued: boolean) => {
    if (one.isQueued !== isQueued) queued += isQueued ? 1 : -1;
    one.isQueued = isQueued;
  };
  const letIn = (one: Waiting) => {
    leave(one);
    if (!one.caller.destroyed) serve(one.caller, one.number);
  };
  /** It waits, is served or is reset. */
  const decide = (one: Waiting, isFirstTime: boolean) => {
    one.alarm?.cancel();
    const verdict = judge(one, isFirstTime);
    if (verdict.type === 'reset') {
      leave(one);
      refused();
      one.caller.resetAndDestroy();
      return;
    }
    waiting.add(one);
    setQueued(one, verdict.type === 'queue');
    if (verdict.type === 'queue') {
      if (verdict.recheckMs !== undefined) one.alarm = alarms.after(verdict.recheckMs, () => decide(one, false));
      return;
    }
    const leftMs = one.cameMs + verdict.forMs - performance.now();
    if (leftMs > 0) one.alarm = alarms.after(leftMs, () => letIn(one));
    else letIn(one);
  };

  return {
    take(caller, number) {
      const one: Waiting = { caller, number, cameMs: performance.now(), isQueued: false, alarm: undefined };
      caller.on('error', () => undefined);
      caller.once('close', () => leave(one));
      decide(one, true);
    },
    onRoom() {
      if (queued === 0) return;
      for (const one of [...waiting].filter(({ isQueued }) => isQueued)) {
        if (!waiting.has(one)) continue;
        decide(one, false);
        if (one.isQueued && waiting.has(one)) return;
      }
    },
    onChange() {
      for (const one of [...waiting]) if (waiting.has(one)) decide(one, false);
    },
    close() {
      for (const { caller } of [...waiting]) caller.destroy();
    },
  };
};
