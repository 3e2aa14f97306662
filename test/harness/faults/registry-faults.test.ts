import { describe, expect, it } from 'vitest';
import { bindFault } from '../../../harness/faults/bind.ts';
import { ConnectionReset, type Fault } from '../../../harness/faults/kind.ts';
import { PEER_HEADER } from '../../../harness/serving/registry/peers.ts';
import type { AnyLink, NodeLink } from '../../../harness/topology/link.ts';
import { awsEast, effectOf, exchangeOn, send } from '../../support/faults.ts';
import { aFault } from '../../support/records.ts';

const replica = (region: string, kind = 'registry'): NodeLink => ({
  id: `stack/${region}/${kind}`,
  provider: 'stack',
  region,
  service: kind,
  role: 'service',
  rttMs: 1,
  kind,
});

const replicas = [replica('us-east'), replica('us-west'), replica('eu-west')];
const links: readonly AnyLink[] = [awsEast, ...replicas, replica('us-east', 'queue')];

const bind = (overrides: Partial<Fault>) => bindFault({ ...aFault(), targets: ['stack/*/registry'], ...overrides }, 'sim', links);

/** A request of a client, or of the replica that stands in the region. */
const requestTo = (to: NodeLink, from?: string) =>
  exchangeOn(to as never, {
    request: new Request('http://registry.test/v1/models', from === undefined ? {} : { headers: { [PEER_HEADER]: from } }),
  });

describe('a partition of the registry', () => {
  const cut = (settings: Readonly<Record<string, unknown>>) => effectOf('registry-partition', { mode: 'reset', ...settings });

  it('resets what replicas on different sides say to each other, both ways', async () => {
    const effect = cut({ side: ['us-east'] });
    for (const [from, to] of [
      ['us-east', 'us-west'],
      ['us-west', 'us-east'],
    ] as const) {
      const { answer, forward } = send(effect, requestTo(replica(to), from));
      await expect(answer).rejects.toBeInstanceOf(ConnectionReset);
      expect(forward).not.toHaveBeenCalled();
    }
  });

  it('leaves alone replicas on one side, and clients everywhere', async () => {
    const effect = cut({ side: ['us-east'] });
    expect(await send(effect, requestTo(replica('us-west'), 'eu-west')).answer).toHaveProperty('status', 200);
    for (const to of replicas) expect(await send(effect, requestTo(to)).answer).toHaveProperty('status', 200);
  });

  it('leaves each replica alone where no side is named', async () => {
    await expect(send(cut({}), requestTo(replica('us-west'), 'eu-west')).answer).rejects.toBeInstanceOf(ConnectionReset);
  });

  it.each([
    [{ targets: ['stack/us-east/registry'], settings: { side: ['us-east'] } }, /leave replicas out/],
    [{ settings: { side: ['mars'] } }, /mars, where no replica stands/],
    [{ settings: { side: ['us-east', 'us-west', 'eu-west'] } }, /parts none/],
  ])('refuses targets that make no cut: %j', (overrides, message) => {
    expect(() => bind({ kind: 'registry-partition', ...overrides })).toThrow(message);
  });

  it('is refused where there is no registry', () => {
    const fault = { ...aFault(), kind: 'registry-partition', targets: ['*'] };
    expect(() => bindFault(fault, 'sim', [awsEast])).toThrow(/no replicas to part/);
  });
});

describe('a stale replica', () => {
  it('is held from the start to the end of the fault', () => {
    const { links: held, effect } = bind({ kind: 'stale-replica', targets: ['stack/us-east/registry'] });
    expect(held).toEqual([replicas[0]]);
    expect(effect.nodeCommands?.(replicas[0]!)).toEqual({
      onStart: [{ type: 'hold', isHeld: true }],
      onEnd: [{ type: 'hold', isHeld: false }],
    });
  });
});

describe('a corrupt artifact', () => {
  it.each([
    ['flip', [{ type: 'corrupt-artifacts', isOn: true }], [{ type: 'corrupt-artifacts', isOn: false }]],
    ['erase', [{ type: 'erase' }], []],
  ])('in mode %s tells the disk what to do', (mode, onStart, onEnd) => {
    const { effect } = bind({ kind: 'corrupt-artifact', settings: { mode } });
    expect(effect.nodeCommands?.(replicas[0]!)).toEqual({ onStart, onEnd });
  });

  it('is for replicas of the registry, and no other node', () => {
    expect(() => bind({ kind: 'corrupt-artifact', targets: ['stack/us-east/queue'], settings: { mode: 'flip' } })).toThrow(
      /matches no link/,
    );
  });
});
