import { describe, expect, it } from 'vitest';
import type { FailureCondition } from '../../mocks/control.ts';
import { providerError } from '../../mocks/errors.ts';
import { providers } from '../../mocks/providers.ts';

const conditions: readonly FailureCondition[] = ['unavailable', 'internal', 'throttled', 'model-error'];

describe.each(Object.values(providers))('an error of $provider', ({ provider }) => {
  it.each(conditions)('for %s is a failure, and a fresh response each time', async (condition) => {
    const [one, other] = [providerError(provider, condition), providerError(provider, condition)];
    expect(one.status).toBeGreaterThanOrEqual(400);
    expect(other.status).toBe(one.status);
    expect(await other.text()).toBe(await one.text());
  });

  it('differs by condition', async () => {
    const texts = await Promise.all(
      conditions.map(async (condition) => {
        const answer = providerError(provider, condition);
        return `${answer.status} ${await answer.text()}`;
      }),
    );
    expect(new Set(texts).size).toBe(conditions.length);
  });
});
