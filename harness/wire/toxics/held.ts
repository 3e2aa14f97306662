import type { Flow, StageContext } from './toxic.ts';

/** Bytes that a stage holds back, in order; null is the end. */
export interface Held {
  readonly isEmpty: boolean;
  push(bytes: Buffer | null): void;
  /** The first of them. */
  peek(): Buffer | null | undefined;
  /** Hands on up to so many bytes of the first, or the end. */
  handOn(atMost?: number): void;
  /** Hands on all. */
  flush(): void;
}

export const createHeld = ({ next, hold }: Pick<StageContext, 'next' | 'hold'> & { readonly next: Flow }): Held => {
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
    flush() {
      while (!held.isEmpty) held.handOn();
    },
  };
  return held;
};
