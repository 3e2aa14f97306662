import { describe, expect, it } from 'vitest';
import { createRedactor, mintAccess } from '../../../../harness/world/live/credentials.ts';

describe('the secrets of a run', () => {
  it('are fresh for each run', async () => {
    const [first, second] = [await mintAccess(['aws', 'azure']), await mintAccess(['aws', 'azure'])];
    expect([...first.keys()]).toEqual(['aws', 'azure']);
    expect(first.get('aws')).not.toEqual(second.get('aws'));
    expect(first.get('aws')!.secretStoreToken).not.toBe(first.get('azure')!.secretStoreToken);
  });

  it('are taken out of every text, line by line where they have lines; names stay', async () => {
    const accesses = await mintAccess(['aws', 'google', 'azure']);
    const redact = createRedactor(accesses.values());
    for (const { credential, secretStoreToken } of accesses.values()) {
      expect(redact(`Bearer ${secretStoreToken}!`)).toBe('Bearer [secret]!');
      if (credential.provider === 'aws') expect(redact(`key ${credential.secretAccessKey}`)).toBe('key [secret]');
      if (credential.provider === 'azure') {
        expect(redact(`${credential.clientSecret} ${credential.endpointKey}`)).toBe('[secret] [secret]');
        expect(redact(credential.tenantId)).toBe(credential.tenantId);
      }
      if (credential.provider === 'google') {
        const line = credential.privateKeyPem.split('\n')[3]!;
        expect(redact(credential.privateKeyPem)).not.toContain(line);
        expect(redact(credential.clientEmail)).toBe(credential.clientEmail);
      }
    }
  });
});
