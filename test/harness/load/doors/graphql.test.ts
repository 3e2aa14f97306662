import { describe, expect, it } from 'vitest';
import { createGraphqlDoor, graphql } from '../../../../harness/load/doors/graphql.ts';
import { doorOf } from '../../../../harness/load/doors/index.ts';
import type { LaneAnswer } from '../../../../harness/load/lane.ts';

const SAMPLES = [1, 2, 3].map((value) => ({ pixels: new Array<number>(64).fill(value), label: value }));
const ask = { id: 'squall-7', sampleIndex: 2, caller: { tenant: '', priority: 'default' }, timeoutMs: 1000 } as const;
const of = (label: number) => ({ label, probabilities: [1] });
const refusedAt = (at: number) => ({ path: ['predictMany', at], extensions: { code: 'BAD_USER_INPUT', status: 400 } });

const answer = (predictMany: readonly unknown[], errors?: readonly unknown[]): LaneAnswer => ({
  type: 'answer',
  status: 200,
  headers: {},
  body: JSON.stringify({ data: { predictMany }, ...(errors ? { errors } : {}), extensions: { request: { id: ask.id } } }),
});

const imagesOf = (body: unknown) => (JSON.parse(body as string) as { variables: { images: number[][] } }).variables.images;

describe('an operation of several images', () => {
  const door = createGraphqlDoor({ perQuery: 2, oneBad: false });

  it('asks for the sample of its request last, and for those that follow it before', () => {
    expect(imagesOf(door.requests('digits', SAMPLES)(ask).body).map(([first]) => first)).toEqual([1, 3]);
  });

  it('is answered when all of it is, by the prediction of its own sample', () => {
    expect(door.judge(answer([of(1), of(3)]), 3)).toMatchObject({ outcome: 'ok', status: 200, isCorrect: true });
    expect(door.judge(answer([of(3), of(1)]), 3)).toMatchObject({ outcome: 'ok', isCorrect: false });
    expect(door.answersTo(answer([of(1), of(3)]), ask.id)).toBe(1);
    expect(door.answersTo(answer([of(1), of(3)]), 'another')).toBe(0);
    expect(door.holds(answer([of(1), of(3)]), { label: 3, probabilities: [1] })).toBe(true);
  });

  it('is not answered where one image has an error, is missing, or nothing is there', () => {
    expect(door.judge(answer([null, of(3)], [refusedAt(0)]), 3)).toMatchObject({ outcome: 'http-error', status: 400 });
    expect(door.judge(answer([of(3)]), 3)).toMatchObject({ outcome: 'http-error', status: 500, isCorrect: null });
    expect(door.answersTo(answer([null, of(3)], [refusedAt(0)]), ask.id)).toBe(0);
  });
});

describe('an operation with an image that is none', () => {
  const door = createGraphqlDoor({ perQuery: 2, oneBad: true });

  it('asks for that first', () => {
    expect(imagesOf(door.requests('digits', SAMPLES)(ask).body).map(({ length }) => length)).toEqual([63, 64, 64]);
  });

  it('is answered when that one has the only error, at its place', () => {
    expect(door.judge(answer([null, of(1), of(3)], [refusedAt(0)]), 3)).toMatchObject({ outcome: 'ok', isCorrect: true });
  });

  it.each([
    ['that one is predicted', answer([of(2), of(1), of(3)])],
    ['another has an error, too', answer([null, null, of(3)], [refusedAt(0), refusedAt(1)])],
    ['the error is at another place', answer([null, of(1), of(3)], [refusedAt(1)])],
    ['all are refused', answer([null, null, null], [0, 1, 2].map(refusedAt))],
  ])('is not answered when %s', (_what, ended) => {
    expect(door.judge(ended, 3)).toMatchObject({ outcome: 'http-error', isCorrect: null });
  });
});

it('is one image where the load says nothing of it', () => {
  expect(doorOf({ door: 'graphql' })).toBe(graphql);
  expect(graphql.requests('digits', SAMPLES)(ask).body).toContain('predict(model: $model, pixels: $pixels)');
  expect(doorOf({ door: 'graphql', graphql: { perQuery: 2, oneBad: false } })).not.toBe(graphql);
});
