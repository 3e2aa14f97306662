import type { CapacityConfig } from '../emulator.ts';

/** Draws how long one prediction holds its slot, milliseconds: log-normal around the median (sigma 0: the median itself). */
export const drawServiceTimeMs = (capacity: CapacityConfig): number => {
  if (capacity.serviceTimeSigma === 0) return capacity.serviceTimeMs;
  // Box-Muller; 1 - random() keeps the logarithm's argument above 0.
  const normal = Math.sqrt(-2 * Math.log(1 - Math.random())) * Math.cos(2 * Math.PI * Math.random());
  return capacity.serviceTimeMs * Math.exp(capacity.serviceTimeSigma * normal);
};
