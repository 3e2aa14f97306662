import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { providerError } from '../../../mocks/errors.ts';
import { awsEast, azureEast, effectOf, exchangeOn, googleCentral, problemsOf, send } from '../../support/faults.ts';

const burst = (settings: Readonly<Record<string, unknown>>) => effectOf('error-burst', settings);
const read = async (answer: Response | Promise<Response>) => {
  const { status } = await answer;
  return { status, body: await (await answer).text() };
};
const statusAt = async (settings: Readonly<Record<string, unknown>>, elapsedMs: number) =>
  (await send(burst(settings), exchangeOn(awsEast, { elapsedMs })).answer).status;

describe('an error burst', () => {
  it('fails every request within a burst, and forwards those between bursts', async () => {
    const settings = { burst: '500ms', every: '2s' };
    expect(await Promise.all([0, 499, 500, 1999, 2000, 2499, 2500].map((ms) => statusAt(settings, ms)))).toEqual([
      503, 503, 200, 200, 503, 503, 200,
    ]);
  });

  it('without a pause between bursts fails all the time', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(60_000), async (elapsedMs) => {
        expect(await statusAt({ burst: '1s', every: '1s' }, elapsedMs)).toBe(503);
      }),
    );
  });

  it.each([awsEast, googleCentral, azureEast])('answers each condition with what $provider has for it', async (link) => {
    for (const condition of ['unavailable', 'internal', 'throttled', 'model-error'] as const) {
      const { status, body } = await read(send(burst({ condition }), exchangeOn(link)).answer);
      expect({ status, body }).toEqual(await read(providerError(link.provider, condition)));
      expect(status).toBeGreaterThanOrEqual(400);
    }
  });

  it('refuses bursts that are longer than the time between them', () => {
    expect(problemsOf('error-burst', { burst: '3s', every: '2s' })).toEqual([
      'burst: is longer than every, the time from one burst to the next',
    ]);
  });
});
