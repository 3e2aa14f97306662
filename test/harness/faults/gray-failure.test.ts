import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { grayFailure, placeOfInput } from '../../../harness/faults/gray-failure.ts';
import type { Exchange } from '../../../harness/faults/kind.ts';
import { CHECK_ROW } from '../../../harness/serving/open-inference.ts';
import { links } from '../../support/faults.ts';

/** What the stack's clients send to AWS and Google, and to Azure. */
const bodiesOf = (row: readonly number[]) => [JSON.stringify({ instances: [row] }), JSON.stringify({ input_data: [row] })];

const exchange = (body: string): Exchange => ({
  link: links[0]!,
  request: new Request('http://aws.test/', { method: 'POST', body }),
  elapsedMs: 0,
  forMs: 1000,
  random: () => 0.5,
  delay: async () => undefined,
  lose: () => new Promise(() => undefined),
});

const statusOf = async (body: string, settings: object): Promise<number> => {
  const effect = grayFailure.sim!(grayFailure.settings.parse(settings));
  return (await effect.intercept!(exchange(body), async () => new Response('ok'))).status;
};

describe('a gray failure', () => {
  it('answers health checks at the largest share', async () => {
    for (const body of bodiesOf(CHECK_ROW)) {
      expect(placeOfInput(body)).toBeGreaterThan(0.9);
      expect(await statusOf(body, { share: '90%' })).toBe(200);
    }
  });

  it('always touches the same inputs, and with a larger share those and more', async () => {
    await fc.assert(
      fc.asyncProperty(fc.string(), fc.integer({ min: 1, max: 89 }), async (body, percent) => {
        const small = await statusOf(body, { share: `${percent}%` });
        expect(await statusOf(body, { share: `${percent}%` })).toBe(small);
        if (small === 500) expect(await statusOf(body, { share: `${percent + 1}%` })).toBe(500);
      }),
      { numRuns: 50 },
    );
  });

  it('touches about the share that is asked for', () => {
    const rows = Array.from({ length: 2000 }, (_, at) => bodiesOf([at, at % 7, at % 13])[at % 2]!);
    const touched = rows.filter((body) => placeOfInput(body) < 0.3).length / rows.length;
    expect(touched).toBeGreaterThan(0.26);
    expect(touched).toBeLessThan(0.34);
  });
});
