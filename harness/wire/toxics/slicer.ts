import { z } from 'zod';
import type { Alarm } from '../tcp/alarms.ts';
import { whole } from './fields.ts';
import { createHeld } from './held.ts';
import { defineToxic, type Stage } from './toxic.ts';

const US_PER_MS = 1000;

/** Delays of microseconds are far shorter than a timer's step: what is due so soon goes at once, and what is late by less is made up for. */
const AT_ONCE_MS = 0.5;
const CATCH_UP_MS = 1;

/**
 * Sizes of the slices of so many bytes: halved, a little off the middle, until they are at most average plus variation. None is empty.
 * @param average at least 1
 */
export const sliceSizes = (length: number, average: number, variation: number, random: () => number): number[] => {
  const sizes: number[] = [];
  // Halves that are still to be looked at, the first of them last.
  const parts = [length];
  for (let part = parts.pop(); part !== undefined; part = parts.pop()) {
    if (part - average <= variation || part < 2) {
      sizes.push(part);
      continue;
    }
    const middle = Math.floor(part / 2) + (variation > 0 ? Math.floor(random() * variation * 2) - variation : 0);
    const first = Math.min(part - 1, Math.max(1, middle));
    parts.push(part - first, first);
  }
  return sizes;
};

/** Each slice goes on in a write of its own, and the one after it no sooner than the delay. */
export const slicer = defineToxic({
  type: 'slicer',
  summary: 'Cuts what passes into small slices, with a delay between them.',
  attributes: z.object({
    average_size: whole('Size of a slice, bytes; 0 or less is 1.'),
    size_variation: whole('How many bytes a slice may be larger or smaller; less than the average size.'),
    delay: whole('Delay after each slice, microseconds.'),
  }),
  open({ average_size, size_variation, delay }, context): Stage {
    const { next, now, after, random, landed, delayed } = context;
    const held = createHeld(context);
    const delayMs = Math.max(0, delay) / US_PER_MS;
    /** Of the chunk at the head, the slices that are left, the next one last. */
    let sizes: number[] = [];
    let alarm: Alarm | undefined;
    /** When the next slice may go. */
    let dueMs = 0;

    const send = () => {
      alarm = undefined;
      for (let first = held.peek(); first !== undefined; first = held.peek()) {
        if (first === null) {
          held.handOn();
          return;
        }
        if (sizes.length === 0)
          sizes = sliceSizes(first.length, Math.max(1, average_size), Math.max(0, size_variation), random).reverse();
        held.handOn(sizes.pop());
        delayed(delayMs);
        dueMs = Math.max(dueMs + delayMs, now() - CATCH_UP_MS);
        const inMs = dueMs - now();
        if (inMs > AT_ONCE_MS) {
          alarm = after(inMs, send);
          return;
        }
      }
    };

    return {
      write(bytes) {
        held.push(bytes);
        landed();
        if (alarm) return;
        dueMs = Math.max(dueMs, now());
        send();
      },
      end() {
        if (alarm) held.push(null);
        else next.end();
      },
      release() {
        alarm?.cancel();
        held.flush();
      },
    };
  },
});
