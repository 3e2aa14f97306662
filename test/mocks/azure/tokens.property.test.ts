import fc from 'fast-check';
import { SignJWT } from 'jose';
import { beforeAll, describe, expect, test, vi } from 'vitest';
import { createTokenAuthority, type TokenAuthority } from '../../../mocks/azure/tokens.ts';

const AUDIENCE = 'https://ml.azure.com';
const GRANT = { audience: AUDIENCE, clientId: 'app', objectId: 'principal', roles: ['score'] };
const PRINTABLE = Array.from({ length: 94 }, (_, at) => String.fromCharCode(33 + at));

let authority: TokenAuthority;
let token: string;
beforeAll(async () => {
  authority = await createTokenAuthority('tenant');
  token = await authority.issue(GRANT);
});

const typeOf = async (candidate: string, by = authority) => (await by.verify(candidate, [AUDIENCE])).type;

describe('a token', () => {
  test('is good as it was issued, with its roles', async () => {
    expect(await authority.verify(token, [AUDIENCE])).toEqual({ type: 'good', roles: ['score'] });
  });

  test('is refused with any one character altered', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), fc.constantFrom(...PRINTABLE), async (at, character) => {
        fc.pre(token[at] !== character);
        expect(await typeOf(token.slice(0, at) + character + token.slice(at + 1))).not.toBe('good');
      }),
      { numRuns: 500 },
    );
  });

  test('is refused with its last character altered, though some write the same bytes', async () => {
    for (const character of 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_') {
      if (token.endsWith(character)) continue;
      expect(await typeOf(token.slice(0, -1) + character)).not.toBe('good');
    }
  });

  test('is refused cut short or lengthened', async () => {
    await fc.assert(
      fc.asyncProperty(fc.nat(token.length - 1), async (length) => {
        expect(await typeOf(token.slice(0, length))).not.toBe('good');
      }),
      { numRuns: 50 },
    );
    for (const tail of ['=', '.', ' ', 'A']) expect(await typeOf(token + tail)).not.toBe('good');
  });

  test('is refused at another tenant, and unsigned', async () => {
    expect(await typeOf(token, await createTokenAuthority('tenant'))).toBe('invalid');
    const [, payload] = token.split('.');
    expect(await typeOf(`${btoa('{"alg":"none"}').replace(/=+$/, '')}.${payload}.`)).toBe('invalid');
  });

  test('is refused signed with the public key as a shared secret', async () => {
    const secret = new TextEncoder().encode(JSON.stringify(authority.publicJwk));
    const forged = await new SignJWT({ aud: AUDIENCE, aio: '0' }).setProtectedHeader({ alg: 'HS256' }).sign(secret);
    expect(await typeOf(forged)).toBe('invalid');
  });

  test('is for its own audience alone', async () => {
    const other = await authority.issue({ ...GRANT, audience: 'https://management.azure.com' });
    expect(await typeOf(other)).toBe('wrong-audience');
    expect((await authority.verify(token, ['https://management.azure.com'])).type).toBe('wrong-audience');
    expect(await typeOf(token)).toBe('good');
  });
});

describe('a token that has been good', () => {
  test('is not good before it begins, when the clock is set back', async () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 24, 12), toFake: ['Date'] });
    try {
      const fresh = await authority.issue(GRANT);
      expect(await typeOf(fresh)).toBe('good');
      vi.setSystemTime(Date.UTC(2026, 10, 24, 11, 54, 59));
      expect(await typeOf(fresh)).toBe('invalid');
      vi.setSystemTime(Date.UTC(2026, 10, 24, 11, 55));
      expect(await typeOf(fresh)).toBe('good');
    } finally {
      vi.useRealTimers();
    }
  });
});

describe('time', () => {
  test('ends a token 3599 seconds after its issue', async () => {
    vi.useFakeTimers({ now: Date.UTC(2026, 10, 24, 12), toFake: ['Date'] });
    try {
      const fresh = await authority.issue(GRANT);
      vi.setSystemTime(Date.UTC(2026, 10, 24, 12, 59, 58));
      expect(await typeOf(fresh)).toBe('good');
      vi.setSystemTime(Date.UTC(2026, 10, 24, 12, 59, 59));
      expect(await typeOf(fresh)).toBe('expired');
    } finally {
      vi.useRealTimers();
    }
  });

  test('ends all at once by command, but for those issued after it', async () => {
    const own = await createTokenAuthority('tenant');
    const before = await own.issue(GRANT);
    expect(await typeOf(before, own)).toBe('good');
    own.expireAll();
    expect(await typeOf(before, own)).toBe('expired');
    expect(await typeOf(await own.issue(GRANT), own)).toBe('good');
  });
});
