import { vi } from 'vitest';
import { findFaultKind } from '../../harness/faults/index.ts';
import type { Exchange, FaultEffect } from '../../harness/faults/kind.ts';
import { createRandom } from '../../harness/random.ts';
import type { Link, ServiceLink } from '../../harness/topology/link.ts';
import type { EndpointRole, ProviderName } from '../../mocks/emulator.ts';

const link = (
  provider: ProviderName,
  region: string,
  service: string,
  role: EndpointRole,
  operations?: readonly string[],
): Link => ({
  id: `${provider}/${region}/${service}`,
  provider,
  region,
  service,
  role,
  rttMs: 10,
  ...(operations ? { operations } : {}),
});

const INVOKE = ['InvokeEndpoint', 'InvokeEndpointWithResponseStream'];

export const awsEast = link('aws', 'us-east-1', 'sagemaker-runtime', 'inference', INVOKE);
export const awsWest = link('aws', 'us-west-2', 'sagemaker-runtime', 'inference', INVOKE);
export const awsSecret = link('aws', 'global', 'secretsmanager', 'secret');
export const googleCentral = link('google', 'us-central1', 'aiplatform', 'inference', ['Predict', 'RawPredict']);
export const googleToken = link('google', 'global', 'oauth2', 'token');
export const googleSecret = link('google', 'global', 'secretmanager', 'secret');
export const azureEast = link('azure', 'eastus', 'ml-online-endpoint', 'inference', ['score']);

/** A topology with something of each provider and role. */
export const links: readonly Link[] = [
  awsEast,
  awsWest,
  link('aws', 'global', 'pricing', 'price'),
  awsSecret,
  googleCentral,
  googleToken,
  link('google', 'global', 'cloudbilling', 'price'),
  googleSecret,
  azureEast,
  link('azure', 'global', 'entra', 'token'),
];

/** Compute of a cloud that is up by itself: no scenario has it. */
export const awsCompute: ServiceLink = {
  id: 'aws/us-east-1/ec2',
  provider: 'aws',
  region: 'us-east-1',
  service: 'ec2',
  role: 'inference',
  rttMs: 0,
  operations: ['RunInstances'],
  hasSpotInstances: true,
};

/** The effect that a kind has with settings as a scenario file holds them. */
export const effectOf = (kind: string, settings: Readonly<Record<string, unknown>> = {}): FaultEffect => {
  const found = findFaultKind(kind)!;
  return found.live!(found.settings.parse(settings));
};

/** What zod says is wrong with settings: `path: message`. */
export const problemsOf = (kind: string, settings: Readonly<Record<string, unknown>>): readonly string[] =>
  (findFaultKind(kind)!.settings.safeParse(settings).error?.issues ?? []).map(
    ({ path, message }) => `${path.join('.')}: ${message}`,
  );

/** An exchange in virtual time: needs `vi.useFakeTimers()` where it is held up or lost. */
export const exchangeOn = (on: Link, { seed = 1, ...rest }: Partial<Exchange> & { readonly seed?: number } = {}): Exchange => ({
  link: on,
  request: new Request('http://127.0.0.1/predict', { method: 'POST', body: '{}' }),
  elapsedMs: 0,
  forMs: 10_000,
  random: createRandom(seed, 'exchange'),
  delay: (ms) => new Promise((resolve) => setTimeout(resolve, ms)),
  lose: () => new Promise<never>(() => {}),
  ...rest,
});

/** Sends an exchange through an effect; `forward` answers 200 and can be asked whether it was called. */
export const send = (effect: FaultEffect, exchange: Exchange) => {
  const forward = vi.fn(async () => new Response('served'));
  return { answer: effect.intercept!(exchange, forward), forward };
};

const SERVED = new Response('served');

/** How long an exchange is held up before it is forwarded, virtual milliseconds. */
export const delayOf = async (effect: FaultEffect, exchange: Exchange): Promise<number> => {
  let delayMs = -1;
  const delay = async (ms: number) => {
    delayMs = ms;
  };
  await effect.intercept!({ ...exchange, delay }, async () => SERVED);
  return delayMs;
};
