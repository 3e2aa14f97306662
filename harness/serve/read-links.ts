import { z } from 'zod';
import { SquallError } from '../errors.ts';
import { explain } from '../scenario/explain.ts';
import { formatPath, problemsOf } from '../scenario/problem.ts';
import type { GatewayConfig, GatewayLink } from '../serving/config.ts';

const MAX_LINKS = 64;
const DEFAULT_MODEL = 'digits';

const text = z.string().min(1);
const origin = z.url({ protocol: /^https?$/, error: 'expected an origin, such as http://127.0.0.1:21000' });
const amount = z.number().min(0);

/** As `squall env` and `--sut` write them: one schema for `EndpointBilling` and `GatewayLink`. What a later version says beside that is passed over. */
const billing = z.object({
  mode: z.enum(['provisioned', 'by-use', 'serverless']),
  instances: amount,
  onDemandUsdPerHour: amount.optional(),
  requestUsdPerS: amount,
  usdPerRequest: amount,
  egressUsdPerGb: amount,
  storageUsdPerHour: amount,
});

const link = z.object({
  id: text,
  provider: z.enum(['aws', 'google', 'azure']),
  region: text,
  endpoint: origin,
  endpointName: text,
  variant: text.optional(),
  candidate: z.object({ endpointName: text.optional(), variant: text.optional() }).optional(),
  tokenEndpoint: origin.optional(),
  priceEndpoint: origin,
  instanceType: text,
  serviceTimeMs: z.number().positive(),
  concurrency: z.number().int().min(1),
  billing: billing.optional(),
  listUsdPerHour: amount.optional(),
  secretEndpoint: origin,
  secretStoreToken: text,
  priority: z.number().int().min(0),
});

const links = z.array(link).min(1).max(MAX_LINKS);

const remedy =
  '`eval "$(squall env region-outage)"` sets it in a shell; `squall run region-outage --sut \'squall serve\'` and `--sut docker:<image>` tell it by themselves.';

/** Without the values: they hold secrets. */
const refuse = (what: string) => new SquallError('BAD_FLAG', `SQUALL_LINKS ${what}.`, remedy);

const parse = (json: string): unknown => {
  try {
    return JSON.parse(json);
  } catch {
    throw refuse('is no JSON');
  }
};

/**
 * Model and links of a gateway from the variables that every system under test is told (docs/bring-your-own.md): `SQUALL_MODEL`, `SQUALL_LINKS`.
 * @throws {SquallError} `BAD_FLAG` when there are none, or they are not what these variables hold
 */
export const readLinks = (environment: Readonly<Record<string, string | undefined>>): Pick<GatewayConfig, 'model' | 'links'> => {
  const json = environment.SQUALL_LINKS;
  if (json === undefined || json === '') throw refuse('is not set');
  const parsed = links.safeParse(parse(json), { error: explain });
  if (!parsed.success) {
    const [{ path, message }] = problemsOf(parsed.error) as [{ path: (string | number)[]; message: string }];
    throw refuse(`${formatPath(path)}: ${message}`);
  }
  return { model: environment.SQUALL_MODEL || DEFAULT_MODEL, links: parsed.data as readonly GatewayLink[] };
};
