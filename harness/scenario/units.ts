import { z } from 'zod';

const MS_PER_UNIT: Readonly<Record<string, number>> = { ms: 1, s: 1000, m: 60_000, h: 3_600_000 };

/** Longest duration that a scenario may name, milliseconds: a day. */
export const MAX_DURATION_MS = 24 * 3_600_000;

/** Highest rate that a scenario may name, per second: far above what one machine sends. */
export const MAX_RATE_PER_S = 100_000;

/** Zod's error option: says what would be right, and what was there instead. */
const expecting = (expected: string) => ({
  error: ({ input }: { readonly input?: unknown }) => `expected ${expected}, got ${JSON.stringify(input) ?? 'nothing'}`,
});

/** Reads what a file holds into a number; `read` gives the number, or a message, or `undefined` for "not of the expected form". */
const unit = <Input>(expected: string, input: z.ZodType<Input, Input>, read: (value: Input) => number | string | undefined) =>
  input.transform((value, context) => {
    const result = read(value);
    if (typeof result === 'number') return result;
    context.issues.push({ code: 'custom', input: value, message: result ?? expecting(expected).error({ input: value }) });
    return z.NEVER;
  });

const textOrNumber = (expected: string) => z.union([z.string(), z.number()], expecting(expected));

const DURATION = 'a duration with its unit, such as 250ms, 8s, 1m30s or 1h';

/**
 * A duration with its unit (`250ms`, `8s`, `1.5s`, `1m30s`, `1h`), in milliseconds. A bare number is refused: files differ in what it would mean.
 * At most a day.
 */
export const duration = unit(DURATION, z.string(expecting(DURATION)), (value) => {
  const text = value.trim();
  if (!/^(?:\d+(?:\.\d+)?(?:ms|[smh]))+$/.test(text)) return undefined;
  const sum = [...text.matchAll(/(\d+(?:\.\d+)?)(ms|[smh])/g)].reduce(
    (sum, [, amount, name]) => sum + Number(amount) * MS_PER_UNIT[name!]!,
    0,
  );
  // To the microsecond: 8.062 times 1000 is not 8062 in binary.
  const ms = Math.round(sum * 1000) / 1000;
  return ms <= MAX_DURATION_MS ? ms : `expected a duration of at most 24h, got ${text}`;
});

const SHARE = 'a share, such as 99.5% or 0.995';

/** A share: a percentage (`99.5%`) or a number 0..1; gives 0..1. */
export const share = unit(SHARE, textOrNumber(SHARE), (value) => {
  if (typeof value === 'string' && !/^\d+(?:\.\d+)?\s*%$/.test(value.trim())) return undefined;
  const fraction = typeof value === 'number' ? value : Number.parseFloat(value) / 100;
  if (fraction >= 0 && fraction <= 1) return fraction;
  const meant = typeof value === 'number' && value > 1 && value <= 100 ? `: did you mean ${value}%?` : '';
  return `expected a share between 0% and 100%, got ${value}${meant}`;
});

const RATE = 'a rate per second, such as 50 or 50/s';

/** A rate: a number a second, or with its unit (`50/s`, `600/m`); gives the number a second, 0 to 100,000. */
export const rate = unit(RATE, textOrNumber(RATE), (value) => {
  const parts = typeof value === 'number' ? [value, value, 's'] : /^(\d+(?:\.\d+)?)\s*\/\s*([sm])$/.exec(value.trim());
  if (!parts) return undefined;
  const perS = (Number(parts[1]) * 1000) / MS_PER_UNIT[parts[2] as string]!;
  return perS >= 0 && perS <= MAX_RATE_PER_S
    ? perS
    : `expected a rate between 0 and ${MAX_RATE_PER_S.toLocaleString('en')} a second, got ${value}`;
});

const MEMORY = 'memory with its unit, such as 256MiB or 1GiB';

/** Memory with its unit (`256MiB`, `1.5GiB`), in mebibytes; at least 6, the least that Docker takes, at most 1 TiB. */
export const mebibytes = unit(MEMORY, z.string(expecting(MEMORY)), (value) => {
  const [, amount, name] = /^(\d+(?:\.\d+)?)\s*(MiB|GiB)$/.exec(value.trim()) ?? [];
  if (amount === undefined) return undefined;
  const found = Math.round(Number(amount) * (name === 'GiB' ? 1024 : 1));
  return found >= 6 && found <= 1024 ** 2 ? found : `expected memory between 6MiB and 1024GiB, got ${value}`;
});
