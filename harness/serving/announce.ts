/**
 * Tells in words what the stack did, when it changes. `subject` is what a text is about, e.g. `breaker aws/us-east-1/sagemaker-runtime`;
 * what is said of a subject twice in a row is told once.
 */
export interface Announce {
  /** Something happened. */
  note(subject: string, text: string): void;
  /** Something is wrong. */
  trouble(subject: string, text: string): void;
  /** It is right again: told only if trouble was. */
  well(subject: string, text: string): void;
  /** Something that happens in spells, of which only the beginning is told: the first for five seconds. */
  spell(subject: string, text: string): void;
}

/** A flapping subject is silent beyond this, so that a run has tens of events, not thousands. */
const MAX_PER_WINDOW = 5;
const WINDOW_MS = 5000;

interface Spoken {
  /** What the subject's last told text was. */
  readonly text: string;
  readonly isTrouble: boolean;
  readonly toldAtMs: readonly number[];
}

/** @param onEvent hears the texts; absent, nothing is told */
export const createAnnounce = (onEvent: ((text: string) => void) | undefined): Announce => {
  const spoken = new Map<string, Spoken>();
  const lastOfSpell = new Map<string, number>();

  const tell = (subject: string, text: string, isTrouble: boolean) => {
    const nowMs = performance.now();
    const before = spoken.get(subject);
    if (before?.text === text) return;
    const toldAtMs = (before?.toldAtMs ?? []).filter((atMs) => nowMs - atMs < WINDOW_MS);
    if (toldAtMs.length >= MAX_PER_WINDOW) return;
    spoken.set(subject, { text, isTrouble, toldAtMs: [...toldAtMs, nowMs] });
    onEvent?.(text);
  };

  return {
    note: (subject, text) => tell(subject, text, false),
    trouble: (subject, text) => tell(subject, text, true),
    well(subject, text) {
      if (spoken.get(subject)?.isTrouble) tell(subject, text, false);
    },
    spell(subject, text) {
      const nowMs = performance.now();
      const isFirst = nowMs - (lastOfSpell.get(subject) ?? Number.NEGATIVE_INFINITY) >= WINDOW_MS;
      lastOfSpell.set(subject, nowMs);
      if (isFirst) onEvent?.(text);
    },
  };
};
