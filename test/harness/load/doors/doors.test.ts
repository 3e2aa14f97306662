import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { LoadDoor } from '../../../../harness/load/doors/door.ts';
import { grpc } from '../../../../harness/load/doors/grpc.ts';
import { rest } from '../../../../harness/load/doors/rest.ts';
import type { LaneAnswer } from '../../../../harness/load/lane.ts';
import { messages } from '../../../../harness/serving/doors/inference-proto.ts';
import { CODES } from '../../../../mocks/shared/grpc/codes.ts';

const SAMPLES = [
  { pixels: Array.from({ length: 64 }, (_, at) => at % 17), label: 4 },
  { pixels: new Array<number>(64).fill(2), label: 7 },
];
const PROBABILITIES = [0.05, 0.05, 0, 0, 0.7, 0.1, 0.1, 0, 0, 0];
const MARKS = { 'x-squall-served-by': 'aws/us-east-1/sagemaker-runtime', 'x-squall-model-version': '3' };

const ask = { id: 'squall-7', sampleIndex: 1, caller: { tenant: '', priority: 'default' }, timeoutMs: 1234.2 } as const;

interface Answered {
  readonly id?: string;
  readonly label?: number;
  readonly headers?: Record<string, string>;
}

/** An answer to `ask` by each door, and one that says no. */
const doors: Readonly<
  Record<string, { readonly door: LoadDoor; answer(answered?: Answered): LaneAnswer; refusal(): LaneAnswer; broken: LaneAnswer }>
> = {
  rest: {
    door: rest,
    answer: ({ id = ask.id, label = 4, headers = MARKS } = {}) => ({
      type: 'answer',
      status: 200,
      headers,
      body: JSON.stringify({
        id,
        outputs: [
          { name: 'label', shape: [1], datatype: 'INT64', data: [label] },
          { name: 'probabilities', shape: [1, 10], datatype: 'FP32', data: PROBABILITIES },
        ],
      }),
    }),
    refusal: () => ({ type: 'answer', status: 504, headers: {}, body: '{"error":"too late"}' }),
    broken: { type: 'answer', status: 200, headers: {}, body: '{"outputs"' },
  },
  grpc: {
    door: grpc,
    answer: ({ id = ask.id, label = 4, headers = MARKS } = {}) => ({
      type: 'answer',
      status: CODES.OK,
      headers,
      body: messages.ModelInferResponse.encode({
        id,
        outputs: [
          { name: 'label', datatype: 'INT64', shape: [1n], contents: { int64Contents: [BigInt(label)] } },
          { name: 'probabilities', datatype: 'FP32', shape: [1n, 10n], contents: { fp32Contents: PROBABILITIES } },
        ],
      }),
    }),
    refusal: () => ({ type: 'answer', status: CODES.DEADLINE_EXCEEDED, headers: {}, body: new Uint8Array(0) }),
    broken: { type: 'answer', status: CODES.OK, headers: {}, body: new Uint8Array([255, 255, 255]) },
  },
};

describe.each(Object.entries(doors))('the door %s', (_name, { door, answer, refusal, broken }) => {
  it('judges an answer by its label, and takes its marks', () => {
    const marks = { servedBy: MARKS['x-squall-served-by'], degraded: '', version: '3' };
    expect(door.judge(answer(), 4)).toEqual({ outcome: 'ok', status: 200, isCorrect: true, ...marks });
    expect(door.judge(answer(), 5)).toMatchObject({ isCorrect: false });
    expect(door.judge(answer({ headers: { 'x-squall-degraded': 'rules' } }), 4)).toMatchObject({ degraded: 'rules' });
  });

  it('tells what failed, in statuses of HTTP, from what was lost', () => {
    expect(door.judge(refusal(), 4)).toMatchObject({ outcome: 'http-error', status: 504, isCorrect: null });
    expect(door.judge({ type: 'lost', reason: 'reset' }, 4)).toMatchObject({ outcome: 'connection-error', status: 0 });
    expect(door.judge(broken, 4)).toMatchObject({ outcome: 'ok', isCorrect: null });
  });

  it('knows whose answer it is, and of what', () => {
    expect(door.answersTo(answer(), ask.id)).toBe(1);
    expect(door.answersTo(answer({ id: 'squall-70' }), ask.id)).toBe(0);
    expect(door.holds(answer(), { label: 4 })).toBe(true);
    expect(door.holds(answer(), { label: 4, probabilities: PROBABILITIES })).toBe(true);
    expect(door.holds(answer(), { label: 5 })).toBe(false);
    expect(door.holds(answer(), { label: 4, probabilities: PROBABILITIES.toReversed() })).toBe(false);
    expect(door.holds(broken, { label: 4 })).toBe(false);
  });

  it('says who asks, unless that is nobody in particular', () => {
    const requestOf = door.requests('digits', SAMPLES);
    const { headers } = requestOf({ ...ask, caller: { tenant: 'bank', priority: 'critical' } });
    expect(headers).toMatchObject({ 'x-squall-tenant': 'bank', 'x-squall-priority': 'critical' });
    expect(Object.keys(requestOf(ask).headers).filter((name) => name.startsWith('x-squall'))).toEqual([]);
  });
});

describe('a request by gRPC', () => {
  it('is a message of the protocol, whatever its id, and bears its deadline', () => {
    const requestOf = grpc.requests('digits', SAMPLES);
    fc.assert(
      fc.property(fc.string(), fc.constantFrom(0, 1), (id, sampleIndex) => {
        const { body, deadlineMs } = requestOf({ ...ask, id, sampleIndex });
        const message = messages.ModelInferRequest.decode(body as Uint8Array);
        expect(message).toMatchObject({ modelName: 'digits', id });
        expect(message.inputs).toMatchObject([
          { name: 'pixels', datatype: 'FP32', shape: [1n, 64n], contents: { fp32Contents: SAMPLES[sampleIndex]!.pixels } },
        ]);
        expect(deadlineMs).toBe(1235);
      }),
    );
  });
});
