import { expect, it } from 'vitest';
import type { RequestRecord } from '../../../harness/load/sample.ts';
import { jobFacts } from '../../../harness/verdict/jobs.ts';

const request = (jobId?: string): RequestRecord => ({
  dueMs: 0,
  sentMs: 0,
  endMs: 1,
  outcome: 'ok',
  status: 200,
  servedBy: '',
  degraded: '',
  isCorrect: null,
  ...(jobId === undefined ? {} : { jobId }),
});

const audit = (answers: Readonly<Record<string, number>>, deadLetters: readonly string[] = [], open = 0) => ({
  'stack/us-east/queue': { type: 'queue', answers, deadLetters, open },
});

it('is of no run without a queue, nor of one whose queue could not be asked', () => {
  expect(jobFacts({ requests: [request('a')] })).toBeUndefined();
  expect(jobFacts({ requests: [request('a')], audits: { 'stack/us-east/worker-1': undefined } })).toBeUndefined();
});

it('takes for lost what was promised, and neither answered nor set aside', () => {
  const requests = ['answered', 'dead', 'lost'].map(request);
  const facts = jobFacts({
    requests: [...requests, request()],
    audits: audit({ answered: 1, foreign: 1 }, ['dead', 'poison-1'], 1),
  });
  expect(facts).toEqual({ accepted: 3, lost: ['lost'], answeredTwice: [], deadLetters: 2, unfinished: 1 });
});

it('takes for answered twice whatever has more than one answer, promised or not', () => {
  const facts = jobFacts({ requests: [request('a')], audits: audit({ a: 2, b: 3, c: 1 }) });
  expect(facts?.answeredTwice).toEqual(['a', 'b']);
});
