import { z } from 'zod';
import { duration, share } from '../scenario/units.ts';
import { isForCandidate } from '../topology/candidates.ts';
import { failureAt } from './failure.ts';
import { placeOfInput } from './gray-failure.ts';
import { defineFaultKind, type Exchange, type FaultEffect } from './kind.ts';
import { refuseUnused } from './unused-settings.ts';

/** Fallback of the setting that only one mode reads. */
const FALLBACK = { delay: '400ms' } as const;

const settings = z
  .strictObject({
    mode: z
      .enum(['inaccurate', 'errors', 'slow'])
      .default('inaccurate')
      .describe('What is bad about it: its labels are shifted by one class, it fails on its inputs, or it takes longer.'),
    share: share
      .refine((part) => part > 0, 'expected a share above 0%')
      .prefault('60%')
      .describe('Share of the inputs that it is bad for: always the same ones.'),
    delay: duration.optional().describe(`Mode slow: how much longer; ${FALLBACK.delay} when left out.`),
  })
  .superRefine(refuseUnused('mode', { delay: ['slow'] }));

type Settings = z.output<typeof settings>;

/** A label map that is off by one: a classic of releases. */
const shifted = <Value>(values: readonly Value[]): readonly Value[] => [...values.slice(-1), ...values.slice(0, -1)];

interface Row {
  readonly label: number;
  readonly probabilities: readonly number[];
}

const isRow = (value: unknown): value is Row =>
  typeof value === 'object' && value !== null && 'label' in value && 'probabilities' in value;

/** Shifts predictions wherever they stand in an answer: each provider wraps them in its own way. Of a batch each row is touched by itself. */
const shiftLabels = (value: unknown, touched: number): unknown => {
  if (Array.isArray(value)) return value.map((part) => shiftLabels(part, touched));
  if (isRow(value)) {
    if (placeOfInput(JSON.stringify(value.probabilities)) >= touched) return value;
    return { ...value, label: (value.label + 1) % value.probabilities.length, probabilities: shifted(value.probabilities) };
  }
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, shiftLabels(part, touched)]));
};

const rewrite = async (response: Response, touched: number): Promise<Response> => {
  if (response.status !== 200) return response;
  const headers = new Headers(response.headers);
  headers.delete('content-length');
  return Response.json(shiftLabels(await response.json(), touched), { headers });
};

const befall: Readonly<
  Record<
    Exclude<Settings['mode'], 'inaccurate'>,
    (exchange: Exchange, delayMs: number, forward: () => Promise<Response>) => Promise<Response>
  >
> = {
  errors: async ({ link }) => failureAt(link, 'model-error'),
  slow: async (exchange, delayMs, forward) => {
    await exchange.delay(delayMs);
    return forward();
  },
};

const effect = ({ mode, share: touched, delay = duration.parse(FALLBACK.delay) }: Settings): FaultEffect => ({
  intercept: async (exchange, forward) => {
    const { link, request } = exchange;
    if (!isForCandidate(link.provider, request)) return forward();
    if (mode === 'inaccurate') return rewrite(await forward(), touched);
    return placeOfInput(await request.clone().text()) < touched ? befall[mode](exchange, delay, forward) : forward();
  },
});

/** The new version of the model is worse than the one that serves. Who releases none does not meet it. */
export const badModelVersion = defineFaultKind({
  kind: 'bad-model-version',
  summary:
    'The new version of the model, which a design with a rollout releases, is inaccurate, fails or is slow; the other is as ever.',
  settings,
  live: effect,
  sim: effect,
});
