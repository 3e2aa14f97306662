import { describe, expect, it, vi } from 'vitest';
import { answersAfter, ask, linkId } from '../../support/fake-links.ts';
import { rowLabelled } from '../../support/model.ts';
import { useVirtualGateway } from '../../support/virtual-gateway.ts';

const FIRST = linkId('aws', 'us-east-1');
const SECOND = linkId('azure', 'westeurope');

const run = useVirtualGateway(['aws', 'us-east-1'], ['azure', 'westeurope']);

/** A call costs a millionth of a dollar at $0.36 an hour, 40 ms and four at a time: this is 25 calls a second, and 25 at once. */
const BUDGET = { maxUsdPerHour: 0.09, burstMs: 1000, refreshMs: 200 };
/** Checks would take from the budget, too. */
const QUIET = { healthChecks: false, costGuard: false } as const;

const byLinks = (seen: readonly { readonly servedBy: string | null }[]) =>
  seen.filter(({ servedBy }) => servedBy === FIRST || servedBy === SECOND).length;

describe('a gateway with a budget', () => {
  it('given a load within it, answers everything by links', async () => {
    await run.start({ ...QUIET, budgetGuard: BUDGET });
    const seen = await run.sendLoad(20, 4000);
    expect(byLinks(seen)).toBe(80);
    expect(run.events.filter((text) => text.startsWith('budget guard'))).toEqual([]);
  });

  it('given twice what it pays for, answers by links what it pays for, and the rest degraded', async () => {
    await run.start({ ...QUIET, budgetGuard: BUDGET });
    const seen = await run.sendLoad(50, 4000);
    expect(seen.every(({ status }) => status === 200)).toBe(true);
    // Four seconds of the budget, and one at once; a tenth of that is kept for critical requests.
    expect(byLinks(seen)).toBeGreaterThan(110);
    expect(byLinks(seen)).toBeLessThanOrEqual(125);
    expect(seen.filter(({ degraded }) => degraded !== null)).toHaveLength(200 - byLinks(seen));
    expect(run.events.some((text) => text.startsWith('budget guard has spent its room'))).toBe(true);
  });

  it('goes to cheaper links as room gets short, and back when there is room again', async () => {
    await run.start({ ...QUIET, budgetGuard: BUDGET });
    run.links.setUsdPerHour(SECOND, 0.036);
    await vi.advanceTimersByTimeAsync(300);
    const seen = await run.sendLoad(50, 4000);
    // Ten a link call fit where one did before: nothing is degraded.
    expect(byLinks(seen)).toBe(200);
    expect(seen.at(-1)!.servedBy).toBe(SECOND);
    await vi.advanceTimersByTimeAsync(3000);
    expect(await run.send()).toMatchObject({ servedBy: FIRST });
    expect(run.events).toContain('budget guard has room again');
  });

  it('hedges nothing while room is short', async () => {
    const gateway = await run.start({ ...QUIET, budgetGuard: BUDGET });
    run.links.set(FIRST, answersAfter(280));
    const few = ask(gateway, [rowLabelled(1)]);
    await vi.advanceTimersByTimeAsync(300);
    await few;
    expect([run.links.requests(FIRST), run.links.requests(SECOND)]).toEqual([1, 1]);
    // Twenty of 25 at once: it is short when they turn out to be slow.
    const many = Array.from({ length: 20 }, (_, index) => ask(gateway, [rowLabelled(index % 10)]));
    await vi.advanceTimersByTimeAsync(300);
    await Promise.all(many);
    expect(run.links.requests(FIRST) + run.links.requests(SECOND)).toBe(22);
  });

  it('keeps the last of its room for critical requests, and gives sheddable ones up first', async () => {
    const gateway = await run.start({ ...QUIET, budgetGuard: BUDGET });
    const send = async (priority: string) => {
      const seen = ask(gateway, [rowLabelled(1)], { headers: { 'x-squall-priority': priority } });
      await vi.advanceTimersByTimeAsync(45);
      return (await seen).degraded === null;
    };
    // Sixteen calls at once leave nine of 25: less than 40 %.
    const first = Array.from({ length: 16 }, (_, index) => ask(gateway, [rowLabelled(index % 10)]));
    await vi.advanceTimersByTimeAsync(0);
    expect(await Promise.all([send('sheddable'), send('default'), send('critical')])).toEqual([false, true, true]);
    await Promise.all(first);
  });

  it('without a degrade ladder refuses what it does not pay for, and says when to come again', async () => {
    const gateway = await run.start({ ...QUIET, degrade: false, budgetGuard: BUDGET });
    const asked = Array.from({ length: 30 }, (_, index) => ask(gateway, [rowLabelled(index % 10)]));
    await vi.advanceTimersByTimeAsync(100);
    const seen = await Promise.all(asked);
    expect(byLinks(seen)).toBeLessThanOrEqual(25);
    expect(seen.filter(({ status }) => status === 503).length).toBe(30 - byLinks(seen));
  });
});
