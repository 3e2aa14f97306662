import { z } from 'zod';
import type { Alarm } from '../tcp/alarms.ts';
import { share } from './fields.ts';
import { createHeld } from './held.ts';
import { defineToxic, type Stage } from './toxic.ts';

/** Payload of a segment on Ethernet: 1,500 bytes less 20 of IP, 20 of TCP and 12 of its time stamps (RFC 7323). */
export const SEGMENT_BYTES = 1448;

/**
 * Facts of Linux, looked up 2026-11: include/net/tcp.h has TCP_RTO_MIN = HZ/5 and TCP_RTO_MAX = 120*HZ, Documentation/networking/ip-sysctl
 * has tcp_retries2 = 15, "a hypothetical timeout of 924.6 seconds". RFC 6298 section 2.4 would have 1 s for the least.
 */
const RTO_MIN_MS = 200;
const RTO_MAX_MS = 120_000;
const RETRIES = 15;

/**
 * How long it takes until a segment comes through, milliseconds, and whether it does: each time that it is lost the next try is a time-out
 * later, and the time-out doubles (RFC 6298 section 5.5).
 */
export const stallOf = (
  probability: number,
  rtoMs: number,
  random: () => number,
): { readonly ms: number; readonly isGivenUp: boolean } => {
  let ms = 0;
  for (let tries = 0; random() < probability; tries++) {
    ms += Math.min(rtoMs * 2 ** tries, Math.max(rtoMs, RTO_MAX_MS));
    if (tries === RETRIES) return { ms, isGivenUp: true };
  }
  return { ms, isGivenUp: false };
};

/**
 * Bytes are never lost to TCP's users: they wait, and all that was sent after waits behind them. Each loss is one that only the time-out
 * repairs, as at the end of a request or on a thin stream; a fast retransmission would be a round trip, which `latency` can give.
 */
export const packetLoss = defineToxic({
  type: 'packet_loss',
  summary: 'Stalls the stream as TCP does when it has lost a segment and sends it again.',
  attributes: z.object({
    probability: share(
      'Share of segments (1,448 bytes, or the rest of a chunk) that are lost, each time that they are sent; 0 when left out.',
    ),
    rto: z
      .number()
      .positive()
      .optional()
      .describe(
        'Retransmission time-out, milliseconds: 200 when left out (Linux, short round trip); doubled with each loss of the same segment, up to 120,000.',
      ),
  }),
  open({ probability = 0, rto = RTO_MIN_MS }, context): Stage {
    const { after, random, landed, delayed, reset } = context;
    const held = createHeld(context);
    let alarm: Alarm | undefined;
    /** Of the chunk at the head, what the segment takes that has been sent again and has come. */
    let isThrough = false;

    const send = () => {
      alarm = undefined;
      for (let first = held.peek(); first !== undefined; first = held.peek()) {
        if (!isThrough) {
          const { ms, isGivenUp } = stallOf(probability, rto, random);
          if (ms > 0) {
            landed();
            delayed(ms);
            isThrough = true;
            alarm = after(ms, isGivenUp ? reset : send);
            return;
          }
        }
        isThrough = false;
        held.handOn(SEGMENT_BYTES);
      }
    };
    const take = (bytes: Buffer | null) => {
      held.push(bytes);
      if (!alarm) send();
    };
    return {
      write: take,
      end: () => take(null),
      release() {
        alarm?.cancel();
        held.flush();
      },
    };
  },
});
