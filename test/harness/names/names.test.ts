import { describe, expect, it } from 'vitest';
import type { BoundFault } from '../../../harness/faults/bind.ts';
import type { FaultEffect } from '../../../harness/faults/kind.ts';
import { type NameFailure, strongestNameFailure } from '../../../harness/names/name-failure.ts';
import { createNames } from '../../../harness/names/names.ts';
import type { ServiceLink } from '../../../harness/topology/link.ts';
import { faultWith, linkWith } from '../../support/wire.ts';

const EAST = linkWith();
const WEST = linkWith({ id: 'aws/us-west-2/sagemaker-runtime', region: 'us-west-2' });
const EAST_HOST = 'sagemaker-runtime.us-east-1.aws.test';
const WEST_HOST = 'sagemaker-runtime.us-west-2.aws.test';

const gone: NameFailure = { type: 'not-found' };
const silent = (giveUpAfterMs: number): NameFailure => ({ type: 'no-answer', giveUpAfterMs });

const bound = (name: string, links: readonly ServiceLink[], failure?: NameFailure): BoundFault<ServiceLink> => {
  const effect: FaultEffect = failure ? { name: () => failure } : { connection: () => 'refuse' };
  return { fault: faultWith({ name }), links, effect };
};

const start = () => {
  const names = createNames([EAST, WEST], (id) => `http://127.0.0.1:${id === EAST.id ? 20_001 : 20_002}`);
  const told: unknown[] = [];
  const stop = names.watch(({ failures }) => told.push(failures));
  return { names, told, stop };
};

describe('the names of a run', () => {
  it('stand for the wire’s addresses', () => {
    const { names } = start();
    expect(names.originOf(EAST.id)).toBe(`http://${EAST_HOST}:20001`);
    expect(names.originOf(WEST.id)).toBe(`http://${WEST_HOST}:20002`);
    expect(names.table).toEqual({ hosts: [EAST_HOST, WEST_HOST], failures: {} });
  });

  it('fail while a fault holds them, and all who watch are told', () => {
    const { names, told, stop } = start();
    const fault = () => bound('dns', [EAST], gone);
    names.begin(fault());
    expect(names.table.failures).toEqual({ [EAST_HOST]: gone });
    names.end(fault());
    expect(names.table.failures).toEqual({});
    expect(told).toEqual([{ [EAST_HOST]: gone }, {}]);
    stop();
    names.begin(fault());
    expect(told).toHaveLength(2);
  });

  it('fail until the last of several faults has ended', () => {
    const { names } = start();
    const [first, second] = [bound('first', [EAST], gone), bound('second', [EAST, WEST], silent(1_000))];
    names.begin(first);
    names.begin(second);
    expect(names.table.failures).toEqual({ [EAST_HOST]: silent(1_000), [WEST_HOST]: silent(1_000) });
    names.end(second);
    expect(names.table.failures).toEqual({ [EAST_HOST]: gone });
  });

  it('are left alone by other faults, of which nobody is told', () => {
    const { names, told } = start();
    names.begin(bound('outage', [EAST]));
    expect(told).toEqual([]);
  });
});

describe('of several failures of a name', () => {
  it.each([
    [[], undefined],
    [[gone], gone],
    [[gone, silent(1)], silent(1)],
    [[silent(2), gone, silent(3)], silent(3)],
  ] as const)('%j a look-up meets %j', (failures, strongest) => {
    expect(strongestNameFailure(failures)).toEqual(strongest);
  });
});
