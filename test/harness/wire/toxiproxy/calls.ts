import type { Call } from '../../../support/toxiproxy.ts';

/** A call with what makes it known to the reader of a failed test. */
export interface RecordedCall extends Call {
  /** Where squall answers otherwise than Toxiproxy, and why: docs/wire.md says it to users. */
  readonly unlike?: {
    readonly because: string;
    /** Text of the two answers, or a part of it. */
    readonly real: string;
    readonly squall: string;
  };
}

/** Ports for the list: one that the servers' API holds, and two that nobody does. */
export interface CallPorts {
  readonly held: string;
  readonly free: readonly [string, string];
}

const get = (path: string): RecordedCall => ({ method: 'GET', path });
const drop = (path: string): RecordedCall => ({ method: 'DELETE', path });
const post = (path: string, body: unknown, unlike?: RecordedCall['unlike']): RecordedCall => ({
  method: 'POST',
  path,
  body: typeof body === 'string' ? body : JSON.stringify(body),
  ...(unlike ? { unlike } : {}),
});
const patch = (path: string, body: unknown, unlike?: RecordedCall['unlike']): RecordedCall => ({
  ...post(path, body, unlike),
  method: 'PATCH',
});

const METHODS: readonly RecordedCall[] = [
  get('/nowhere'),
  get('/proxies/'),
  get('/proxies/none/'),
  get('/proxies/none/toxics/none/more'),
  { method: 'PUT', path: '/proxies' },
  { method: 'DELETE', path: '/proxies' },
  { method: 'PATCH', path: '/proxies' },
  { method: 'GET', path: '/populate' },
  { method: 'GET', path: '/reset' },
  { method: 'PUT', path: '/proxies/none' },
  { method: 'DELETE', path: '/proxies/none/toxics' },
  { method: 'PUT', path: '/proxies/none/toxics/none' },
  { method: 'POST', path: '/version' },
  { method: 'HEAD', path: '/version' },
  { method: 'OPTIONS', path: '/proxies' },
  { method: 'HEAD', path: '/nowhere' },
  get('//proxies'),
  { method: 'GET', path: '/proxies', userAgent: 'Mozilla/5.0 (X11; Linux x86_64)' },
  { method: 'GET', path: '/version', userAgent: 'Mozilla/5.0' },
  { method: 'POST', path: '/reset', userAgent: 'Mozilla/5.0' },
  { method: 'GET', path: '/nowhere', userAgent: 'Mozilla/5.0' },
  { method: 'PUT', path: '/proxies', userAgent: 'Mozilla/5.0' },
  { method: 'GET', path: '/proxies', userAgent: 'Not Mozilla/5.0' },
];

/** Bodies that are no JSON, or not what is asked for: each call that takes one says the same of them. */
const BAD_DOCUMENTS: readonly string[] = [
  '',
  '  ',
  '{',
  '{"name"',
  '{"name":',
  '{"name":"a"',
  'hello',
  "'",
  'é',
  '{"a":tru}',
  '{"a":nul}',
  '{"a":-}',
  '{"a":1.}',
  '{"a":1e}',
  '{"a":01}',
  '{"a" 1}',
  '{"a":1 "b"}',
  '{1:1}',
  '{"a":}',
  '{"a":1,}',
  '["a" 1]',
  '[1,]',
  '["\\q"]',
  '["\\u12g4"]',
  '["\n"]',
  '["\u0001"]',
  '[1',
  '"x"',
  'true',
  '3',
];

