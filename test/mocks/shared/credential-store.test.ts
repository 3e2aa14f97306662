import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import type { AwsCredential } from '../../../mocks/aws/credential.ts';
import { createCredentialStore } from '../../../mocks/shared/credential-store.ts';

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const named = (accessKeyId: string): AwsCredential => ({ provider: 'aws', accessKeyId, secretAccessKey: '' });

const given = () => {
  let minted = 0;
  const store = createCredentialStore(named('first'), async () => {
    minted += 1;
    return named(`minted-${minted}`);
  });
  const state = () => ({ published: store.published.accessKeyId, active: store.active?.accessKeyId ?? null });
  return { store, state };
};

describe('the credential store', () => {
  test('publishes the dead credential from a revocation until its replacement is there', async () => {
    const { store, state } = given();
    expect(state()).toEqual({ published: 'first', active: 'first' });
    await store.revoke(1000);
    expect(state()).toEqual({ published: 'first', active: null });
    await vi.advanceTimersByTimeAsync(999);
    expect(state()).toEqual({ published: 'first', active: null });
    await vi.advanceTimersByTimeAsync(1);
    expect(state()).toEqual({ published: 'minted-1', active: 'minted-1' });
  });

  test('has a replacement that is due at once when the revocation is done', async () => {
    const { store, state } = given();
    await store.revoke(0);
    expect(state()).toEqual({ published: 'minted-1', active: 'minted-1' });
  });

  test('never replaces without being told to, and leaves no timer', async () => {
    const { store, state } = given();
    await store.revoke(null);
    expect(vi.getTimerCount()).toBe(0);
    expect(state()).toEqual({ published: 'first', active: null });
  });

  test('drops a replacement that a later revocation has overtaken', async () => {
    const { store, state } = given();
    await store.revoke(1000);
    await vi.advanceTimersByTimeAsync(500);
    await store.revoke(null);
    await vi.advanceTimersByTimeAsync(10_000);
    expect(state()).toEqual({ published: 'first', active: null });
  });

  test('renews a credential at once, but not a revoked one', async () => {
    const { store, state } = given();
    store.renew(named('second'));
    expect(state()).toEqual({ published: 'second', active: 'second' });
    await store.revoke(null);
    store.renew(named('third'));
    expect(state()).toEqual({ published: 'second', active: null });
  });
});
