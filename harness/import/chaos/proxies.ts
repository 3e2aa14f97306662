import type { FaultDraft } from '../incident.ts';
import { type ToxicSpec, toxicFault } from './toxics.ts';

/** The proxies of an experiment as time goes on: what is done to them becomes faults. Times are milliseconds after its start. */
export interface ProxyTimeline {
  /** @returns why it is no fault, or what to know of it; undefined where it is a plain one */
  add(proxy: string, toxic: ToxicSpec, atMs: number, because: string): string | undefined;
  /** @returns whether there was one */
  remove(proxy: string, toxic: string, atMs: number): boolean;
  setEnabled(proxy: string, isEnabled: boolean, atMs: number, because: string): void;
  /** Takes all toxics away, and enables all proxies. */
  reset(atMs: number): void;
  /** Ends what lasts until then; what was put on at the very end lasts for some seconds. Some have a length of 0. */
  faults(endMs: number): readonly FaultDraft[];
}

/** What `disable_proxy` puts on. */
const DOWN = 'down';

/** How long something lasts that nobody waits for, milliseconds. */
const LEAST_LASTING_MS = 5000;

type Open = Omit<FaultDraft, 'forMs'>;

export const createProxyTimeline = (): ProxyTimeline => {
  const open = new Map<string, Open>();
  const ended: FaultDraft[] = [];
  const keyOf = (proxy: string, toxic: string): string => `${proxy}\n${toxic}`;
  const end = (key: string, atMs: number): boolean => {
    const fault = open.get(key);
    if (!fault) return false;
    open.delete(key);
    ended.push({ ...fault, forMs: atMs - fault.atMs });
    return true;
  };
  return {
    add(proxy, toxic, atMs, because) {
      const made = toxicFault(toxic);
      if ('why' in made) return made.why;
      const key = keyOf(proxy, toxic.name);
      end(key, atMs);
      open.set(key, { ...made.fault, target: proxy, atMs, because });
      return made.note;
    },
    remove: (proxy, toxic, atMs) => end(keyOf(proxy, toxic), atMs),
    setEnabled(proxy, isEnabled, atMs, because) {
      const key = keyOf(proxy, DOWN);
      if (isEnabled) end(key, atMs);
      else if (!open.has(key))
        open.set(key, { kind: 'region-outage', settings: { mode: 'refuse' }, target: proxy, atMs, because });
    },
    reset(atMs) {
      for (const key of [...open.keys()]) end(key, atMs);
    },
    faults(endMs) {
      for (const [key, { atMs }] of [...open]) end(key, Math.max(endMs, atMs + LEAST_LASTING_MS));
      return ended.toSorted((a, b) => a.atMs - b.atMs);
    },
  };
};
