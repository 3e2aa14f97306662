import fc from 'fast-check';
import { expect, test } from 'vitest';
import { createStopGate } from '../../../mocks/huggingface/chat/stop-gate.ts';

const letters = (max: number) => fc.string({ unit: fc.constantFrom('a', 'b', ' '), minLength: 1, maxLength: max });

test('what passes is the text before the first stop sequence, however the words are cut', () => {
  fc.assert(
    fc.property(fc.array(letters(4), { maxLength: 12 }), fc.array(letters(5), { maxLength: 3 }), (words, stops) => {
      const gate = createStopGate(stops);
      let said = '';
      let isOver = false;
      for (const text of words) {
        const step = gate.push({ text, logprob: 0 });
        said += step.passed.map((token) => token.text).join('');
        isOver = step.isOver;
        if (isOver) break;
      }
      if (!isOver)
        said += gate
          .rest()
          .map(({ text }) => text)
          .join('');
      const whole = words.join('');
      // The stop that is complete first ends it, at the earliest place where one that is complete by then begins.
      const heard = words.reduce((sofar, word) => (stops.some((stop) => sofar.includes(stop)) ? sofar : sofar + word), '');
      const found = stops.map((stop) => heard.indexOf(stop)).filter((at) => at >= 0);
      expect(isOver).toBe(stops.some((stop) => whole.includes(stop)));
      expect(said).toBe(found.length > 0 ? heard.slice(0, Math.min(...found)) : whole);
    }),
    { numRuns: 1000 },
  );
});
