import { z } from 'zod';
import type { Alarm } from '../tcp/alarms.ts';
import type { Admission, Stage, StageContext, TouchContext, ToxicKind } from './toxic.ts';
import { type Windows, windowAt } from './windows.ts';

const ms = z.int().min(1).optional();
const count = z.int().min(1).optional();

/** What every kind of toxic has beside its own attributes. */
export const scheduleAttributes = {
  after_ms: z
    .int()
    .min(0)
    .optional()
    .describe('Does nothing for so long after it has come into force, milliseconds; 0 when left out.'),
  for_ms: ms.describe('Works for so long, milliseconds; without end when left out.'),
  every_ms: ms.describe(
    'Works again so long after it has begun to, milliseconds, over and over; once when left out. Needs a shorter for_ms.',
  ),
  first: count.describe('Touches only so many of the connections that are opened from then on.'),
  every: count.describe('Touches only every so manieth of the connections that are opened from then on.'),
};

type Schedule = z.output<z.ZodObject<typeof scheduleAttributes>>;

const windowsOf = ({ after_ms, for_ms, every_ms }: Schedule): Windows | undefined =>
  after_ms === undefined && for_ms === undefined
    ? undefined
    : { afterMs: after_ms ?? 0, forMs: for_ms ?? Number.POSITIVE_INFINITY, everyMs: every_ms ?? Number.POSITIVE_INFINITY };

const touches = ({ first, every }: Schedule, { ordinal }: TouchContext): boolean => {
  if (first === undefined && every === undefined) return true;
  return ordinal >= 1 && ordinal <= (first ?? ordinal) && ordinal % (every ?? 1) === 0;
};

/** A stage of the kind while a window is open, and none between. A window that closes is to the connection as if the toxic were removed. */
const openInWindows = (open: (context: StageContext) => Stage | undefined, windows: Windows, context: StageContext): Stage => {
  const { next, now, sinceMs, carried, after, reset } = context;
  let inner: Stage | undefined;
  let alarm: Alarm | undefined;

  const close = () => {
    const closing = inner;
    inner = undefined;
    closing?.release('removed');
  };
  const watch = (edgeMs: number) => {
    if (!Number.isFinite(edgeMs)) return;
    alarm = after(sinceMs + edgeMs - now(), () => {
      // An alarm may be a fraction early.
      const at = windowAt(windows, Math.max(edgeMs, now() - sinceMs));
      if (!at.isOn) close();
      else inner ??= open({ ...context, isOlder: true, carried: undefined });
      watch(at.edgeMs);
    });
  };

  const at = windowAt(windows, now() - sinceMs);
  if (at.isOn || carried !== undefined) inner = open(context);
  if (!at.isOn) close();
  watch(at.edgeMs);
  return {
    write: (bytes) => (inner ?? next).write(bytes),
    end: () => (inner ?? next).end(),
    abort() {
      if (inner?.abort) inner.abort();
      else reset();
    },
    carry: () => inner?.carry?.(),
    release(why) {
      alarm?.cancel();
      inner?.release(why);
    },
    close: () => inner?.close?.(),
  };
};

/** Whether windows that come again have a time between them. */
const areRoundsApart = ({ for_ms = Number.POSITIVE_INFINITY, every_ms }: Schedule): boolean =>
  every_ms === undefined || for_ms < every_ms;

/** A kind that also knows when it works, and on which connections. */
export const scheduled = (kind: ToxicKind): ToxicKind => {
  const { open, admit } = kind;
  return {
    ...kind,
    attributes: kind.attributes.extend(scheduleAttributes).refine(areRoundsApart, {
      message: 'expected for_ms to be given with every_ms, and to be shorter',
      path: ['for_ms'],
    }),
    ...(open && {
      open(attributes, context) {
        if (!touches(attributes, context)) return undefined;
        const windows = windowsOf(attributes);
        const openInner = (inner: StageContext) => open(attributes, inner);
        return windows ? openInWindows(openInner, windows, context) : openInner(context);
      },
    }),
    ...(admit && {
      admit(attributes, context): Admission {
        if (!touches(attributes, context)) return { type: 'accept' };
        const windows = windowsOf(attributes);
        if (!windows) return admit(attributes, context);
        const ageMs = context.now() - context.sinceMs;
        const { isOn, edgeMs } = windowAt(windows, ageMs);
        if (!isOn) return { type: 'accept' };
        const admission = admit(attributes, context);
        const recheckMs = edgeMs - ageMs;
        return admission.type === 'queue' && Number.isFinite(recheckMs) ? { ...admission, recheckMs } : admission;
      },
    }),
  };
};
