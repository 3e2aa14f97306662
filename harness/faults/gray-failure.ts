import { z } from 'zod';
import { duration, share } from '../scenario/units.ts';
import { failureAt } from './failure.ts';
import { defineFaultKind, type Exchange, type FaultEffect } from './kind.ts';
import { refuseUnused } from './unused-settings.ts';

/** Fallback of the setting that only one mode reads. */
const FALLBACK = { delay: '2s' } as const;

const settings = z
  .strictObject({
    mode: z
      .enum(['errors', 'slow', 'hang'])
      .default('errors')
      .describe("What the touched inputs meet: the provider's own 5xx, an answer that comes late, or none."),
    share: share
      .refine((part) => part > 0 && part <= 0.9, 'expected a share above 0%, of at most 90%')
      .prefault('30%')
      .describe('Share of the inputs that are touched: always the same ones.'),
    delay: duration.optional().describe(`Mode slow: how late; ${FALLBACK.delay} when left out.`),
  })
  .superRefine(refuseUnused('mode', { delay: ['slow'] }));

type Settings = z.output<typeof settings>;

/** Chosen so that the empty image, which health checks ask about, is none of the touched inputs at any share: the test tries it. */
const SALT = 303;

/** Where in [0, 1) an input falls: FNV-1a over the body, with the finalizer of murmur3. */
export const placeOfInput = (body: string): number => {
  let hash = SALT;
  for (let at = 0; at < body.length; at += 1) hash = Math.imul(hash ^ body.charCodeAt(at), 0x01000193);
  hash = Math.imul(hash ^ (hash >>> 16), 0x85ebca6b);
  hash = Math.imul(hash ^ (hash >>> 13), 0xc2b2ae35);
  return ((hash ^ (hash >>> 16)) >>> 0) / 2 ** 32;
};

const befall: Readonly<
  Record<Settings['mode'], (exchange: Exchange, delayMs: number, forward: () => Promise<Response>) => Promise<Response>>
> = {
  errors: async ({ link }) => failureAt(link, 'internal'),
  slow: async (exchange, delayMs, forward) => {
    await exchange.delay(delayMs);
    return forward();
  },
  hang: (exchange) => exchange.lose(),
};

const effect = ({ mode, share: touched, delay = duration.parse(FALLBACK.delay) }: Settings): FaultEffect => ({
  intercept: async (exchange, forward) => {
    const body = await exchange.request.clone().text();
    return placeOfInput(body) < touched ? befall[mode](exchange, delay, forward) : forward();
  },
});

/** The service looks well to whoever checks it, and is not to those who use it. */
export const grayFailure = defineFaultKind({
  kind: 'gray-failure',
  summary:
    'A share of the inputs fails, is slow or gets no answer, while health checks, which ask about an empty image, are answered.',
  settings,
  live: effect,
  sim: effect,
});
