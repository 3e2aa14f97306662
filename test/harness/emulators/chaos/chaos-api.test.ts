import { beforeEach, describe, expect, it } from 'vitest';
import { createChaosApi, isForChaosApi } from '../../../../harness/emulators/chaos/chaos-api.ts';
import { createRuleBook, type RuleBook } from '../../../../harness/emulators/chaos/rule-book.ts';

let book: RuleBook;
beforeEach(() => {
  book = createRuleBook(1);
});

const send = (method: string, path: string, body?: string, headers: Readonly<Record<string, string>> = {}) =>
  createChaosApi(book)(
    new Request(`http://127.0.0.1:4566/_localstack/chaos/${path}`, { method, headers, ...(body === undefined ? {} : { body }) }),
  );

const ask = async (method: string, path: string, body?: unknown) => {
  const response = await send(method, path, body === undefined ? undefined : JSON.stringify(body));
  return [response.status, await response.json()];
};

describe('the chaos API', () => {
  it('takes the calls of its documentation, and answers each with what holds then', async () => {
    expect(await ask('GET', 'faults')).toEqual([200, []]);
    const outage = [{ service: 's3', region: 'us-east-1' }, { service: 's3', region: 'ap-south-1' }, { service: 'lambda' }];
    expect(await ask('POST', 'faults', outage)).toEqual([200, outage]);
    const throttled = {
      service: 'kinesis',
      operation: 'PutRecord',
      probability: 0.3,
      error: { statusCode: 400, code: 'ProvisionedThroughputExceededException' },
    };
    expect(await ask('PATCH', 'faults', [throttled])).toEqual([200, [...outage, throttled]]);
    expect(await ask('DELETE', 'faults', [{ service: 'lambda' }])).toEqual([200, [...outage.slice(0, 2), throttled]]);
    expect(await ask('GET', 'faults')).toEqual([200, [...outage.slice(0, 2), throttled]]);
    expect(await ask('POST', 'faults', [])).toEqual([200, []]);
  });

  it("answers with rules as they were written, in their caller's own order", async () => {
    const written = '[{"service":"dynamodb","error":{"code":"Teapot","statusCode":418},"region":"us-east-1"}]';
    expect(await (await send('POST', 'faults', written)).text()).toBe(written);
  });

  it('says what the latency is: none, until one is set', async () => {
    expect(await ask('GET', 'effects')).toEqual([200, { latency: 0 }]);
    expect(await ask('POST', 'effects', { latency: 5000 })).toEqual([200, { latency: 5000 }]);
    expect(await ask('GET', 'effects')).toEqual([200, { latency: 5000 }]);
  });

  // Words of Python's jsonschema, by which LocalStack validates.
  it.each([
    [[{ region: 's3', foo: 'bar' }], "Additional properties are not allowed ('foo' was unexpected)"],
    [[{ '': '', blah: 1 }], "Additional properties are not allowed ('', 'blah' were unexpected)"],
    [[{ region: 'us*' }], "'us*' does not match '^[a-zA-Z0-9-]+$'"],
    [[{ region: '' }], "'' does not match '^[a-zA-Z0-9-]+$'"],
    [[{ service: 's3.amazonaws.com' }], "'s3.amazonaws.com' does not match '^[a-zA-Z0-9-_]+$'"],
    [[{ operation: 'Put42Items' }], "'Put42Items' does not match '^[a-zA-Z]+(V[0-9]+)?$'"],
    [[{ operation: null }], "None is not of type 'string'"],
    [[{ probability: 1.1 }], '1.1 is greater than the maximum of 1'],
    [[{ probability: -0.5 }], '-0.5 is less than the minimum of 0'],
    [[{ probability: true }], "True is not of type 'number'"],
    [[{ description: ['it is'] }], "['it is'] is not of type 'string'"],
    [[{ error: { blah: 814 } }], "Additional properties are not allowed ('blah' was unexpected)"],
    [[{ error: { statusCode: 300 } }], '300 is less than the minimum of 400'],
    [[{ error: { statusCode: 503.5 } }], "503.5 is not of type 'integer'"],
    [[{ error: { code: '' } }], "'' does not match '^[a-zA-Z0-9]+$'"],
    [[{ error: 'Teapot' }], "'Teapot' is not of type 'object'"],
    [[{ error: { code: '<b>' }, foo: 1 }], "Additional properties are not allowed ('foo' was unexpected)"],
    [['s3'], "'s3' is not of type 'object'"],
    [{ service: 's3' }, "{'service': 's3'} is not of type 'array'"],
    [null, "None is not of type 'array'"],
    [[{ service: 's3' }, { service: 's3' }], "[{'service': 's3'}, {'service': 's3'}] has non-unique elements"],
  ])('refuses rules that are none, whatever is to be done with them, and changes nothing: %j', async (rules, complaint) => {
    book.set([{ service: 'ec2' }]);
    for (const method of ['POST', 'PATCH', 'DELETE']) {
      expect(await ask(method, 'faults', rules)).toEqual([400, { message: `Error validating JSON schema: ${complaint}` }]);
    }
    expect(book.rules()).toEqual([{ service: 'ec2' }]);
  });

  it('refuses a member by the name that every object has', async () => {
    const response = await send('POST', 'faults', '[{"__proto__": {"service": "s3"}}]');
    expect(response.status).toBe(400);
    expect(book.rules()).toEqual([]);
  });

  it.each([
    [{ latency: 'abcd' }, "'abcd' is not of type 'integer'"],
    [{ latency: -3 }, '-3 is less than the minimum of 0'],
    [{ latency: 6.9 }, "6.9 is not of type 'integer'"],
    [{ latency: 2 ** 31 }, '2147483648 is greater than the maximum of 2147483647'],
    [{ latency: 64, jitter: 32 }, "Additional properties are not allowed ('jitter' was unexpected)"],
    [{}, "'latency' is a required property"],
    [[], "[] is not of type 'object'"],
  ])('refuses effects that are none, and changes nothing: %j', async (effects, complaint) => {
    book.setEffects({ latency: 20 });
    expect(await ask('POST', 'effects', effects)).toEqual([400, { message: `Error validating JSON schema: ${complaint}` }]);
    expect(book.effects()).toEqual({ latency: 20 });
  });

  it.each(['', 'invalidJSON', '[{]', '[{"service":"s3",}]'])('refuses what is no JSON: %j', async (body) => {
    for (const path of ['faults', 'effects']) {
      const response = await send('POST', path, body);
      expect(response.status).toBe(400);
      expect(await response.json()).toEqual({ message: expect.stringMatching(/^Error decoding JSON: ./) });
    }
  });

  it('keeps to its limits: a body of 1 MiB, and 1000 rules', async () => {
    const rules = Array.from({ length: 1001 }, (_, n) => ({ description: String(n) }));
    expect(await ask('POST', 'faults', rules)).toEqual([400, { message: '1000 rules can hold at a time, no more.' }]);
    expect(await ask('POST', 'faults', rules.slice(1))).toEqual([200, rules.slice(1)]);
    expect(await ask('PATCH', 'faults', rules.slice(0, 1))).toEqual([400, { message: expect.stringContaining('1000 rules') }]);
    expect((await send('POST', 'faults', ' '.repeat(1024 * 1024 + 1))).status).toBe(413);
    expect(book.rules()).toHaveLength(1000);
  });

  it.each([
    ['PUT', 'faults', 405, 'GET, POST, PATCH, DELETE'],
    ['OPTIONS', 'faults', 405, 'GET, POST, PATCH, DELETE'],
    ['DELETE', 'effects', 405, 'GET, POST'],
    ['GET', 'fault', 404, null],
    ['GET', 'faults/1', 404, null],
    ['GET', '', 404, null],
  ])('answers %s %s with a message', async (method, path, status, allow) => {
    const response = await send(method, path);
    expect([response.status, response.headers.get('allow')]).toEqual([status, allow]);
    expect(await response.json()).toEqual({ message: expect.stringMatching(/./) });
  });
});

