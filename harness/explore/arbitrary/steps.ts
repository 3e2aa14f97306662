const FIRST_DIGITS = [1, 2, 5];

/**
 * Round values between two bounds, both included, from small to large: 1, 2, 5, 10, 20, ... A search gains nothing from 473 ms beside
 * 500 ms, and round values make a schedule that can be read.
 * @param min at least 0; @param max at least `min`
 */
export const roundSteps = (min: number, max: number): readonly number[] => {
  const steps = new Set<number>([min]);
  const lowest = min > 0 ? Math.floor(Math.log10(min)) : Math.floor(Math.log10(Math.max(max, 1))) - 2;
  const highest = Math.ceil(Math.log10(Math.max(max, Number.MIN_VALUE)));
  for (let power = lowest; power <= highest; power += 1) {
    for (const digit of FIRST_DIGITS) {
      // By division below 1, since 5 * 10 ** -2 is not 0.05 in binary.
      const step = power < 0 ? digit / 10 ** -power : digit * 10 ** power;
      if (step > min && step < max) steps.add(step);
    }
  }
  steps.add(max);
  return [...steps];
};
