import { sha256Hex } from '../../shared/sha256.ts';
import { type InstanceTypeSpec, onDemandUsdPerHour } from './instance-types.ts';

/** A price that began at a time, and held until the next one. */
export interface SpotPricePoint {
  readonly atMs: number;
  /** US dollars an hour. */
  readonly usd: number;
}

/** How often a market's price changes: our choice. */
const STEP_MS = 6 * 3_600_000;

/** Below the on-demand price by 55 to 75 %, and within a tenth of that over time: they change slowly, says the EC2 user guide (read November 2026); the figures are ours. */
const MEAN_FRACTION = [0.25, 0.45] as const;
const SWING = 0.1;

/** Between 0 and 1, always the same for one text. */
const fractionOf = (text: string): number => Number.parseInt(sha256Hex(text).slice(0, 12), 16) / 2 ** 48;

/**
 * Price of one market in one step of time. A function of both alone: whoever asks twice about a time gets the same answer, and
 * history does not change.
 */
const priceIn = (type: InstanceTypeSpec, region: string, zone: string, step: number): number => {
  const market = `${type.name}/${zone}`;
  const [low, high] = MEAN_FRACTION;
  const mean = low + (high - low) * fractionOf(market);
  // Two slow waves and a little of chance: neighbouring steps are alike, and no zone follows another.
  const phase = fractionOf(`${market}/phase`) * 2 * Math.PI;
  const wave =
    0.6 * Math.sin(step / 9 + phase) + 0.2 * Math.sin(step / 2.3 + 2 * phase) + 0.4 * (fractionOf(`${market}/${step}`) - 0.5);
  return onDemandUsdPerHour(type, region) * mean * (1 + SWING * wave);
};

/** Each market changes at a time of its own within a step. */
const offsetOf = (type: InstanceTypeSpec, zone: string): number =>
  Math.floor(fractionOf(`${type.name}/${zone}/offset`) * STEP_MS);

const stepAt = (type: InstanceTypeSpec, zone: string, atMs: number): number =>
  Math.floor((atMs - offsetOf(type, zone)) / STEP_MS);

/** In force at a time, epoch milliseconds, before any multiplier. US dollars an hour. */
export const spotUsdPerHour = (type: InstanceTypeSpec, region: string, zone: string, atMs: number): number =>
  priceIn(type, region, zone, stepAt(type, zone, atMs));

/** Prices that were in force between two times, epoch milliseconds, newest first. The oldest may have begun before. */
export const spotPricesBetween = (
  type: InstanceTypeSpec,
  region: string,
  zone: string,
  fromMs: number,
  toMs: number,
): readonly SpotPricePoint[] => {
  const points: SpotPricePoint[] = [];
  const oldest = stepAt(type, zone, fromMs);
  for (let step = stepAt(type, zone, toMs); step >= oldest; step -= 1) {
    // On whole seconds, as the API has them.
    const atMs = Math.floor((step * STEP_MS + offsetOf(type, zone)) / 1000) * 1000;
    points.push({ atMs, usd: priceIn(type, region, zone, step) });
  }
  return points;
};