describe('who may use the chaos API', () => {
  it.each([
    ['an Origin, whatever it is', { origin: 'http://127.0.0.1:4566' }, 'Origin'],
    ['an Origin that says nothing', { origin: 'null' }, 'Origin'],
    ["a browser's User-Agent", { 'user-agent': 'Mozilla/5.0 (X11; Linux x86_64) Firefox/145.0' }, 'User-Agent'],
    ["a page's own name for 127.0.0.1", { host: 'rebound.example.com' }, 'Host'],
    ['a name that only begins as one of this machine', { host: 'localhost.example.com:4566' }, 'Host'],
    ['a name that only ends as one of this machine', { host: 'evil-localhost' }, 'Host'],
  ])('is nobody whose request has %s', async (_what, headers, word) => {
    for (const [method, body] of [
      ['GET', undefined],
      ['POST', '[{}]'],
    ] as const) {
      const response = await send(method, 'faults', body, headers);
      expect(response.status).toBe(403);
      expect(((await response.json()) as { message: string }).message).toContain(word);
      expect(response.headers.get('access-control-allow-origin')).toBeNull();
    }
    expect(book.rules()).toEqual([]);
  });

  it.each(['localhost', 'localhost:4566', '127.0.0.1:80', '127.1.2.3', '[::1]:4566', 'localhost.localstack.cloud:4566'])(
    'is a program that knows the machine as %s',
    async (host) => {
      expect((await send('GET', 'faults', undefined, { host, 'user-agent': 'curl/8.14.1' })).status).toBe(200);
    },
  );
});

describe('a request for the chaos API', () => {
  it.each([
    ['http://127.0.0.1/_localstack/chaos/faults', true],
    ['http://127.0.0.1/_localstack/chaos/', true],
    ['http://127.0.0.1/_localstack/chaosx', false],
    ['http://127.0.0.1/bucket/_localstack/chaos/faults', false],
    ['http://127.0.0.1/?next=/_localstack/chaos/faults', false],
    ['http://127.0.0.1/', false],
  ])('is told by its path: %s', (url, isFor) => {
    expect(isForChaosApi(new Request(url))).toBe(isFor);
  });
});
