import { z } from 'zod';
import { distributions } from '../../distributions.ts';
import type { Alarm } from '../tcp/alarms.ts';
import { whole } from './fields.ts';
import { defineToxic, type Flow, type Stage } from './toxic.ts';

/** A second of 1 Gbit/s would be 125 MB: delayed bytes are on their way, not held up, up to what a proxy should hold. */
const ON_THE_WAY_BYTES = 16 * 1024 * 1024;

const attributes = z.object({
  latency: whole('Delay, milliseconds.'),
  jitter: whole(
    'The delay is drawn evenly from so much less to so much more, milliseconds; with another distribution its standard deviation.',
  ),
  distribution: z
    .enum(['uniform', 'normal', 'pareto', 'lognormal'])
    .optional()
    .describe('What the delay is drawn from: uniform when left out, pareto has the heaviest tail; below 0 ms is 0 ms.'),
  recorded: z
    .array(z.number().min(0))
    .min(1)
    .max(100_000)
    .optional()
    .describe('Delays, milliseconds, in place of latency and jitter.'),
  recorded_order: z
    .enum(['drawn', 'in_order'])
    .optional()
    .describe(
      'Whether a recorded delay is drawn for each chunk (when left out), or each connection has them one after the other, over and over.',
    ),
});

/** The delays of one direction of one connection, milliseconds. */
const delaysOf = (
  { latency: meanMs, jitter, distribution = 'uniform', recorded, recorded_order }: z.output<typeof attributes>,
  random: () => number,
): (() => number) => {
  if (recorded && recorded_order === 'in_order') {
    let played = 0;
    return () => recorded[played++ % recorded.length]!;
  }
  if (recorded) return () => recorded[Math.floor(random() * recorded.length)]!;
  if (jitter <= 0) return () => meanMs;
  if (distribution === 'uniform') return () => meanMs + (2 * random() - 1) * jitter;
  if (meanMs <= 0 && distribution !== 'normal') return () => 0;
  return () => distributions[distribution](meanMs, jitter, random);
};

interface Held {
  /** Null is the end. */
  readonly bytes: Buffer | null;
  readonly cameMs: number;
  isDue: boolean;
  alarm: Alarm | undefined;
}

/** Bytes and the end arrive later, in order. What is on its way when the attributes change has the new delay, counted from when it came. */
export const latency = defineToxic({
  type: 'latency',
  summary: 'Delays what passes.',
  attributes,
  holdsUpTo: ON_THE_WAY_BYTES,
  open(given, { next, carried, now, after, random, hold, landed, delayed }): Stage {
    const delayOf = delaysOf(given, random);
    let held: Held[] = [];

    const handOn = (flow: Flow, { bytes }: Held) => {
      if (bytes) {
        hold(-bytes.length);
        flow.write(bytes);
      } else flow.end();
    };
    const take = (bytes: Buffer | null, cameMs: number): number => {
      const one: Held = { bytes, cameMs, isDue: false, alarm: undefined };
      const delayMs = Math.max(0, delayOf());
      held.push(one);
      if (bytes) hold(bytes.length);
      one.alarm = after(cameMs + delayMs - now(), () => {
        one.isDue = true;
        while (held[0]?.isDue) handOn(next, held.shift()!);
      });
      return delayMs;
    };
    for (const { bytes, cameMs } of (carried as readonly Held[] | undefined) ?? []) take(bytes, cameMs);
    return {
      write(bytes) {
        landed();
        delayed(take(bytes, now()));
      },
      end: () => void take(null, now()),
      carry: () => [...held],
      release(why) {
        const rest = held;
        held = [];
        for (const one of rest) {
          one.alarm?.cancel();
          if (why === 'removed') handOn(next, one);
          else if (one.bytes) hold(-one.bytes.length);
        }
      },
    };
  },
});