const CREATE: readonly RecordedCall[] = [
  ...BAD_DOCUMENTS.map((body) => post('/proxies', body)),
  post('/proxies', '[]'),
  post('/proxies', 'null'),
  post('/proxies', {}),
  post('/proxies', { name: 'a' }),
  post('/proxies', { name: '', upstream: 'x:1' }),
  post('/proxies', { name: 'a', upstream: '' }),
  post('/proxies', { upstream: 'x:1' }),
  post('/proxies', { name: 3, upstream: 'x:1' }),
  post('/proxies', { name: 'a', upstream: true }),
  post('/proxies', { name: 'a', upstream: ['x:1'] }),
  post('/proxies', { name: 'a', upstream: 'x:1', listen: {} }),
  post('/proxies', { name: 'a', upstream: 'x:1', enabled: 'yes' }),
  post('/proxies', { name: 'a', upstream: 'x:1', enabled: 1 }),
  post('/proxies', { name: 'a', upstream: 'x:1', listen: 'nohost' }),
  post('/proxies', { name: 'a', upstream: 'x:1', listen: 'localhost:99999' }),
  post('/proxies', { name: 'a', upstream: 'x:1', listen: 'localhost:-1' }),
  post('/proxies', { name: 'a', upstream: 'x:1', listen: 'localhost:nosuchservice' }),
  post('/proxies', { name: 'a', upstream: 'x:1', listen: 'a:b:c' }),
  post('/proxies', { name: 'a', upstream: 'x:1', listen: 'a]:1' }),
  post('/proxies', { name: 'a', upstream: 'x:1', listen: '[::1' }),
  post('/proxies', { name: 'a', upstream: 'x:1', listen: '[::1]' }),
  post('/proxies', { name: 'a', upstream: 'x:1', listen: '[::1]x:1' }),
  post('/proxies', { name: 'a', upstream: 'x:1', listen: '[::1]:1:2' }),
  post('/proxies', { name: 'a', upstream: 'x:1', listen: '127.0.0.1:{held}' }),
  post('/proxies', { name: 'a', upstream: 'x:1', listen: '192.0.2.1:0' }),
  get('/proxies'),
  post('/proxies', { name: 'a', upstream: 'localhost:1', listen: 'localhost:0' }),
  post('/proxies', { name: 'a', upstream: 'localhost:2', listen: 'localhost:0' }),
  post('/proxies', { NAME: 'b', Upstream: 'noport', LISTEN: '127.0.0.1:0', extra: [1, { a: null }] }),
  post('/proxies', '{"name":"first","upstream":"x:1","listen":"127.0.0.1:0","name":"c","enabled":false} trailing'),
  post('/proxies', { name: 'd', upstream: 'x:1', listen: 'junk', enabled: false }),
  post('/proxies', { name: '<é>&\u2028', upstream: 'x:1', listen: '127.0.0.1:0', enabled: null }),
  post('/proxies', { name: 'sp ace%', upstream: 'x:1', listen: '127.0.0.1:{free0}' }),
  post('/proxies', { name: 'six', upstream: 'x:1', listen: '[::1]:0' }),
  post(
    '/proxies',
    { name: 'everywhere', upstream: 'x:1', listen: ':0' },
    { because: 'without a host it is 127.0.0.1, not every interface', real: '"[::]:*"', squall: '"127.0.0.1:*"' },
  ),
  drop('/proxies/everywhere'),
  get('/proxies'),
  get('/proxies/a'),
  get('/proxies/sp%20ace%25'),
  get('/proxies/none'),
  drop('/proxies/none'),
  drop('/proxies/six'),
  drop('/proxies/six'),
];

const UPDATE: readonly RecordedCall[] = [
  patch('/proxies/none', 'bad'),
  ...BAD_DOCUMENTS.map((body) => patch('/proxies/a', body)),
  patch('/proxies/a', '[]'),
  patch('/proxies/a', 'null'),
  patch('/proxies/a', {}),
  post('/proxies/a', {}),
  post('/proxies/a', { enabled: false }),
  patch('/proxies/a', { enabled: false }),
  post('/proxies/a', { enabled: true }),
  patch('/proxies/a', { enabled: true }),
  patch('/proxies/a', { enabled: 'x' }),
  patch('/proxies/a', { enabled: null, listen: null }),
  patch('/proxies/a', { upstream: 'localhost:2' }),
  patch('/proxies/a', { upstream: 5 }),
  patch('/proxies/a', { listen: '127.0.0.1:{free1}', upstream: 'localhost:3' }),
  patch('/proxies/a', { listen: 'localhost:{free1}' }),
  patch('/proxies/a', { listen: 'junk' }),
  patch('/proxies/a', { listen: 'localhost:99999' }),
  patch('/proxies/a', { name: 'zz', upstream: '' }),
  get('/proxies/zz'),
  patch('/proxies/a', { listen: '127.0.0.1:{held}', upstream: 'x:9' }),
  get('/proxies/a'),
  patch('/proxies/a', { enabled: true }),
  patch('/proxies/a', { listen: '127.0.0.1:0', enabled: false }),
  patch('/proxies/a', { enabled: true }),
  patch('/proxies/c', { listen: '127.0.0.1:0' }),
  patch('/proxies/c', { enabled: true }),
  patch('/proxies/d', { enabled: true }),
];

const TOXICS = '/proxies/a/toxics';
const LATENCY = `${TOXICS}/latency_downstream`;

