import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import type { NameFailure } from '../../../harness/names/name-failure.ts';
import { createResolver, type Lookup } from '../../../harness/names/resolver.ts';

const HOST = 'sagemaker-runtime.us-east-1.aws.test';
const OTHER = 'aiplatform.us-east4.google.test';

/** A resolver of two names, and how to ask it. */
const start = (failures: Readonly<Record<string, NameFailure>> = {}) => {
  const system = vi.fn<Lookup>();
  const resolver = createResolver(system);
  const setFailures = (next: typeof failures) => resolver.setTable({ hosts: [HOST, OTHER], failures: next });
  setFailures(failures);
  const lookUp = (hostname: string, options: object | number = {}): Promise<unknown> =>
    new Promise((resolve, reject) => {
      resolver.lookup(hostname, options, (error, ...found) => (error ? reject(error) : resolve(found)));
    });
  return { system, resolver, setFailures, lookUp };
};

describe('the resolver of a process of the stack', () => {
  it('finds the names of the run on this machine, in each form that Node asks in', async () => {
    const { lookUp, resolver, system } = start();
    expect(await lookUp(HOST)).toEqual(['127.0.0.1', 4]);
    expect(await lookUp(HOST, 4)).toEqual(['127.0.0.1', 4]);
    expect(await lookUp(HOST, { all: true })).toEqual([[{ address: '127.0.0.1', family: 4 }]]);
    expect(await new Promise((resolve) => resolver.lookup(HOST, (_error, address) => resolve(address)))).toBe('127.0.0.1');
    expect(system).not.toHaveBeenCalled();
  });

  it('leaves all other names to the system', () => {
    const { resolver, system } = start();
    const done = () => undefined;
    resolver.lookup('localhost', { all: true }, done);
    expect(system).toHaveBeenCalledExactlyOnceWith('localhost', { all: true }, done);
  });

  it('answers later, as Node does, never within the call', async () => {
    const { resolver } = start();
    const done = vi.fn();
    resolver.lookup(HOST, {}, done);
    expect(done).not.toHaveBeenCalled();
    await new Promise(process.nextTick);
    expect(done).toHaveBeenCalledOnce();
  });

  it('does not find a name that a fault has taken, in the words of Node, and finds it again', async () => {
    const { lookUp, setFailures } = start({ [HOST]: { type: 'not-found' } });
    await expect(lookUp(HOST)).rejects.toMatchObject({
      message: `getaddrinfo ENOTFOUND ${HOST}`,
      code: 'ENOTFOUND',
      errno: -3008,
      syscall: 'getaddrinfo',
      hostname: HOST,
    });
    expect(await lookUp(OTHER)).toEqual(['127.0.0.1', 4]);
    setFailures({});
    expect(await lookUp(HOST)).toEqual(['127.0.0.1', 4]);
  });
});

describe('a resolver that nobody answers', () => {
  beforeEach(() => void vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout'] }));
  afterEach(() => void vi.useRealTimers());
  const silent: NameFailure = { type: 'no-answer', giveUpAfterMs: 10_000 };

  it('gives up after its time, and not before', async () => {
    const { lookUp } = start({ [HOST]: silent });
    const failed = vi.fn();
    const asked = lookUp(HOST).catch(failed);
    await vi.advanceTimersByTimeAsync(9_999);
    expect(failed).not.toHaveBeenCalled();
    await vi.advanceTimersByTimeAsync(1);
    await asked;
    expect(failed).toHaveBeenCalledExactlyOnceWith(
      expect.objectContaining({ message: `getaddrinfo EAI_AGAIN ${HOST}`, code: 'EAI_AGAIN', errno: -3001 }),
    );
  });

  it.each([
    ['finds the name when the fault is over by then', {}, 'found'],
    ['is told when there is no such name by then', { [HOST]: { type: 'not-found' } }, 'ENOTFOUND'],
  ] as const)('asks again after half of it, and %s', async (_, failures, outcome) => {
    const { lookUp, setFailures } = start({ [HOST]: silent });
    const asked = lookUp(HOST).then(
      () => 'found',
      ({ code }: NodeJS.ErrnoException) => code,
    );
    await vi.advanceTimersByTimeAsync(4_000);
    setFailures(failures);
    await vi.advanceTimersByTimeAsync(1_000);
    expect(await asked).toBe(outcome);
  });
});
