import type { Flow } from './toxic.ts';

/** Bytes that a stage holds back, in order; null is the end. */
export interface Held {
  readonly isEmpty: boolean;
  push(bytes: Buffer | null): void;
  /** The first of them. */
  peek(): Buffer | null | undefined;
  /** Hands on up to so many bytes of the first, or the end. */
  handOn(atMost?: number): void;
  /** Hands on up to so many bytes, and an end right behind them. @returns how many bytes */
  handOnBytes(atMost: number): number;
  /** Hands on all. */
  flush(): void;
}

interface HeldContext {
  readonly next: Flow;
  /** So many bytes more are held back, or fewer when negative. */
  hold(bytes: number): void;
}

export const createHeld = ({ next, hold }: HeldContext): Held => {
  const queue: (Buffer | null)[] = [];
  // Taken from the front one by one, a long array would be moved each time.
  let head = 0;

  const held: Held = {
    get isEmpty() {
      return head === queue.length;
    },
    push(bytes) {
      queue.push(bytes);
      if (bytes) hold(bytes.length);
    },
    peek: () => queue[head],
    handOn(atMost = Number.POSITIVE_INFINITY) {
      const first = queue[head];
      if (first && first.length > atMost) {
        queue[head] = first.subarray(atMost);
        hold(-atMost);
        next.write(first.subarray(0, atMost));
        return;
      }
      head += 1;
      if (head > 64 && head * 2 > queue.length) {
        queue.splice(0, head);
        head = 0;
      }
      if (first) {
        hold(-first.length);
        next.write(first);
      } else next.end();
    },
    handOnBytes(atMost) {
      let left = atMost;
      for (let first = held.peek(); first !== undefined; first = held.peek()) {
        if (first && left <= 0) break;
        const size = first ? Math.min(first.length, left) : 0;
        left -= size;
        held.handOn(size);
      }
      return atMost - left;
    },
    flush() {
      while (!held.isEmpty) held.handOn();
    },
  };
  return held;
};
