import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { ConnectionReset } from '../../../harness/faults/kind.ts';
import { createRandom } from '../../../harness/random.ts';
import { awsEast, azureEast, effectOf, exchangeOn, googleCentral, problemsOf, send } from '../../support/faults.ts';

const SERVED = new Response('served');

const outage = (settings: Readonly<Record<string, unknown>>) => effectOf('region-outage', settings);

describe('a region outage', () => {
  it.each(['refuse', 'reset', 'blackhole'])('in mode %s holds every connection in that state and touches no exchange', (mode) => {
    const effect = outage({ mode });
    expect(effect.connection?.(awsEast)).toBe(mode);
    expect(effect.intercept).toBeUndefined();
  });

  it('refuses connections unless the scenario says otherwise', () => {
    expect(outage({}).connection?.(awsEast)).toBe('refuse');
  });

  it.each([
    { link: awsEast, sign: (answer: Response) => answer.headers.get('x-amzn-errortype'), expected: 'ServiceUnavailable' },
    { link: googleCentral, sign: async (answer: Response) => (await answer.json()).error.status, expected: 'UNAVAILABLE' },
    { link: azureEast, sign: (answer: Response) => answer.text(), expected: 'no healthy upstream' },
  ])(
    'in mode http-5xx answers with the 503 of $link.provider, and the provider sees nothing',
    async ({ link, sign, expected }) => {
      const { answer, forward } = send(outage({ mode: 'http-5xx' }), exchangeOn(link));
      const response = await answer;
      expect(response.status).toBe(503);
      expect(await sign(response)).toBe(expected);
      expect(forward).not.toHaveBeenCalled();
    },
  );

  it.each([
    [500, 'json'],
    [503, 'json'],
    [502, 'text/html'],
    [504, 'text/html'],
  ])('in mode http-5xx answers with status %d as %s', async (status, contentType) => {
    const response = await send(outage({ mode: 'http-5xx', status }), exchangeOn(awsEast)).answer;
    expect(response.status).toBe(status);
    expect(response.headers.get('content-type')).toContain(contentType);
    expect((await response.text()).length).toBeGreaterThan(10);
  });

  describe('in mode partial', () => {
    it('fails the share of requests that it is given, and forwards the others', async () => {
      await fc.assert(
        fc.asyncProperty(fc.integer({ min: 1, max: 100 }), fc.nat(), async (percent, seed) => {
          const effect = outage({ mode: 'partial', percent: `${percent}%` });
          const exchange = exchangeOn(awsEast, { random: createRandom(seed, 'partial') });
          const answers = Array.from({ length: 500 }, () => effect.intercept!(exchange, async () => SERVED));
          const failed = (await Promise.allSettled(answers)).filter(({ status }) => status === 'rejected');
          const share = percent / 100;
          // Six standard deviations of a binomial share: passed by chance never.
          const tolerance = 6 * Math.sqrt((share * (1 - share)) / answers.length);
          expect(Math.abs(failed.length / answers.length - share)).toBeLessThanOrEqual(tolerance);
        }),
      );
    });

    const failing = exchangeOn(googleCentral, { random: () => 0 });

    it('resets the connection of a failing request unless the scenario says otherwise', async () => {
      await expect(send(outage({ mode: 'partial' }), failing).answer).rejects.toBeInstanceOf(ConnectionReset);
    });

    it('answers a failing request with a 5xx when told to', async () => {
      const effect = outage({ mode: 'partial', failure: 'http-5xx', status: 500 });
      expect((await send(effect, failing).answer).status).toBe(500);
    });

    it('loses a failing request when told to', async () => {
      const lost = Promise.reject(new Error('lost'));
      const { answer, forward } = send(outage({ mode: 'partial', failure: 'blackhole' }), { ...failing, lose: () => lost });
      await expect(answer).rejects.toThrow('lost');
      expect(forward).not.toHaveBeenCalled();
    });

    it('forwards a request that does not fail', async () => {
      const effect = outage({ mode: 'partial', percent: '50%' });
      expect(await (await send(effect, exchangeOn(awsEast, { random: () => 0.5 })).answer).text()).toBe('served');
    });
  });

  it.each([
    [{ mode: 'refuse', percent: '25%' }, 'percent: has no effect with mode refuse; it belongs to mode partial'],
    [{ failure: 'reset' }, 'failure: has no effect with mode refuse; it belongs to mode partial'],
    [{ mode: 'reset', status: 500 }, 'status: has no effect with mode reset; it belongs to mode http-5xx or partial'],
    [{ mode: 'partial', status: 500 }, 'status: has no effect in mode partial unless failure is http-5xx'],
    [{ mode: 'partial', percent: '0%' }, 'percent: expected a share above 0%'],
  ])('refuses settings that would do nothing: %o', (settings, problem) => {
    expect(problemsOf('region-outage', settings)).toEqual([problem]);
  });
});
