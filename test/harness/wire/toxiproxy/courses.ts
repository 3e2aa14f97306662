import { connect } from 'node:net';
import { type Call, call, type Server } from '../../../support/toxiproxy.ts';

/** A call of the API with its body as a value, or `say`: the caller says its words again. */
export type Step = (Omit<Call, 'body'> & { readonly body?: unknown }) | 'say';

/** What is done to a proxy before an echo, and to one connection through it. */
export interface Course {
  readonly title: string;
  /** An echo when left out. */
  readonly upstream?: string;
  /** Before the connection is made. */
  readonly before?: readonly Step[];
  /** When all that was said has come back. */
  readonly after?: readonly Step[];
  /** The caller says nothing: a proxy that ends over unread bytes may reset instead. */
  readonly isSilent?: true;
  /** Where squall ends the connection otherwise, and why: docs/wire.md says it to users. */
  readonly unlike?: { readonly because: string; readonly how: string };
  /** How many bytes come back where the connection stays open; left out, the proxy ends it. */
  readonly until?: number;
}

/** How it went: bytes that came back, and its end. */
export interface Outcome {
  readonly heard: number;
  readonly how: string;
}

const SAID = 'x'.repeat(100);
const TOXICS = '/proxies/p/toxics';

const toxic = (type: string, attributes: object, stream: string, toxicity = 1): Step => ({
  method: 'POST',
  path: TOXICS,
  body: { name: 't', type, attributes, stream, toxicity },
});
const change = (attributes: object): Step => ({ method: 'PATCH', path: `${TOXICS}/t`, body: { attributes } });
const remove: Step = { method: 'DELETE', path: `${TOXICS}/t` };
const update = (body: object): Step => ({ method: 'PATCH', path: '/proxies/p', body });

const ofStream = (stream: string): readonly Course[] => {
  const add = (type: string, attributes: object, toxicity?: number) => toxic(type, attributes, stream, toxicity);
  const list: readonly Course[] = [
    { title: 'latency', before: [add('latency', { latency: 30, jitter: 10 })], until: 100 },
    { title: 'latency that is taken away', after: [add('latency', { latency: 60_000 }), 'say', remove], until: 200 },
    {
      title: 'latency that is made shorter',
      after: [add('latency', { latency: 60_000 }), change({ latency: 1 }), 'say'],
      until: 200,
    },
    { title: 'bandwidth', before: [add('bandwidth', { rate: 5 })], until: 100 },
    { title: 'no bandwidth, until it is taken away', after: [add('bandwidth', { rate: 0 }), 'say', remove], until: 200 },
    { title: 'slices', before: [add('slicer', { average_size: 9, size_variation: 4, delay: 100 })], until: 100 },
    { title: 'slow_close', before: [add('slow_close', { delay: 20 })], until: 100 },
    { title: 'a time-out', before: [add('timeout', { timeout: 40 })] },
    { title: 'no time-out, until it is taken away', after: [add('timeout', { timeout: 0 }), remove] },
    { title: 'no time-out, until it is given one', after: [add('timeout', { timeout: 0 }), change({ timeout: 40 })] },
    { title: 'a time-out for no connection', before: [add('timeout', { timeout: 1 }, 0)], until: 100 },
    { title: 'a reset', before: [add('reset_peer', { timeout: 0 })] },
    { title: 'a reset after a time', before: [add('reset_peer', { timeout: 40 })] },
    {
      title: 'a reset of an open connection',
      after: [add('reset_peer', { timeout: 0 }), 'say'],
      unlike: { because: 'a reset is a reset, also where the connection was there before the toxic', how: 'ECONNRESET' },
    },
    { title: 'a limit of no bytes', before: [add('limit_data', { bytes: 0 })] },
    { title: 'a limit beyond the end', before: [add('limit_data', { bytes: 101 })], until: 100 },
  ];
  return list.map((course) => ({ ...course, title: `${course.title}, ${stream}` }));
};

export const courses: readonly Course[] = [
  { title: 'a proxy without toxics', until: 100 },
  { title: 'an upstream where nobody listens', upstream: '127.0.0.1:1', isSilent: true },
  { title: 'a proxy that is turned off', after: [update({ enabled: false })] },
  { title: 'a proxy that is moved before another upstream', after: [update({ upstream: '127.0.0.1:2' })] },
  { title: 'a proxy that is updated and stays as it is', after: [update({ enabled: true }), 'say'], until: 200 },
  { title: 'a proxy that is deleted', after: [{ method: 'DELETE', path: '/proxies/p' }] },
  { title: 'a reset of the server', after: [toxic('timeout', { timeout: 0 }, 'upstream'), { method: 'POST', path: '/reset' }] },
  // What upstream says to the bytes before a limit of that direction may be cut off, or not.
  { title: 'a limit in the middle, downstream', before: [toxic('limit_data', { bytes: 10 }, 'downstream')] },
  { title: 'a limit at the end, downstream', before: [toxic('limit_data', { bytes: 100 }, 'downstream')] },
  { title: 'a limit on an open connection, downstream', after: [toxic('limit_data', { bytes: 10 }, 'downstream'), 'say'] },
  ...['upstream', 'downstream'].flatMap(ofStream),
];

/** Puts a proxy up, takes one connection through the course, and deletes the proxy. */
export const take = async ({ origin }: Server, echo: string, course: Course): Promise<Outcome> => {
  const { upstream = echo, before = [], after = [], until, isSilent } = course;
  const ask = async (step: Exclude<Step, 'say'>) => {
    const { body, ...rest } = step;
    const { text } = await call(origin, { ...rest, ...(body === undefined ? {} : { body: JSON.stringify(body) }) });
    return text === '' ? null : JSON.parse(text);
  };
  const { listen } = await ask({ method: 'POST', path: '/proxies', body: { name: 'p', listen: '127.0.0.1:0', upstream } });
  const [host = '', port] = listen.split(':');
  const perform = async (steps: readonly Step[], say: () => void) => {
    for (const step of steps) step === 'say' ? say() : await ask(step);
  };
  await perform(before, () => undefined);
  const outcome = await new Promise<Outcome>((resolve, reject) => {
    const socket = connect({ host, port: Number(port) });
    let heard = 0;
    const say = () => void socket.write(SAID);
    const finish = (how: string) => {
      socket.destroy();
      resolve({ heard, how });
    };
    if (!isSilent) socket.on('connect', say);
    socket.on('data', (bytes) => {
      heard += bytes.length;
      if (heard === until) finish('open');
      else if (heard === SAID.length) perform(after, say).catch(reject);
    });
    socket.on('end', () => finish('end'));
    socket.on('error', ({ code, message }: NodeJS.ErrnoException) => finish(code ?? message));
  });
  await call(origin, { method: 'DELETE', path: '/proxies/p' });
  return outcome;
};
