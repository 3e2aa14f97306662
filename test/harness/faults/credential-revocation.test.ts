import { describe, expect, it } from 'vitest';
import { awsEast, awsSecret, effectOf, googleSecret, googleToken, problemsOf } from '../../support/faults.ts';

const revocation = (settings: Readonly<Record<string, unknown>>) => effectOf('credential-revocation', settings);

describe('a credential revocation', () => {
  it('revokes the key, and has a new one in the secret store after a while', () => {
    expect(revocation({}).provider?.(awsSecret)).toEqual({
      onStart: [{ type: 'revoke-credential', replacementAfterMs: 1000 }],
      onEnd: [],
    });
    expect(revocation({ replacementAfter: '2s' }).provider?.(awsSecret).onStart).toEqual([
      { type: 'revoke-credential', replacementAfterMs: 2000 },
    ]);
  });

  it('that never replaces the key does so when the fault ends', () => {
    expect(revocation({ replacementAfter: 'never' }).provider?.(awsSecret)).toEqual({
      onStart: [{ type: 'revoke-credential', replacementAfterMs: null }],
      onEnd: [{ type: 'revoke-credential', replacementAfterMs: 0 }],
    });
  });

  it('lets tokens expire while the key stays good', () => {
    expect(revocation({ mode: 'expired-token' }).provider?.(googleSecret)).toEqual({
      onStart: [{ type: 'expire-tokens' }],
      onEnd: [],
    });
  });

  it('takes the token endpoint down, and the tokens with it', () => {
    const effect = revocation({ mode: 'token-endpoint-down' });
    expect(effect.connection?.(googleToken)).toBe('refuse');
    expect(effect.provider?.(googleToken).onStart).toEqual([{ type: 'expire-tokens' }]);
    expect(effect.connection?.(googleSecret)).toBeUndefined();
  });

  it.each(['revoked-key', 'expired-token'])('in mode %s leaves connections alone', (mode) => {
    expect(revocation({ mode }).connection).toBeUndefined();
  });

  it('does nothing to a link that no credential belongs to', () => {
    expect(revocation({}).provider?.(awsEast)).toEqual({ onStart: [], onEnd: [] });
  });

  it.each([
    [
      { mode: 'expired-token', replacementAfter: '1s' },
      'replacementAfter: has no effect with mode expired-token; it belongs to mode revoked-key',
    ],
    [{ replacementAfter: 'soon' }, 'replacementAfter: expected a duration with its unit, such as 2s, or never, got "soon"'],
  ])('refuses %o', (settings, problem) => {
    expect(problemsOf('credential-revocation', settings)).toEqual([problem]);
  });
});
