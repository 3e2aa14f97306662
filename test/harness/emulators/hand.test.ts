import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { createControlApi } from '../../../harness/emulators/control-api.ts';
import { createFaultHand, type FaultHand } from '../../../harness/emulators/hand.ts';
import { openStage, type Stage } from '../../../harness/emulators/stage.ts';
import type { Description } from '../../../harness/emulators/up.ts';
import { SquallError } from '../../../harness/errors.ts';
import { createBellCloud } from '../../support/bell-cloud.ts';
import { stubModels } from '../../support/model.ts';

let bells: ReturnType<typeof createBellCloud>;
let stage: Stage;
let hand: FaultHand;
beforeEach(async () => {
  bells = createBellCloud();
  stage = await openStage({ clouds: [{ definition: bells.definition, regions: ['north', 'south'] }], models: stubModels });
  hand = createFaultHand(stage);
});
afterEach(async () => {
  vi.useRealTimers();
  hand.close();
  await stage.close();
});

const refusal = async (entry: unknown): Promise<string> => {
  const error = await hand.add(entry).catch((reason: unknown) => reason);
  if (!(error instanceof SquallError)) throw new Error('it was not refused');
  return [error.message, error.remedy].filter(Boolean).join(' ');
};

const ring = async (region: string): Promise<string> => {
  try {
    const response = await fetch(stage.originOf('ibm', 'bell', region));
    return `${response.status} ${await response.text()}`;
  } catch (error) {
    return String(((error as Error).cause as { readonly code?: string }).code);
  }
};

describe('a fault put on by hand', () => {
  it('acts in its region alone, until it is lifted', async () => {
    const fault = await hand.add({ kind: 'region-outage', target: 'ibm/north' });
    expect(fault).toMatchObject({ name: 'region-outage', links: ['ibm/north/bell'], remainingMs: null });
    expect([await ring('north'), await ring('south')]).toEqual(['ECONNREFUSED', '200 ding south']);
    await hand.remove('region-outage');
    expect(await ring('north')).toBe('200 ding north');
  });

  it('makes the service answer in its own shape, when it fails', async () => {
    await hand.add({ kind: 'region-outage', target: 'ibm/north', mode: 'http-5xx' });
    expect(await ring('north')).toBe('503 the clapper is missing');
  });

  it('lifts by itself after its time', async () => {
    vi.useFakeTimers({ toFake: ['setTimeout', 'clearTimeout', 'Date'] });
    await hand.add({ kind: 'throttling', target: 'ibm', for: '30s', requestsPerS: '2/s' });
    vi.advanceTimersByTime(10_000);
    expect(hand.list()[0]!.remainingMs).toBe(20_000);
    await vi.advanceTimersByTimeAsync(20_000);
    expect(hand.list()).toEqual([]);
    expect(bells.commands.at(-1)).toMatchObject({ type: 'set-quota', requestsPerS: null });
  });

  it('tells the account once, however many links it acts on, and gives others back what they hold', async () => {
    await hand.add({ kind: 'throttling', target: 'ibm/north', requestsPerS: '2/s' });
    await hand.add({ kind: 'throttling', target: 'ibm', requestsPerS: '1/s' });
    bells.commands.length = 0;
    await hand.remove('throttling-2');
    expect(bells.commands).toEqual([
      { type: 'set-quota', region: 'north', service: 'bell', requestsPerS: null },
      { type: 'set-quota', region: 'south', service: 'bell', requestsPerS: null },
      { type: 'set-quota', region: 'north', service: 'bell', requestsPerS: 2 },
    ]);
  });

  it('takes a permission for all regions, and gives it back', async () => {
    const fault = await hand.add({ kind: 'permission-revocation', target: 'ibm', operation: 'Ring' });
    expect(fault.links).toEqual(['ibm/north/bell', 'ibm/south/bell']);
    await hand.remove('permission-revocation');
    const permission = { type: 'set-permission', service: 'bell', operation: 'Ring' };
    expect(bells.commands).toEqual([
      { ...permission, isAllowed: false },
      { ...permission, isAllowed: true },
    ]);
  });

  it("revokes a cloud's credential, where no service issues tokens", async () => {
    await hand.add({ kind: 'credential-revocation', target: 'ibm' });
    expect(bells.commands).toEqual([{ type: 'revoke-credential', replacementAfterMs: 1000 }]);
  });

  it.each([
    [{ kind: 'region-outtage', target: 'ibm' }, 'Did you mean "region-outage"?'],
    [{ target: 'ibm' }, 'kind: is missing'],
    [{ kind: 'region-outage' }, 'target: is missing'],
    [{ kind: 'region-outage', target: 'ibm/mars' }, 'It could match: ibm/north/bell, ibm/south/bell.'],
    [{ kind: 'region-outage', target: 'ibm', for: '30' }, 'for: expected a duration'],
    [{ kind: 'region-outage', target: 'ibm', at: '3s' }, 'at: a fault that is added by hand starts at once.'],
    [{ kind: 'region-outage', target: 'ibm', mode: 'blackhol' }, 'mode: '],
    [
      { kind: 'region-outage', target: 'ibm', mood: 'blackhole' },
      'Did you mean "mode"? Known: kind, name, target, for, probability, requests, mode',
    ],
    [{ kind: 'region-outage', target: 'ibm', requests: { verb: 'GET' } }, 'Known: method, path, header, every, first.'],
    [{ kind: 'dns-failure', target: 'ibm' }, 'callers of what is up do so by themselves. Run a scenario with it'],
    [
      { kind: 'certificate-expired', target: 'ibm' },
      'certificate-expired with these settings acts on. What is up has no such link.',
    ],
    [{ kind: 'permission-revocation', target: 'ibm/north' }, 'leaves ibm/south/bell out. Target ibm/*/bell.'],
    [{ kind: 'permission-revocation', target: 'ibm', operation: 'Rung' }, 'Did you mean "Ring"?'],
    [
      { kind: 'spot-interruption', target: 'ibm' },
      'has spot instances, which stand in the regions of a service of compute. What is up has none:',
    ],
    [{ kind: 'cost-spike', target: 'ibm' }, "cost-spike can't act on ibm: a bell has no price."],
    [{ kind: 'latency-spike', target: 'ibm', probability: '200%' }, 'probability: '],
    ['region-outage', 'an object with kind and target'],
  ])('is refused, and nothing holds: %j', async (entry, complaint) => {
    expect(await refusal(entry)).toContain(complaint);
    expect(hand.list()).toEqual([]);
    expect(await ring('north')).toBe('200 ding north');
  });

  it('is refused under a name that another has; without one it is counted on', async () => {
    const outage = { kind: 'region-outage', target: 'ibm' };
    await hand.add(outage);
    expect((await hand.add(outage)).name).toBe('region-outage-2');
    expect(await refusal({ ...outage, name: 'region-outage' })).toContain('holds already');
  });
});

