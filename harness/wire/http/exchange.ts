import type { Alarm, Alarms } from '../tcp/alarms.ts';
import type { Meter } from '../tcp/meter.ts';

/** Counts what rules have done. */
export interface Tally {
  landed(rule: string): void;
  delayed(ms: number): void;
}

export const createTally = (meter: Pick<Meter, 'landed' | 'delayedMs' | 'delays'>): Tally => ({
  landed: (rule) => void meter.landed.set(rule, (meter.landed.get(rule) ?? 0) + 1),
  delayed(ms) {
    meter.delayedMs += ms;
    meter.delays += 1;
  },
});

/** Things that are undone when an exchange is over, whichever way it ends. */
export interface Scope {
  after(delayMs: number, call: () => void): Alarm;
  /** The call undoes something; it is called once. */
  defer(undo: () => void): void;
  close(): void;
}

export const createScope = (alarms: Alarms): Scope => {
  const undos = new Set<() => void>();
  return {
    after(delayMs, call) {
      const alarm = alarms.after(delayMs, () => {
        undos.delete(alarm.cancel);
        call();
      });
      undos.add(alarm.cancel);
      return {
        cancel() {
          undos.delete(alarm.cancel);
          alarm.cancel();
        },
      };
    },
    defer: (undo) => void undos.add(undo),
    close() {
      for (const undo of [...undos]) undo();
      undos.clear();
    },
  };
};
