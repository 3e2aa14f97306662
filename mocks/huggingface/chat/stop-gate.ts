import type { GeneratedToken } from '../../models/text/language.ts';

/** Lets words through until a stop sequence comes; holds back those that may be the beginning of one. */
export interface StopGate {
  push(token: GeneratedToken): { readonly passed: readonly GeneratedToken[]; readonly isOver: boolean };
  /** What was held back in vain, at the answer's end. */
  rest(): readonly GeneratedToken[];
}

export const createStopGate = (stops: readonly string[]): StopGate => {
  let held: GeneratedToken[] = [];

  /** Takes out the held words' first characters; a word that is cut keeps its part before the cut. */
  const release = (characters: number, isCut: boolean): readonly GeneratedToken[] => {
    const passed: GeneratedToken[] = [];
    let left = characters;
    while (held[0] && held[0].text.length <= left) {
      left -= held[0].text.length;
      passed.push(held[0]);
      held = held.slice(1);
    }
    if (isCut && left > 0 && held[0]) passed.push({ ...held[0], text: held[0].text.slice(0, left) });
    return passed;
  };

  return {
    push(token) {
      held = [...held, token];
      const text = held.map((each) => each.text).join('');
      const found = stops.map((stop) => text.indexOf(stop)).filter((at) => at >= 0);
      if (found.length > 0) return { passed: release(Math.min(...found), true), isOver: true };
      return { passed: release(text.length - longestBeginning(text, stops), false), isOver: false };
    },
    rest: () => held,
  };
};

/** Length of the longest end of a text that a stop sequence begins with. */
const longestBeginning = (text: string, stops: readonly string[]): number => {
  const longest = Math.min(text.length, Math.max(0, ...stops.map((stop) => stop.length - 1)));
  for (let length = longest; length > 0; length -= 1) {
    const end = text.slice(-length);
    if (stops.some((stop) => stop.startsWith(end))) return length;
  }
  return 0;
};