describe('the control API', () => {
  const TOKEN = 'token-of-this-test';
  const api = () =>
    createControlApi({
      token: TOKEN,
      hand,
      describe: () => ({ endpoints: stage.endpoints }) as Description,
      stop: () => undefined,
    });
  const ask = (method: string, path: string, body?: string, token = TOKEN) =>
    api()(
      new Request(`http://127.0.0.1${path}`, {
        method,
        headers: { authorization: `Bearer ${token}` },
        ...(body === undefined ? {} : { body }),
      }),
    );

  it('puts faults on, lists and lifts them', async () => {
    const added = await ask('POST', '/faults', JSON.stringify({ kind: 'region-outage', target: 'ibm/south' }));
    expect(added.status).toBe(201);
    expect(await (await ask('GET', '/faults')).json()).toMatchObject({ faults: [{ name: 'region-outage' }] });
    expect((await ask('DELETE', '/faults/region-outage')).status).toBe(204);
    expect(hand.list()).toEqual([]);
    expect(await (await ask('GET', '/endpoints')).json()).toMatchObject({ endpoints: [{ id: 'ibm/north/bell' }, {}] });
  });

  it.each([
    ['POST', '/faults', 'not JSON', 400],
    ['POST', '/faults', '{"kind":"nothing","target":"*"}', 400],
    ['POST', '/faults', `"${'x'.repeat(70_000)}"`, 400],
    ['DELETE', '/faults/nothing', undefined, 404],
    ['GET', '/', undefined, 404],
  ])('answers %s %s with a message', async (method, path, body, status) => {
    const answer = await ask(method, path, body);
    expect(answer.status).toBe(status);
    expect(await answer.json()).toMatchObject({ error: expect.stringMatching(/./) });
  });

  it.each(['', 'token-of-this-tes', `${TOKEN}x`])('answers nothing without its token: %j', async (token) => {
    const answer = await ask('POST', '/faults', JSON.stringify({ kind: 'region-outage', target: 'ibm' }), token);
    expect(answer.status).toBe(401);
    expect(hand.list()).toEqual([]);
  });
});
