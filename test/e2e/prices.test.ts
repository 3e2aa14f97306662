import { describe, expect, it } from 'vitest';
import { squall } from '../support/squall.ts';

describe('squall prices', () => {
  it('prints the price book with sources, in 80 columns', async () => {
    const { code, stdout } = await squall(['prices']);
    expect(code).toBe(0);
    expect(Math.max(...stdout.split('\n').map((line) => line.length))).toBeLessThanOrEqual(80);
    expect(stdout).toMatch(/aws {2}ml\.g4dn\.xlarge spot {2}\[2\]\n {4}26 % of the price above/);
    expect(stdout).toContain('[1]  aws.amazon.com/sagemaker/pricing');
  });

  it('prints it as JSON', async () => {
    const { prices } = JSON.parse((await squall(['prices', '--json'])).stdout);
    expect(prices.map(({ provider }: { provider: string }) => provider)).toEqual(['aws', 'google', 'azure']);
    expect(prices[0].storage.tiers.archive).toMatchObject({ name: 'S3 Glacier Flexible Retrieval', minimumDays: 90 });
  });
});
