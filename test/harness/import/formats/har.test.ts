import { describe, expect, it } from 'vitest';
import { importText, refusalOf } from '../../../support/imports.ts';

const START_MS = Date.UTC(2026, 9, 20, 6, 0);
const URL_OF_MODEL = 'https://us-central1-aiplatform.googleapis.com/v1/projects/p/locations/us-central1/endpoints/1:predict';

/** An entry as browsers' developer tools export it. */
const entry = (atMs: number, time: number, status: number, more: object = {}, url = URL_OF_MODEL) => ({
  startedDateTime: new Date(START_MS + atMs).toISOString(),
  time,
  request: {
    method: 'POST',
    url,
    httpVersion: 'HTTP/2',
    cookies: [],
    headers: [],
    queryString: [],
    headersSize: -1,
    bodySize: 20,
  },
  response: {
    status,
    statusText: '',
    httpVersion: 'HTTP/2',
    cookies: [],
    headers: [],
    content: {},
    redirectURL: '',
    headersSize: -1,
    bodySize: 10,
    ...more,
  },
  cache: {},
  timings: { send: 1, wait: time - 2, receive: 1 },
});

const archive = (entries: readonly object[], more: object = {}) =>
  JSON.stringify({ log: { version: '1.2', creator: { name: 'WebInspector', version: '537.36' }, ...more, entries } });

/** Ten a second for a minute, with something else from 20 s to 40 s. */
const minute = (off: (atMs: number) => object) =>
  Array.from({ length: 600 }, (_, index) => {
    const atMs = index * 100;
    return atMs >= 20_000 && atMs < 40_000 ? off(atMs) : entry(atMs, 80, 200);
  });

describe('HTTP archives', () => {
  it('are calls by host and time', () => {
    const { format, draft, unimported } = importText(
      'page.har',
      archive(
        minute((atMs) => entry(atMs, 80, 500)),
        { pages: [{}] },
      ),
    );
    expect(format).toBe('har');
    expect(draft.faults.find(({ kind }) => kind === 'region-outage')).toMatchObject({
      target: 'google/us-central1',
      atMs: 20_000,
      forMs: 20_000,
      settings: { mode: 'http-5xx', status: 500 },
    });
    expect(unimported).toEqual([{ what: 'pages', where: 'log.pages', why: 'a scenario has no pages' }]);
  });

  it('tell slow calls from failed ones', () => {
    const { draft } = importText('page.har', archive(minute((atMs) => entry(atMs, 1080, 200))));
    expect(draft.faults).toMatchObject([
      { kind: 'latency-spike', atMs: 20_000, forMs: 20_000, settings: { shape: 'constant', delay: '1s' } },
    ]);
  });

  it.each([
    ['net::ERR_CONNECTION_RESET', 'partial'],
    ['net::ERR_TIMED_OUT', 'blackhole'],
  ])('take status 0 with %s for an outage of mode %s', (error, mode) => {
    const { draft } = importText('page.har', archive(minute((atMs) => entry(atMs, 80, 0, { _error: error }))));
    expect(draft.faults.find(({ kind }) => kind === 'region-outage')?.settings.mode).toBe(mode);
  });

  it.each([
    ['startedDateTime', { startedDateTime: 'now' }, /^p\.har:1:\d+: log\.entries\[0\]\.startedDateTime: expected a date-time/],
    ['time', { time: -1 }, /log\.entries\[0\]\.time: expected milliseconds, got -1/],
    ['url', { request: { url: 'x' } }, /log\.entries\[0\]\.request\.url: expected a URL, got "x"/],
    ['request', { request: null }, /log\.entries\[0\]: expected an entry with a request/],
  ])('are refused with the place of a wrong %s', (_, wrong, message) => {
    expect(refusalOf('p.har', archive([{ ...entry(0, 1, 200), ...wrong }]))).toMatch(message);
  });

  it('are refused where they have no entries, or none by HTTP', () => {
    expect(refusalOf('p.har', archive([]))).toContain('has no request to learn from');
    expect(refusalOf('p.har', archive([entry(0, 1, 200, {}, 'data:text/plain,x')]))).toContain('has no request to learn from');
  });
});
