import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { createAbortTimeout, SimAbortController, SimAbortSignal } from '../../../../../harness/world/sim/globals/abort.ts';

const native = { Controller: AbortController, Signal: AbortSignal };
const simulated = {
  Controller: SimAbortController as unknown as typeof AbortController,
  Signal: SimAbortSignal as unknown as typeof AbortSignal,
};

/** What a program may do with a few signals. */
const step = fc.oneof(
  fc.record({
    type: fc.constant('listen' as const),
    signal: fc.nat(5),
    listener: fc.nat(2),
    once: fc.boolean(),
    capture: fc.boolean(),
  }),
  fc.record({ type: fc.constant('unlisten' as const), signal: fc.nat(5), listener: fc.nat(2), capture: fc.boolean() }),
  fc.record({ type: fc.constant('abort' as const), controller: fc.nat(2), reason: fc.option(fc.integer(), { nil: undefined }) }),
  fc.record({ type: fc.constant('any' as const), of: fc.array(fc.nat(5), { maxLength: 3 }) }),
  fc.record({ type: fc.constant('dispatch' as const), signal: fc.nat(5), name: fc.constantFrom('abort', 'other') }),
  fc.record({ type: fc.constant('onabort' as const), signal: fc.nat(5), listener: fc.nat(2) }),
);
type Step = typeof step extends fc.Arbitrary<infer Value> ? Value : never;

/** Carries a program out, and tells what could be seen of it. */
const play = ({ Controller, Signal }: typeof native, steps: readonly Step[]): readonly unknown[] => {
  const log: unknown[] = [];
  const told = new Map<number, unknown[]>();
  const controllers = [new Controller(), new Controller(), new Controller()];
  const signals = controllers.map(({ signal }) => signal);
  const listeners = [0, 1, 2].map((index) => (event: Event) => {
    const target = signals.indexOf(event.target as AbortSignal);
    const seen = [index, event.type, signals.map(({ aborted }) => aborted)];
    told.set(target, [...(told.get(target) ?? []), seen]);
    // What is removed is not told. (What is added meanwhile Node tells, or not, by where it stands; the standard never does.)
    if (index === 1) (event.target as AbortSignal).removeEventListener('abort', listeners[2]!);
    if (index === 2) event.stopImmediatePropagation();
  });
  const signalAt = (index: number) => signals[index % signals.length]!;
  for (const one of steps) {
    if (one.type === 'listen') {
      const { once, capture } = one;
      signalAt(one.signal).addEventListener('abort', listeners[one.listener]!, { once, capture });
    } else if (one.type === 'unlisten') {
      signalAt(one.signal).removeEventListener('abort', listeners[one.listener]!, { capture: one.capture });
    } else if (one.type === 'abort') controllers[one.controller]!.abort(one.reason);
    else if (one.type === 'any') signals.push(Signal.any(one.of.map(signalAt)));
    else if (one.type === 'dispatch') log.push(signalAt(one.signal).dispatchEvent(new Event(one.name)));
    else signalAt(one.signal).onabort = listeners[one.listener]!;
    log.push(
      signals.map(({ aborted, reason }) => [aborted, reason instanceof Error ? `${reason.name}: ${reason.message}` : reason]),
    );
  }
  return log;
};

describe("the simulated world's AbortSignal", () => {
  it("does what the platform's does, whatever is done with it", () => {
    fc.assert(
      fc.property(fc.array(step, { maxLength: 20 }), (steps) => {
        expect(play(simulated, steps)).toEqual(play(native, steps));
      }),
      { numRuns: 2000 },
    );
  });

  it('is made by a controller only, and is an EventTarget', () => {
    expect(() => new simulated.Signal()).toThrow(TypeError);
    const { signal } = new simulated.Controller();
    expect(signal).toBeInstanceOf(EventTarget);
    expect(String(signal)).toBe('[object AbortSignal]');
    expect(() => simulated.Signal.any([1 as never])).toThrow(TypeError);
    expect(() => signal.addEventListener('abort', 5 as never)).toThrow(TypeError);
    expect(() => signal.dispatchEvent({ type: 'abort' } as never)).toThrow(TypeError);
  });

  it('gives listeners an event, as functions and as objects', () => {
    const controller = new simulated.Controller();
    const seen: unknown[] = [];
    controller.signal.addEventListener('abort', {
      handleEvent: (event: Event) => void seen.push(event instanceof Event, event.isTrusted, event.target === controller.signal),
    });
    controller.abort();
    expect(seen).toEqual([true, true, true]);
    expect(() => controller.signal.throwIfAborted()).toThrow('This operation was aborted');
  });

  it('does not tell who begins to listen while others are told, as the standard says', () => {
    const controller = new simulated.Controller();
    const told: number[] = [];
    controller.signal.addEventListener('abort', () => {
      told.push(1);
      controller.signal.addEventListener('abort', () => told.push(3));
    });
    controller.signal.addEventListener('abort', () => told.push(2));
    controller.abort();
    expect(told).toEqual([1, 2]);
  });

  it('lets a listener go when the signal that it listens until is aborted', () => {
    const [controller, until] = [new simulated.Controller(), new simulated.Controller()];
    const told: string[] = [];
    const listen = () => controller.signal.addEventListener('abort', () => told.push('told'), { signal: until.signal });
    listen();
    until.abort();
    listen();
    controller.abort();
    expect(told).toEqual([]);
  });

  it('has no handler once it is null', () => {
    const controller = new simulated.Controller();
    controller.signal.onabort = () => expect.unreachable();
    controller.signal.onabort = null;
    controller.abort();
    expect(controller.signal.onabort).toBeNull();
  });

  it('times out by the timers that it is given', () => {
    const planned: { readonly run: () => void; readonly ms: number }[] = [];
    const timeout = createAbortTimeout({
      setTimeout: (run: () => void, ms: number) => void planned.push({ run, ms }),
    } as never);
    const signal = timeout(250);
    expect(planned.map(({ ms }) => ms)).toEqual([250]);
    expect(signal.aborted).toBe(false);
    planned[0]!.run();
    expect((signal.reason as Error).name).toBe('TimeoutError');
    for (const bad of [-1, Number.NaN, 2 ** 32]) expect(() => timeout(bad)).toThrow(RangeError);
  });
});
