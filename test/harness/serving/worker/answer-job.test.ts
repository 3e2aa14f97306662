import { expect, it } from 'vitest';
import { Cancelled, NoUsableLink } from '../../../../harness/serving/errors.ts';
import { attributesOf } from '../../../../harness/serving/queue/job-attributes.ts';
import type { Call, Stack } from '../../../../harness/serving/stack.ts';
import { createAnswerJob } from '../../../../harness/serving/worker/answer-job.ts';

const { signal } = new AbortController();
const body = JSON.stringify({
  id: 'a',
  inputs: [{ name: 'pixels', shape: [1, 64], datatype: 'FP32', data: new Array(64).fill(0) }],
});
const prediction = { label: 3, probabilities: [0, 0, 0, 1, 0, 0, 0, 0, 0, 0] };

/** A stack that answers, or fails, and tells of the calls that it got. */
const stackThat = (fails?: Error) => {
  const calls: Call[] = [];
  const infer: Stack['infer'] = async (read, call) => {
    await read();
    calls.push(call);
    if (fails) throw fails;
    return { predictions: [prediction], servedBy: 'local/rules', degraded: 'rules', version: '' };
  };
  return { calls, answer: createAnswerJob({ model: 'digits', infer } as Stack) };
};

it('answers a job as the synchronous door would, with the marks of the answer and for its caller', async () => {
  const { calls, answer } = stackThat();
  const attributes = attributesOf({ deadlineMs: 5000, tenant: 'acme', priority: 'critical' }, Date.now());
  const outcome = await answer({ id: 'a', body, attributes }, signal);
  expect(outcome).toMatchObject({
    type: 'answered',
    result: { jobId: 'a', status: 200, headers: { 'x-squall-served-by': 'local/rules', 'x-squall-degraded': 'rules' } },
  });
  expect(calls).toMatchObject([{ tenant: 'acme', priority: 'critical' }]);
  expect(calls[0]!.deadlineMs).toBeGreaterThan(4000);
  expect(calls[0]!.deadlineMs).toBeLessThanOrEqual(5000);
});

it('answers a job whose deadline is over with that, and asks nobody', async () => {
  const { calls, answer } = stackThat();
  const attributes = attributesOf({ deadlineMs: 5000, tenant: '', priority: 'default' }, Date.now() - 6000);
  expect(await answer({ id: 'a', body, attributes }, signal)).toMatchObject({ type: 'answered', result: { status: 504 } });
  expect(calls).toEqual([]);
});

it('tells what another try may help from what none can', async () => {
  const job = { id: 'a', body, attributes: {} };
  expect(await stackThat(new NoUsableLink()).answer(job, signal)).toMatchObject({ type: 'failed' });
  expect(await stackThat(new Cancelled('deadline')).answer(job, signal)).toMatchObject({ type: 'failed' });
  expect(await stackThat().answer({ ...job, body: '{"inputs":' }, signal)).toMatchObject({ type: 'poison' });
  const attributes = { 'x-squall-priority': 'urgent' };
  expect(await stackThat().answer({ ...job, attributes }, signal)).toMatchObject({ type: 'poison' });
});
