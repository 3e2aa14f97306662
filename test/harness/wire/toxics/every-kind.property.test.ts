import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { toxicKinds } from '../../../../harness/wire/toxics/index.ts';
import { createLine, type Line, toxicOf } from '../../../support/toxic-line.ts';

/** Attributes that make sense for each kind; a kind that is missing here fails. */
const attributesOf: Readonly<Record<string, fc.Arbitrary<object>>> = {
  noop: fc.constant({}),
  latency: fc.record(
    { latency: fc.nat(100), jitter: fc.nat(100), distribution: fc.constantFrom('uniform', 'normal', 'pareto', 'lognormal') },
    { requiredKeys: ['latency'] },
  ),
  bandwidth: fc.record({ rate: fc.nat(50) }),
  slow_close: fc.record({ delay: fc.nat(100) }),
  timeout: fc.record({ timeout: fc.nat(100) }),
  reset_peer: fc.record({ timeout: fc.nat(100) }),
  slicer: fc.record({ average_size: fc.nat(100), size_variation: fc.nat(100), delay: fc.nat(20_000) }),
  limit_data: fc.record({ bytes: fc.nat(2000) }),
  packet_loss: fc.record({ probability: fc.double({ min: 0, max: 0.9, noNaN: true }), rto: fc.integer({ min: 1, max: 300 }) }),
  corrupt: fc.record({ byte_share: fc.double({ min: 0, max: 1, noNaN: true }) }),
  half_open: fc.constant({}),
  connection_limit: fc.record({ connections: fc.nat(3) }),
  slow_accept: fc.record({ delay: fc.nat(100) }),
};
/** Kinds after which what has come out is not all that went in, or not as it was. */
const LOSING = new Set(['timeout', 'reset_peer', 'limit_data', 'half_open']);

const windows = fc.oneof(
  { weight: 2, arbitrary: fc.constant({}) },
  { weight: 1, arbitrary: fc.record({ after_ms: fc.nat(60), for_ms: fc.integer({ min: 1, max: 60 }) }) },
  {
    weight: 1,
    arbitrary: fc.record({
      after_ms: fc.nat(60),
      for_ms: fc.integer({ min: 1, max: 30 }),
      every_ms: fc.integer({ min: 31, max: 90 }),
    }),
  },
);

type Step =
  | { readonly type: 'write'; readonly bytes: Uint8Array }
  | { readonly type: 'pass'; readonly ms: number }
  | { readonly type: 'update'; readonly attributes: object };

const stepsOf = (attributes: fc.Arbitrary<object>): fc.Arbitrary<readonly Step[]> =>
  fc.array(
    fc.oneof(
      {
        weight: 4,
        arbitrary: fc.record({ type: fc.constant('write' as const), bytes: fc.uint8Array({ minLength: 1, maxLength: 3000 }) }),
      },
      {
        weight: 3,
        arbitrary: fc.record({ type: fc.constant('pass' as const), ms: fc.double({ min: 0, max: 80, noNaN: true }) }),
      },
      { weight: 1, arbitrary: fc.record({ type: fc.constant('update' as const), attributes }) },
    ),
    { maxLength: 12 },
  );

interface Run {
  readonly attributes: object;
  readonly steps: readonly Step[];
  readonly seed: number;
  readonly ordinal: number;
}

const runOf = (type: string): fc.Arbitrary<Run> => {
  const attributes = fc.tuple(attributesOf[type]!, windows).map(([own, when]) => ({ ...own, ...when }));
  return fc.record({ attributes, steps: stepsOf(attributes), seed: fc.nat(), ordinal: fc.nat(1) });
};

/** Plays the steps. @returns what was written by then, and the line */
const play = (type: string, { attributes, steps, seed, ordinal }: Run): { readonly sent: Buffer; readonly line: Line } => {
  const line = createLine({ toxics: [toxicOf(type, attributes)], seed, ordinal });
  const sent: Uint8Array[] = [];
  for (const step of steps) {
    if (step.type === 'write') {
      line.write(Buffer.from(step.bytes));
      sent.push(step.bytes);
    } else if (step.type === 'pass') line.pass(step.ms);
    else line.set([toxicOf(type, step.attributes)]);
  }
  return { sent: Buffer.concat(sent), line };
};

const expectImage = (type: string, out: Buffer, sent: Buffer) => {
  if (type === 'corrupt') expect(out.length).toBeLessThanOrEqual(sent.length);
  else expect(out.equals(sent.subarray(0, out.length))).toBe(true);
};

describe.each([...toxicKinds.keys()].map((type) => ({ type })))('whatever the chunks, times and updates, $type', ({ type }) => {
  it('hands on what was written, in order, and no more', () => {
    fc.assert(
      fc.property(runOf(type), (run) => {
        const { sent, line } = play(type, run);
        expectImage(type, line.out, sent);
        line.end();
        line.pass(20_000);
        if (run.ordinal === 1) expectImage(type, line.out, sent);
      }),
      { numRuns: 60 },
    );
  });

  it('loses nothing that it holds when it is removed, and is done with it at once', () => {
    fc.assert(
      fc.property(runOf(type), fc.boolean(), (run, isEnded) => {
        const { sent, line } = play(type, run);
        if (isEnded) line.end();
        line.set([]);
        const { length } = line.out;
        if (line.resetAtMs === undefined) expect(line.heldBytes).toBe(0);
        if (!LOSING.has(type)) {
          expect(length).toBe(sent.length);
          expect(line.endedAtMs === undefined).toBe(!isEnded);
        }
        expect(line.pendingAlarms).toBe(0);
        line.pass(20_000);
        expect(line.out.length).toBe(length);
        if (isEnded || line.resetAtMs !== undefined || line.finishedAtMs !== undefined) return;
        line.write('!');
        expect(line.out.length).toBe(length + 1);
      }),
      { numRuns: 60 },
    );
  });

  it('does the same at the same times for the same seed', () => {
    fc.assert(
      fc.property(runOf(type), (run) => {
        const traces = [play(type, run), play(type, run)].map(({ line }) => {
          line.pass(10_000);
          return [line.writes, line.endedAtMs, line.finishedAtMs, line.resetAtMs, line.landed, line.delayedMs];
        });
        expect(traces[0]).toEqual(traces[1]);
      }),
      { numRuns: 30 },
    );
  });
});

describe('toxics one behind the other', () => {
  const holding = [...toxicKinds.keys()].filter((type) => !LOSING.has(type) && type !== 'corrupt');
  const chainOf = fc.array(
    fc.constantFrom(...holding).chain((type) => attributesOf[type]!.map((attributes) => ({ type, attributes }))),
    { minLength: 2, maxLength: 4 },
  );

  it('keep bytes in order and lose none, when they come, go and change places', () => {
    fc.assert(
      fc.property(
        fc.array(fc.tuple(chainOf, fc.uint8Array({ minLength: 1, maxLength: 2000 }), fc.nat(50)), { maxLength: 6 }),
        (rounds) => {
          const line = createLine();
          for (const [chain, bytes, ms] of rounds) {
            line.set(
              chain.map(({ type, attributes }, index) => toxicOf(type, attributes, { name: `${type}${index % 2}${index}` })),
            );
            line.write(Buffer.from(bytes));
            line.pass(ms);
          }
          line.end();
          line.set([]);
          expect(line.out.equals(Buffer.concat(rounds.map(([, bytes]) => bytes)))).toBe(true);
          expect(line.endedAtMs).toBeDefined();
          expect(line.heldBytes).toBe(0);
        },
      ),
      { numRuns: 100 },
    );
  });
});
