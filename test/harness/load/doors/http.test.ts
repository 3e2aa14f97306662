import { describe, expect, it } from 'vitest';
import { createHttpDoor, fillEnvironment } from '../../../../harness/load/doors/http.ts';
import type { LaneAnswer } from '../../../../harness/load/lane.ts';

const SAMPLES = [
  { pixels: Array.from({ length: 64 }, (_, at) => at % 17), label: 4 },
  { pixels: new Array<number>(64).fill(2), label: 7 },
];
const ask = { id: 'squall-7', sampleIndex: 1, caller: { tenant: 'acme', priority: 'critical' }, timeoutMs: 1000 } as const;

const door = createHttpDoor({
  method: 'POST',
  path: '/score?request={{id}}',
  headers: { authorization: 'Bearer k', 'x-model': '{{model}}' },
  body: { input_data: ['{{pixels}}'], id: '{{id}}', model: '{{model}}' },
  label: '0.label',
  servedByHeader: 'x-upstream',
});
const answer = (status: number, body: string, headers: Record<string, string> = {}): LaneAnswer => ({
  type: 'answer',
  status,
  headers,
  body,
});

describe('the door http', () => {
  it('makes requests as the template says', () => {
    const request = door.requests('digits', SAMPLES)(ask);
    expect(request).toMatchObject({
      method: 'POST',
      path: '/score?request=squall-7',
      headers: {
        'content-type': 'application/json',
        authorization: 'Bearer k',
        'x-model': 'digits',
        'x-squall-tenant': 'acme',
        'x-squall-priority': 'critical',
      },
    });
    expect(JSON.parse(request.body as string)).toEqual({ input_data: [SAMPLES[1]!.pixels], id: 'squall-7', model: 'digits' });
  });

  it('sends a text as it is, and no body where none is said', () => {
    const text = createHttpDoor({ method: 'POST', path: '/', headers: {}, body: 'pixels={{pixels}}' }).requests(
      'digits',
      SAMPLES,
    )(ask);
    expect(text).toMatchObject({
      body: `pixels=${JSON.stringify(SAMPLES[1]!.pixels)}`,
      headers: { 'content-type': 'text/plain' },
    });
    expect(createHttpDoor({ method: 'GET', path: '/', headers: {} }).requests('digits', SAMPLES)(ask)).toMatchObject({
      body: '',
      method: 'GET',
    });
  });

  it.each([
    [
      'a right label',
      answer(200, '[{"label":7}]', { 'x-upstream': 'west' }),
      { outcome: 'ok', servedBy: 'west', isCorrect: true },
    ],
    ['a wrong one', answer(200, '[{"label":3}]'), { outcome: 'ok', isCorrect: false }],
    ['a label in words', answer(200, '[{"label":" 7 "}]'), { outcome: 'ok', isCorrect: true }],
    ['no label', answer(200, '[]'), { outcome: 'ok', isCorrect: null }],
    ['an answer that is no JSON', answer(200, 'ok'), { outcome: 'ok', isCorrect: null }],
    ['a failure', answer(502, 'bad gateway'), { outcome: 'http-error', status: 502, isCorrect: null }],
    ['too many requests', answer(429, ''), { outcome: 'http-error', isShed: true }],
    ['a shed one', answer(503, '', { 'Retry-After': '1' }), { outcome: 'http-error', isShed: true }],
    ['one whose label is no number', answer(200, '[{"label":"seven"}]'), { isCorrect: null }],
  ])('judges %s', (_, end, judgement) => {
    expect(door.judge(end, 7)).toMatchObject(judgement);
  });

  it('judges a lost connection', () => {
    expect(door.judge({ type: 'lost', reason: 'reset' }, 7)).toMatchObject({ outcome: 'connection-error' });
  });

  it('compares nothing where no label is named', () => {
    const blind = createHttpDoor({ method: 'GET', path: '/', headers: {} });
    expect(blind.judge(answer(200, '[{"label":7}]'), 7)).toMatchObject({ outcome: 'ok', isCorrect: null });
    expect(blind.holds(answer(200, ''), { label: 7 })).toBe(true);
    expect(door.holds(answer(200, '[{"label":7}]'), { label: 7 })).toBe(true);
    expect(door.holds(answer(200, '[{"label":8}]'), { label: 7 })).toBe(false);
  });
});

describe("what a system under test is told, in its callers' requests", () => {
  const template = {
    method: 'POST',
    path: '/{{env.ROUTE}}',
    headers: { 'x-key': '{{env.KEY}}' },
    body: { config: { key: '{{env.KEY}}', pixels: '{{pixels}}' } },
  } as const;

  it('is filled in, whatever stands in it', () => {
    const filled = fillEnvironment(template, { ROUTE: 'v1', KEY: 'a "quoted" $& \\ key' });
    expect(filled).toMatchObject({
      path: '/v1',
      headers: { 'x-key': 'a "quoted" $& \\ key' },
      body: { config: { key: 'a "quoted" $& \\ key', pixels: '{{pixels}}' } },
    });
  });

  it('is refused where it is told no such thing', () => {
    expect(() => fillEnvironment(template, { ROUTE: 'v1' })).toThrow(
      expect.objectContaining({ code: 'BAD_SCENARIO', message: expect.stringContaining('KEY') }),
    );
  });
});
