import { z } from 'zod';
import { share } from '../scenario/units.ts';
import { failureAt } from './failure.ts';
import { ConnectionReset, defineFaultKind, type Exchange, type FaultEffect } from './kind.ts';
import { refuseUnused } from './unused-settings.ts';

/** Fallbacks of the settings that only some modes read. */
const FALLBACK = { percent: '50%', failure: 'reset', status: 503 } as const;

const settings = z
  .strictObject({
    mode: z
      .enum(['refuse', 'reset', 'blackhole', 'http-5xx', 'partial'])
      .default('refuse')
      .describe(
        'What callers meet: connections refused, reset, or left without an answer; a 5xx to every request; or a failure for a part of the requests.',
      ),
    percent: share
      .refine((part) => part > 0, 'expected a share above 0%')
      .optional()
      .describe(`Mode partial: share of requests that fail; ${FALLBACK.percent} when left out.`),
    failure: z
      .enum(['reset', 'blackhole', 'http-5xx'])
      .optional()
      .describe(`Mode partial: what a failing request meets; ${FALLBACK.failure} when left out.`),
    status: z
      .literal([500, 502, 503, 504])
      .optional()
      .describe(
        `HTTP status where a 5xx is answered: 500 and 503 in the provider's own shape, 502 and 504 as the page of a load balancer in front of it; ${FALLBACK.status} when left out.`,
      ),
  })
  .superRefine(refuseUnused('mode', { percent: ['partial'], failure: ['partial'], status: ['http-5xx', 'partial'] }))
  .refine(({ mode, failure, status }) => !(mode === 'partial' && status !== undefined && failure !== 'http-5xx'), {
    path: ['status'],
    message: 'has no effect in mode partial unless failure is http-5xx',
  });

type Settings = z.output<typeof settings>;
type Failure = NonNullable<Settings['failure']>;
type Status = NonNullable<Settings['status']>;

/** What stands in front of a provider answers with no more than this: clients must cope without the provider's own shape. */
const loadBalancerPage = (status: number, title: string): Response =>
  new Response(`<html><head><title>${status} ${title}</title></head><body><h1>${status} ${title}</h1></body></html>\n`, {
    status,
    headers: { 'content-type': 'text/html' },
  });

const answers: Readonly<Record<Status, (exchange: Exchange) => Response>> = {
  500: ({ link }) => failureAt(link, 'internal'),
  502: () => loadBalancerPage(502, 'Bad Gateway'),
  503: ({ link }) => failureAt(link, 'unavailable'),
  504: () => loadBalancerPage(504, 'Gateway Time-out'),
};

const failures: Readonly<Record<Failure, (exchange: Exchange, status: Status) => Promise<Response>>> = {
  reset: async () => {
    throw new ConnectionReset('the region is down');
  },
  blackhole: (exchange) => exchange.lose(),
  'http-5xx': async (exchange, status) => answers[status](exchange),
};

const effect = ({ mode, percent, failure, status = FALLBACK.status }: Settings): FaultEffect => {
  if (mode === 'http-5xx') return { intercept: (exchange) => failures['http-5xx'](exchange, status) };
  if (mode !== 'partial') return { connection: () => mode };
  const failingShare = percent ?? share.parse(FALLBACK.percent);
  const fail = failures[failure ?? FALLBACK.failure];
  return { intercept: (exchange, forward) => (exchange.random() < failingShare ? fail(exchange, status) : forward()) };
};

/** A region of a provider goes down, as a whole or for a part of the requests. */
export const regionOutage = defineFaultKind({
  kind: 'region-outage',
  summary: 'A region goes down: connections are refused, reset or never answered, or requests get a 5xx.',
  settings,
  live: effect,
  sim: effect,
});
