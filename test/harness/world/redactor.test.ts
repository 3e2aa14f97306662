import { describe, expect, it } from 'vitest';
import { mintAccess } from '../../../harness/world/live/credentials.ts';
import { createRedactor, secretsInAnswer } from '../../../harness/world/redactor.ts';

describe('the secrets of a run', () => {
  it('are taken out of every text, line by line where they have lines; names stay', async () => {
    const accesses = await mintAccess(['aws', 'google', 'azure']);
    const { redact } = createRedactor(accesses.values());
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
        expect(redact(JSON.stringify(credential))).not.toContain(line);
        expect(redact(credential.clientEmail)).toBe(credential.clientEmail);
      }
    }
  });

  it('are known as forms and encoded values have them too', async () => {
    const accesses = await mintAccess(['aws']);
    const { credential } = accesses.get('aws')!;
    const { redact } = createRedactor(accesses.values());
    if (credential.provider !== 'aws') throw new Error('not of aws');
    expect(redact(`token=${encodeURIComponent(credential.sessionToken!)}&a=b`)).toBe('token=[secret]&a=b');
    expect(redact(`data: ${btoa(credential.secretAccessKey)}`)).toMatch(/^data: \[secret\]=*$/);
  });

  it('are those too that are handed out meanwhile, and the user’s own', () => {
    const { redact, learn } = createRedactor([], ['my-own-token-0123', '']);
    expect(redact('my-own-token-0123 ya29.c.abcdefgh')).toBe('[secret] ya29.c.abcdefgh');
    learn(['ya29.c.abcdefgh', 'short']);
    expect(redact('ya29.c.abcdefgh short')).toBe('[secret] short');
  });

  it('are bounded in number: the oldest token is forgotten', () => {
    const { redact, learn } = createRedactor([]);
    for (let n = 0; n < 2_000; n += 1) learn([`a-token-with-the-number-${n}-`]);
    expect(redact('a-token-with-the-number-1999-')).toBe('[secret]');
    expect(redact('a-token-with-the-number-0-')).toBe('a-token-with-the-number-0-');
  });
});

describe('an answer that hands secrets out', () => {
  const answer = (body: object, status = 200) => Response.json(body, { status });

  it('is a token endpoint’s or a secret store’s', async () => {
    expect(await secretsInAnswer('token', answer({ access_token: 'ya29.c.abc', expires_in: 3599 }))).toEqual(['ya29.c.abc']);
    const credential = { provider: 'azure', tenantId: 'tenant', clientSecret: 'secret', endpointKey: 'key' };
    expect(await secretsInAnswer('secret', answer({ credential }))).toEqual(['secret', 'key']);
    expect(await secretsInAnswer('inference', answer({ access_token: 'ya29.c.abc' }))).toEqual([]);
    expect(await secretsInAnswer('token', answer({ error: 'invalid_grant' }, 400))).toEqual([]);
    expect(await secretsInAnswer('token', new Response('no JSON'))).toEqual([]);
  });

  it('can still be read', async () => {
    const given = answer({ access_token: 'ya29.c.abc' });
    await secretsInAnswer('token', given);
    expect(await given.json()).toEqual({ access_token: 'ya29.c.abc' });
  });
});