const TOXIC: readonly RecordedCall[] = [
  get('/proxies/none/toxics'),
  post('/proxies/none/toxics', {}),
  get('/proxies/none/toxics/none'),
  patch('/proxies/none/toxics/none', {}),
  drop('/proxies/none/toxics/none'),
  get(TOXICS),
  get(`${TOXICS}/none`),
  drop(`${TOXICS}/none`),
  patch(`${TOXICS}/none`, 'bad'),
  ...BAD_DOCUMENTS.map((body) => post(TOXICS, body)),
  post(TOXICS, '[]'),
  post(TOXICS, 'null'),
  post(TOXICS, {}),
  post(TOXICS, { type: 5 }),
  post(TOXICS, { type: 'nope' }),
  post(TOXICS, { type: 'Latency' }),
  post(TOXICS, { type: 'nope', stream: 'sideways' }),
  post(TOXICS, { type: 'latency', stream: 'sideways' }),
  post(TOXICS, { type: 'latency', stream: '' }),
  post(TOXICS, { type: 'latency', stream: 1 }),
  post(TOXICS, { type: 'latency', toxicity: 'high' }),
  post(TOXICS, '{"type":"latency","toxicity":1e40}'),
  post(TOXICS, { type: 'latency', attributes: [] }),
  post(TOXICS, { type: 'latency', attributes: 3 }),
  post(TOXICS, { type: 'latency', attributes: 'x' }),
  post(TOXICS, { type: 'latency', attributes: { latency: 'slow' } }),
  post(TOXICS, { type: 'latency', attributes: { latency: 1.5 } }),
  post(TOXICS, '{"type":"latency","attributes":{"latency":1e3}}'),
  post(TOXICS, '{"type":"latency","attributes":{"jitter":0.0}}'),
  post(TOXICS, '{"type":"bandwidth","attributes":{"rate":12345678901234567890}}'),
  post(TOXICS, { type: 'slicer', attributes: { delay: {} } }),
  post(TOXICS, { type: 'slicer', attributes: { average_size: true } }),
  post(TOXICS, { type: 'reset_peer', attributes: { timeout: '1s' } }),
  post(TOXICS, { type: 'limit_data', attributes: { bytes: [] } }),
  post(TOXICS, { type: 'slow_close', attributes: { delay: 0.5 } }),
  post(TOXICS, { type: 'timeout', attributes: { timeout: '0' } }),
  get(TOXICS),
  post(TOXICS, { type: 'latency' }),
  post(TOXICS, { type: 'latency' }),
  post(TOXICS, { type: 'latency', attributes: { latency: 'slow' } }),
  post(TOXICS, { type: 'latency', stream: 'upstream', attributes: { latency: 5 } }),
  post(TOXICS, { type: 'latency', stream: 'UPSTREAM', name: 'shouted' }),
  post(TOXICS, { type: 'latency', stream: 'Upstream' }),
  post(TOXICS, { type: 'latency', name: 'below zero', attributes: { latency: -5 } }),
  post(TOXICS, { type: 'latency', name: 'l1', attributes: { Latency: 7, foo: 1 } }),
  post(TOXICS, { type: 'latency', name: 'l2', attributes: null }),
  post(TOXICS, { type: 'latency', name: 'l3', attributes: { latency: null } }),
  post(TOXICS, { type: 'latency', name: 'l4', toxicity: 2 }),
  post(TOXICS, { type: 'latency', name: 'l5', toxicity: -1 }),
  post(TOXICS, { type: 'latency', name: 'l6', toxicity: 0.1 }),
  post(TOXICS, { type: 'latency', name: 'l7', toxicity: 0.123456789 }),
  post(TOXICS, { type: 'latency', name: 'l8', toxicity: null, stream: null }),
  post(TOXICS, { type: 'noop' }),
  post(TOXICS, { type: 'bandwidth', attributes: { rate: 100 } }),
  post(TOXICS, { type: 'slicer', attributes: { average_size: 10, size_variation: 5, delay: 100 } }),
  post(TOXICS, { type: 'limit_data', attributes: { bytes: 1000 } }),
  post(TOXICS, { type: 'reset_peer', attributes: { timeout: 10 } }),
  post(TOXICS, { type: 'slow_close', attributes: { delay: 10 } }),
  post(TOXICS, { type: 'timeout', attributes: { timeout: 10 } }),
  get(TOXICS),
  get('/proxies/a'),
  get(LATENCY),
  ...BAD_DOCUMENTS.map((body) => patch(LATENCY, body)),
  patch(LATENCY, '[]'),
  patch(LATENCY, {}),
  post(LATENCY, 'null'),
  post(LATENCY, { attributes: { jitter: 3 } }),
  patch(LATENCY, { attributes: { latency: 9 }, toxicity: 0.5, stream: 'upstream', name: 'q', type: 'slicer' }),
  patch(LATENCY, { attributes: { jitter: 'x' }, toxicity: 0.7 }),
  patch(LATENCY, { attributes: [] }),
  patch(LATENCY, { attributes: null }),
  patch(LATENCY, { toxicity: 'x' }),
  patch(LATENCY, { toxicity: null }),
  get(LATENCY),
  patch(`${TOXICS}/l8`, { attributes: { latency: 11, jitter: 'x' } }),
  {
    ...get(`${TOXICS}/l8`),
    unlike: { because: 'an update that is refused changes nothing', real: '"latency":11', squall: '"latency":0' },
  },
  drop(`${TOXICS}/l8`),
  drop(LATENCY),
  get(LATENCY),
  get('/proxies/a/toxics/below%20zero'),
  drop('/proxies/a/toxics/below%20zero'),
  get(TOXICS),
  patch('/proxies/a', { upstream: 'elsewhere:1' }),
  get(TOXICS),
];

