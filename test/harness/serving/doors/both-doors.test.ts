import { describe, expect, it, vi } from 'vitest';
import type { DesignPatch } from '../../../../harness/serving/design/patch.ts';
import type { Gateway } from '../../../../harness/serving/gateway.ts';
import { CODES } from '../../../../mocks/shared/grpc/codes.ts';
import { askBy, type Question, type Reply } from '../../../support/doors.ts';
import { answersAfter, type Behaviour, blackhole, fails, linkId, refuses } from '../../../support/fake-links.ts';
import { rowLabelled } from '../../../support/model.ts';
import { useVirtualGateway } from '../../../support/virtual-gateway.ts';

const FIRST = linkId('aws', 'us-east-1');
const SECOND = linkId('azure', 'westeurope');
const run = useVirtualGateway(['aws', 'us-east-1'], ['azure', 'westeurope']);

const DOORS = ['rest', 'grpc'] as const;
type Door = (typeof DOORS)[number];

const NO_WAY_OUT: DesignPatch = { degrade: false, healthChecks: false };

/** Asks, and lets the clock run until there is a reply. */
const ask = async (door: Door, gateway: Gateway, question: Question = {}): Promise<Reply> => {
  let reply: Reply | undefined;
  void askBy[door](gateway, question).then((one) => {
    reply = one;
  });
  for (let waitedMs = 0; waitedMs < 3000 && !reply; waitedMs += 1) await vi.advanceTimersByTimeAsync(1);
  return reply!;
};

interface Situation {
  readonly name: string;
  readonly links?: Behaviour;
  readonly design?: DesignPatch;
  readonly question?: Question;
  /** What is done to the gateway before it is asked. */
  before?(gateway: Gateway): void;
  readonly status: Readonly<Record<Door, number>>;
  readonly message: string;
}

const gone = new AbortController();
gone.abort();

const situations: readonly Situation[] = [
  {
    name: 'an input of another shape',
    question: { width: 63 },
    status: { rest: 400, grpc: CODES.INVALID_ARGUMENT },
    message: 'inputs[0].shape',
  },
  {
    name: 'too little data',
    question: { rows: [[1, 2, 3]] },
    status: { rest: 400, grpc: CODES.INVALID_ARGUMENT },
    message: 'has 3 values; its shape takes 64',
  },
  {
    name: 'a value that is no number',
    question: { rows: [rowLabelled(1).map((value, at) => (at === 9 ? Number.NaN : value))] },
    status: { rest: 400, grpc: CODES.INVALID_ARGUMENT },
    message: 'value 9 is not a finite number',
  },
  ...['x-squall-deadline-ms', 'x-squall-tenant', 'x-squall-priority'].map((header) => ({
    name: `a bad ${header}`,
    question: { headers: { [header]: 'no way' } },
    status: { rest: 400, grpc: CODES.INVALID_ARGUMENT },
    message: `${header} is "no way"`,
  })),
  {
    name: 'an unknown model',
    question: { model: 'letters' },
    status: { rest: 404, grpc: CODES.NOT_FOUND },
    message: 'There is no model letters',
  },
  {
    name: 'an unknown version',
    question: { version: '9' },
    status: { rest: 404, grpc: CODES.NOT_FOUND },
    message: 'digits has no version 9',
  },
  {
    name: 'a deadline that is over',
    links: blackhole,
    design: NO_WAY_OUT,
    status: { rest: 504, grpc: CODES.DEADLINE_EXCEEDED },
    message: 'deadline',
  },
  {
    name: "a caller's own deadline that is over",
    links: answersAfter(200),
    design: NO_WAY_OUT,
    question: { deadlineMs: 100 },
    status: { rest: 504, grpc: CODES.DEADLINE_EXCEEDED },
    message: 'deadline',
  },
  {
    name: 'links that refuse',
    links: refuses,
    design: NO_WAY_OUT,
    status: { rest: 503, grpc: CODES.UNAVAILABLE },
    message: 'No prediction could be had',
  },
  {
    name: 'links that fail',
    links: fails(500),
    design: NO_WAY_OUT,
    status: { rest: 503, grpc: CODES.UNAVAILABLE },
    message: 'No prediction could be had',
  },
  {
    name: 'a caller that has gone',
    links: blackhole,
    question: { signal: gone.signal },
    status: { rest: 499, grpc: CODES.CANCELLED },
    message: 'The caller has gone',
  },
  {
    name: 'a gateway that is stopped',
    before: (gateway) => gateway.stop(),
    status: { rest: 503, grpc: CODES.UNAVAILABLE },
    message: 'The gateway is stopped',
  },
];

const start = async ({ links, design }: Pick<Situation, 'links' | 'design'>): Promise<Gateway> => {
  const gateway = await run.start(design);
  if (links) for (const id of [FIRST, SECOND]) run.links.set(id, links);
  return gateway;
};

describe.each(DOORS)('by the door %s', (door) => {
  it.each(situations)('$name has its status, and says why', async ({ status, message, question, before, ...situation }) => {
    const gateway = await start(situation);
    before?.(gateway);
    const reply = await ask(door, gateway, question);
    expect(reply).toMatchObject({ status: status[door], message: expect.stringContaining(message), labels: [] });
    expect(reply.servedBy).toBeUndefined();
  });

  it('an answer is marked with who gave it, and with its version', async () => {
    const reply = await ask(door, await start({}), { rows: [rowLabelled(3), rowLabelled(8)] });
    expect(reply).toEqual({
      status: door === 'rest' ? 200 : CODES.OK,
      servedBy: FIRST,
      degraded: undefined,
      version: '1',
      labels: [3, 8],
      message: '',
    });
  });

  it('a degraded answer is marked so, and has no version of the served model', async () => {
    const reply = await ask(door, await start({ links: refuses }), { rows: [rowLabelled(5)] });
    expect(reply).toMatchObject({
      servedBy: 'local/fallback-model',
      degraded: 'fallback-model',
      labels: [5],
      version: undefined,
    });
  });

  it("a caller's deadline leaves time for a degraded answer", async () => {
    const gateway = await start({ links: blackhole });
    const reply = await ask(door, gateway, { deadlineMs: 200, rows: [rowLabelled(2)] });
    expect(reply).toMatchObject({ degraded: 'fallback-model', labels: [2] });
  });
});

describe('the same policies', () => {
  it.each([
    ['failover', { links: { [FIRST]: refuses } }, { [FIRST]: 1, [SECOND]: 1 }],
    ['hedging', { links: { [FIRST]: answersAfter(250) } }, { [FIRST]: 1, [SECOND]: 1 }],
    ['nothing but one link', { links: {} }, { [FIRST]: 1, [SECOND]: 0 }],
  ] as const)('make as many attempts by both doors: %s', async (_name, { links }, expected) => {
    const gateway = await run.start({ healthChecks: false });
    for (const [id, behaviour] of Object.entries(links)) run.links.set(id, behaviour);
    const countsOf = async (door: Door) => {
      const before = [FIRST, SECOND].map(run.links.requests);
      await ask(door, gateway);
      return Object.fromEntries([FIRST, SECOND].map((id, at) => [id, run.links.requests(id) - before[at]!]));
    };
    expect(await countsOf('rest')).toEqual(expected);
    expect(await countsOf('grpc')).toEqual(expected);
  });
});
