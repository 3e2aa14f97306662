import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { freePort } from '../../../support/free-port.ts';
import { echo, startUpstream, talk, type Upstream } from '../../../support/tcp.ts';
import {
  type Answer,
  call,
  findRealToxiproxy,
  type Server,
  startRealToxiproxy,
  startToxiproxy,
} from '../../../support/toxiproxy.ts';
import { type RecordedCall, recordedCalls } from './calls.ts';
import { courses, take } from './courses.ts';

const real = await findRealToxiproxy();
const reason = 'missing' in real ? ` (skipped: ${real.missing})` : '';

/** Ports that differ from run to run: those of the system's choice, and the servers'. */
const masked = (text: string): string => text.replace(/(127\.0\.0\.1|\[::1?\]):\d{4,5}\b/g, '$1:*');

interface Played {
  readonly call: RecordedCall;
  readonly answer: Answer;
}

const play = async ({ origin }: Server, free: readonly [string, string]): Promise<readonly Played[]> => {
  const played: Played[] = [];
  for (const one of recordedCalls({ held: new URL(origin).port, free })) {
    const answer = await call(origin, one);
    played.push({ call: one, answer: { ...answer, text: masked(answer.text) } });
  }
  return played;
};

/** For the two lists to be compared: an answer that is unlike by design is replaced by the word, once it is as it was said to be. */
const comparable = (played: readonly Played[], who: 'real' | 'squall') =>
  played.map(({ call: { method, path, body, unlike }, answer }) => {
    const request = masked(`${method} ${path} ${body ?? ''}`);
    if (!unlike) return { request, answer };
    expect(answer.text, `${request}: ${unlike.because}`).toContain(unlike[who]);
    return { request, answer: 'unlike' };
  });

/** Toxiproxy's own figures after the same bytes through a proxy. */
const figures = async ({ origin }: Server, upstream: string, listen: string): Promise<readonly string[]> => {
  await call(origin, { method: 'POST', path: '/proxies', body: JSON.stringify({ name: 'echo', upstream, listen }) });
  expect(await talk(listen, 'twelve bytes')).toBe('twelve bytes');
  // Toxiproxy counts when a connection has ended.
  return vi.waitFor(async () => {
    const { text } = await call(origin, { method: 'GET', path: '/metrics' });
    const lines = text.split('\n').filter((line) => line.startsWith('toxiproxy_proxy_'));
    expect(lines).toHaveLength(4);
    return lines.sort();
  });
};

describe.skipIf('missing' in real)(`the API and a real Toxiproxy 2.12.0${reason}`, () => {
  const program = 'program' in real ? real.program : '';

  it('answer every call of the recorded list alike, but for what is unlike by design', { timeout: 60_000 }, async () => {
    const free = [String(await freePort()), String(await freePort())] as const;
    let expected: readonly Played[];
    {
      await using server = await startRealToxiproxy(program);
      expected = await play(server, free);
    }
    await using server = await startToxiproxy();
    const actual = await play(server, free);
    expect(comparable(actual, 'squall')).toEqual(comparable(expected, 'real'));
  });

  it('count the same bytes under the same names and labels', async () => {
    await using upstream = await startUpstream(echo);
    const listen = `127.0.0.1:${await freePort()}`;
    let expected: readonly string[];
    {
      await using server = await startRealToxiproxy(program, '-proxy-metrics');
      expected = await figures(server, upstream.address, listen);
    }
    await using server = await startToxiproxy();
    expect(await figures(server, upstream.address, listen)).toEqual(expected);
    for (const line of expected) expect(line).toMatch(/ 12$/);
  });
});

describe.skipIf('missing' in real)(`a connection through a proxy and through a real Toxiproxy 2.12.0${reason}`, () => {
  let upstream: Upstream;
  let theirs: Server;
  let ours: Server;
  beforeAll(async () => {
    upstream = await startUpstream(echo);
    theirs = await startRealToxiproxy('program' in real ? real.program : '');
    ours = await startToxiproxy();
  });
  afterAll(async () => {
    for (const server of [theirs, ours, upstream]) await server?.[Symbol.asyncDispose]();
  });

  it.each(courses)('hears as many bytes, and ends as it does: $title', async (course) => {
    const expected = await take(theirs, upstream.address, course);
    expect(expected.how === 'open').toBe(course.until !== undefined);
    const { unlike } = course;
    if (unlike) expect(expected.how, unlike.because).not.toBe(unlike.how);
    expect(await take(ours, upstream.address, course)).toEqual(unlike ? { ...expected, how: unlike.how } : expected);
  });
});
