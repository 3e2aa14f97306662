import { z } from 'zod';
import { observationNames } from './observations.ts';

const text = z.string().trim().min(1);

const source = z.strictObject({
  title: text,
  url: z.url(),
  /** When it was looked up: a day. */
  lookedUp: z.iso.date(),
});

/**
 * One thing that a run can give evidence for. A run counts when a fault of one of the kinds took place in it, and when it was judged by a
 * metric of each of the alternatives while that lasted, afterwards, or over the whole run; what was seen makes it count for good.
 */
const part = z.strictObject({
  /** What a run that passed shows, in words. */
  shows: text,
  /** Kinds of fault, `any`, or left out: none is needed. */
  faults: z.union([z.literal('any'), z.array(text).min(1)]).optional(),
  /** Metrics: of each entry one, `a | b` being alternatives; `any` is any that the run was judged by. */
  judged: z.union([z.literal('any'), z.array(text).min(1)]),
  /** What the report must tell beside. */
  seen: z.enum(observationNames).optional(),
});

const control = z.strictObject({
  id: text,
  title: text,
  /** What it asks, in squall's own words. */
  asks: text,
  /** Empty where no run of squall is evidence. */
  parts: z.array(part),
  /** What it asks that no run of squall can show. */
  notShown: z.array(text).min(1),
});

/** A framework of controls as its file holds it. */
export const frameworkFile = z.strictObject({
  id: z.string().regex(/^[a-z0-9-]+$/),
  title: text,
  /** Which version of it. */
  edition: text,
  sources: z.array(source).min(1),
  controls: z.array(control).min(1),
});

export type Framework = z.output<typeof frameworkFile>;
export type Control = Framework['controls'][number];
export type ControlPart = Control['parts'][number];
