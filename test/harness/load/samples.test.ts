import { describe, expect, test } from 'vitest';
import { loadSamples } from '../../../harness/load/samples.ts';

describe('the held-out samples', () => {
  const samples = loadSamples('digits');

  test('are images of 64 intensities in 0..16, each with the digit it shows', () => {
    for (const { pixels, label } of samples) {
      expect(pixels).toHaveLength(64);
      expect(pixels.every((value) => Number.isInteger(value) && value >= 0 && value <= 16)).toBe(true);
      expect(Number.isInteger(label) && label >= 0 && label <= 9).toBe(true);
    }
  });

  test('hold every digit about as often', () => {
    const counts = Array.from({ length: 10 }, (_, digit) => samples.filter(({ label }) => label === digit).length);
    expect(Math.min(...counts)).toBeGreaterThan(45);
    expect(Math.max(...counts)).toBeLessThan(65);
  });

  test('are the same for both models, which saw the same data set', () => {
    expect(loadSamples('digits-small')).toEqual(samples);
  });

  test.each(['letters', 'toString', ''])('are refused for a model that has none: %j', (model) => {
    expect(() => loadSamples(model)).toThrow(expect.objectContaining({ code: 'NOT_FOUND' }));
  });
});
