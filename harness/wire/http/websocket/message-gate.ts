import type { Flow } from '../../toxics/toxic.ts';
import type { CutBy, MessagePlan } from '../faults/fault.ts';
import { createFrameReader, isControl } from './frame-reader.ts';

export interface GateContext {
  readonly next: Flow;
  random(): number;
  after(delayMs: number, call: () => void): unknown;
  hold(bytes: number): void;
  landed(): void;
  cut(by: CutBy): void;
  close(code: number, reason: string): void;
}

/** One fault on one direction of a WebSocket. */
export interface MessageGate extends Flow {
  /** The rule is gone: lets go what is held, and the rest pass. */
  release(): void;
}

export const createMessageGate = (plan: MessagePlan, context: GateContext): MessageGate => {
  const { next } = context;
  let messages = 0;
  let isOpen = false;
  let isDropping = false;
  let held: Buffer[] | undefined;
  let isEnded = false;
  let isReleased = false;

  const release = () => {
    isReleased = true;
    for (const bytes of held?.splice(0) ?? []) {
      context.hold(-bytes.length);
      next.write(bytes);
    }
    held = undefined;
    if (isEnded) next.end();
  };
  const pass = (bytes: Buffer) => {
    if (!held) return next.write(bytes);
    held.push(bytes);
    context.hold(bytes.length);
  };
  /** So many messages have passed that the fault acts. */
  const act = () => {
    if (isReleased || plan.do === 'drop' || messages !== plan.afterMessages) return;
    context.landed();
    if (plan.do === 'cut') context.cut(plan.by);
    else if (plan.do === 'close') context.close(plan.code, plan.reason);
    else {
      held = [];
      if (Number.isFinite(plan.forMs)) context.after(plan.forMs, release);
    }
  };
  const draw = () => {
    isDropping = !isReleased && plan.do === 'drop' && messages >= plan.afterMessages && context.random() < plan.share;
    if (isDropping) context.landed();
  };

  const frames = createFrameReader({
    onPart(frame, bytes, isEnd) {
      if (isControl(frame)) return pass(bytes);
      if (!isOpen) {
        isOpen = true;
        draw();
      }
      if (!isDropping) pass(bytes);
      if (!isEnd || !frame.isFinal) return;
      isOpen = false;
      isDropping = false;
      messages += 1;
      act();
    },
  });
  act();
  return {
    write: frames.feed,
    end() {
      isEnded = true;
      if (!held) next.end();
    },
    release,
  };
};
