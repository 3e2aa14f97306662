import { describe, expect, it } from 'vitest';
import { mintAccess } from '../../../../harness/world/live/credentials.ts';

describe('the secrets of a run', () => {
  it('are fresh for each run', async () => {
    const [first, second] = [await mintAccess(['aws', 'azure']), await mintAccess(['aws', 'azure'])];
    expect([...first.keys()]).toEqual(['aws', 'azure']);
    expect(first.get('aws')).not.toEqual(second.get('aws'));
    expect(first.get('aws')!.secretStoreToken).not.toBe(first.get('azure')!.secretStoreToken);
  });
});