const RESET: readonly RecordedCall[] = [
  post('/proxies/c', { enabled: false }),
  post('/reset', ''),
  drop('/proxies/d'),
  post('/reset', ''),
  get('/proxies'),
];

const POPULATE: readonly RecordedCall[] = [
  ...BAD_DOCUMENTS.map((body) => post('/populate', body)),
  post('/populate', {}),
  post('/populate', 'null'),
  post('/populate', '[]'),
  post('/populate', '[3]'),
  post('/populate', '[[]]'),
  post('/populate', '[null]'),
  post('/populate', [{ name: 3 }]),
  post('/populate', [{ name: 'p1', upstream: 3 }]),
  post('/populate', [{ name: 'p1', upstream: 'x:1', enabled: 3 }]),
  post('/populate', [{ name: 'p1' }]),
  post('/populate', [{ name: 'p1', upstream: 'x:1', listen: '127.0.0.1:0' }, { upstream: 'x:1' }]),
  get('/proxies/p1'),
  drop('/proxies/sp%20ace%25'),
  post('/populate', [
    { name: 'p1', upstream: 'x:1', listen: '127.0.0.1:{free0}' },
    { name: 'p2', upstream: 'x:1', listen: '127.0.0.1:0', enabled: false },
  ]),
  post('/proxies/p1/toxics', { type: 'latency' }),
  post('/proxies/p2/toxics', { type: 'latency' }),
  post('/populate', [
    { name: 'p1', upstream: 'x:1', listen: 'localhost:{free0}', enabled: false },
    { name: 'p2', upstream: 'x:2', listen: '127.0.0.1:0' },
  ]),
  post('/populate', [
    { name: 'p3', upstream: 'x:1', listen: '127.0.0.1:0' },
    { name: 'p4', upstream: 'x:2', listen: '127.0.0.1:{held}' },
    { name: 'p5', upstream: 'x:2', listen: '127.0.0.1:0' },
  ]),
  post('/populate', [{ name: 'p1', upstream: 'x:1', listen: 'junk' }]),
  post('/populate', [{ name: 'p1', upstream: 'x:1', listen: '127.0.0.1:{held}' }]),
  get('/proxies'),
  drop('/proxies/a'),
  get('/proxies'),
];

const VERSION: RecordedCall = {
  ...get('/version'),
  unlike: {
    because: 'a Toxiproxy that `go install` builds does not know its version',
    real: '{"version": "git"}\n',
    squall: '{"version": "2.12.0"}\n',
  },
};

const SLASH: readonly RecordedCall[] = [
  post('/proxies', { name: 'e/f', upstream: 'x:1', listen: '127.0.0.1:0', enabled: false }),
  {
    ...get('/proxies/e%2Ff'),
    unlike: {
      because: 'a name with a slash can be asked for',
      real: '404 page not found\n',
      squall: '{"name":"e/f","listen":"127.0.0.1:0","upstream":"x:1","enabled":false,"Logger":{},"toxics":[]}',
    },
  },
];

/** Every endpoint with good and bad input, one after the other on one server. */
export const recordedCalls = ({ held, free }: CallPorts): readonly RecordedCall[] =>
  [VERSION, ...METHODS, ...CREATE, ...UPDATE, ...TOXIC, ...RESET, ...POPULATE, ...SLASH].map((call) => ({
    ...call,
    ...(call.body === undefined
      ? {}
      : { body: call.body.replaceAll('{held}', held).replaceAll('{free0}', free[0]).replaceAll('{free1}', free[1]) }),
  }));
