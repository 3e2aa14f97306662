import { describe, expect, it } from 'vitest';
import { badModelVersion } from '../../../harness/faults/bad-model-version.ts';
import type { Exchange } from '../../../harness/faults/kind.ts';
import { CANDIDATES } from '../../../harness/topology/candidates.ts';
import { linkWith } from '../../support/wire.ts';

const REQUESTS = {
  aws: (isCandidate: boolean) =>
    new Request('http://aws.test/endpoints/digits/invocations', {
      method: 'POST',
      body: '{}',
      headers: isCandidate ? { 'x-amzn-sagemaker-target-variant': CANDIDATES.aws.variant! } : {},
    }),
  google: (isCandidate: boolean) =>
    new Request(
      `http://google.test/v1/projects/p/locations/l/endpoints/${isCandidate ? CANDIDATES.google.endpointName : '1'}:predict`,
      {
        method: 'POST',
        body: '{}',
      },
    ),
  azure: (isCandidate: boolean) =>
    new Request('http://azure.test/score', {
      method: 'POST',
      body: '{}',
      headers: { 'azureml-model-deployment': isCandidate ? CANDIDATES.azure.endpointName! : 'blue' },
    }),
} as const;

type Provider = keyof typeof REQUESTS;

const row = (label: number) => ({ label, probabilities: Array.from({ length: 10 }, (_, at) => (at === label ? 0.9 : 0.01)) });

const run = async (provider: Provider, isCandidate: boolean, settings: object, body: unknown = [row(3)]) => {
  const exchange: Exchange = {
    link: linkWith({ id: `${provider}/r/s`, provider }),
    request: REQUESTS[provider](isCandidate),
    elapsedMs: 0,
    forMs: 1000,
    random: () => 0.5,
    delay: async () => void delays.push('delay'),
    lose: () => new Promise(() => undefined),
  };
  const delays: string[] = [];
  const effect = badModelVersion.sim!(badModelVersion.settings.parse(settings));
  const response = await effect.intercept!(exchange, async () => Response.json(body, { headers: { 'x-kept': 'yes' } }));
  return { response, delays };
};

describe.each(['aws', 'google', 'azure'] as const)('a bad model version at %s', (provider) => {
  it('shifts labels and their probabilities of the new version, in whatever the provider wraps them', async () => {
    const { response } = await run(provider, true, { share: '100%' }, { predictions: [row(3), row(9)] });
    expect(response.headers.get('x-kept')).toBe('yes');
    expect(await response.json()).toEqual({ predictions: [row(4), row(0)] });
  });

  it('leaves the version that serves as it is', async () => {
    for (const mode of ['inaccurate', 'errors', 'slow']) {
      const { response, delays } = await run(provider, false, { mode, share: '100%' });
      expect(delays).toEqual([]);
      expect(await response.json()).toEqual([row(3)]);
    }
  });

  it('fails, or is slow', async () => {
    const { response } = await run(provider, true, { mode: 'errors', share: '100%' });
    expect(response.status).toBeGreaterThanOrEqual(400);
    expect((await run(provider, true, { mode: 'slow', share: '100%' })).delays).toEqual(['delay']);
  });
});
