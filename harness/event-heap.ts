/** Something that happens at a moment of a clock. */
export interface TimedEvent {
  /** Milliseconds of the clock. */
  readonly atMs: number;
  /** Orders events of one moment: first planned, first done. */
  readonly sequence: number;
  /** Undefined once it is cancelled or done: the heap drops it when it comes up. */
  run: (() => void) | undefined;
}

/** A binary heap of events, the next one first. */
export interface EventHeap {
  push(event: TimedEvent): void;
  /** Takes the next event that is not cancelled. */
  pop(): TimedEvent | undefined;
  /** The next event that is not cancelled; it stays. */
  peek(): TimedEvent | undefined;
  clear(): void;
  /** Cancelled ones that have not come up yet included. */
  readonly size: number;
  /** Drops the cancelled ones: for when they have become the greater part. */
  sweep(): void;
}

const isBefore = (a: TimedEvent, b: TimedEvent): boolean => a.atMs < b.atMs || (a.atMs === b.atMs && a.sequence < b.sequence);

export const createEventHeap = (): EventHeap => {
  let events: TimedEvent[] = [];

  const siftUp = (start: number) => {
    const event = events[start]!;
    let index = start;
    while (index > 0) {
      const parent = (index - 1) >> 1;
      if (!isBefore(event, events[parent]!)) break;
      events[index] = events[parent]!;
      index = parent;
    }
    events[index] = event;
  };

  const siftDown = (start: number) => {
    const event = events[start]!;
    let index = start;
    for (;;) {
      let child = 2 * index + 1;
      if (child >= events.length) break;
      if (child + 1 < events.length && isBefore(events[child + 1]!, events[child]!)) child += 1;
      if (!isBefore(events[child]!, event)) break;
      events[index] = events[child]!;
      index = child;
    }
    events[index] = event;
  };

  const popAny = (): TimedEvent | undefined => {
    const first = events[0];
    const last = events.pop();
    if (last && events.length > 0) {
      events[0] = last;
      siftDown(0);
    }
    return first;
  };

  return {
    push(event) {
      events.push(event);
      siftUp(events.length - 1);
    },
    pop() {
      for (;;) {
        const event = popAny();
        if (!event || event.run) return event;
      }
    },
    peek() {
      while (events[0] && !events[0].run) popAny();
      return events[0];
    },
    clear() {
      for (const event of events) event.run = undefined;
      events = [];
    },
    get size() {
      return events.length;
    },
    sweep() {
      // What is sorted is a heap.
      events = events.filter((event) => event.run !== undefined).sort((a, b) => (isBefore(a, b) ? -1 : 1));
    },
  };
};
