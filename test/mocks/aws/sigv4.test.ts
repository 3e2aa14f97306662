import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { type AwsCredential, mintSession } from '../../../mocks/aws/credential.ts';
import { createSessionStore } from '../../../mocks/aws/session-store.ts';
import { authenticate } from '../../../mocks/aws/sigv4.ts';
import {
  createAws,
  EAST,
  ENDPOINT,
  HOST,
  readRefusal,
  type Signed,
  sign,
  signByHand,
  type ToSign,
  toRequest,
  WEST,
} from '../../support/aws.ts';
import { rowLabelled } from '../../support/model.ts';

const NOW_MS = Date.UTC(2026, 10, 24, 12, 0, 0);
const DATE = '20261124T120000Z';
const SECOND_MS = 1000;
const body = JSON.stringify({ instances: [rowLabelled(3)] });

beforeEach(() => {
  vi.useFakeTimers({ toFake: ['Date'], now: NOW_MS });
});
afterEach(() => {
  vi.useRealTimers();
});

const given = async () => {
  const { credential, handler, emulator } = await createAws({ capacity: { serviceTimeMs: 0 } });
  const send = (signed: Signed, region = EAST) => handler('sagemaker-runtime', region)(toRequest(signed));
  const refusal = async (toSign: ToSign, by: AwsCredential = credential) =>
    readRefusal(await send(await sign(by, { body, ...toSign })));
  return { credential, emulator, send, refusal };
};

const withHeaders = (signed: Signed, headers: Record<string, string | undefined>): Signed => ({
  ...signed,
  headers: Object.fromEntries(
    Object.entries({ ...signed.headers, ...headers }).filter((entry): entry is [string, string] => entry[1] !== undefined),
  ),
});

const INVALID_TOKEN = {
  status: 403,
  code: 'UnrecognizedClientException',
  message: 'The security token included in the request is invalid.',
};
const MISMATCH = {
  status: 403,
  code: 'InvalidSignatureException',
  message: expect.stringContaining('The request signature we calculated does not match'),
};

describe('a request that is signed right', () => {
  test('is let in', async () => {
    const { credential, send } = await given();
    expect((await send(await sign(credential, { body }))).status).toBe(200);
  });

  test.each([
    ['an encoded path', { path: '/endpoints/%64igits/invocations' }],
    ['spaces within a header', { headers: { 'x-amzn-sagemaker-custom-attributes': '  a   b ' } }],
    ['a clock 5 minutes behind', { atMs: NOW_MS - 300 * SECOND_MS }],
    ['a clock 5 minutes ahead', { atMs: NOW_MS + 300 * SECOND_MS }],
  ])('is let in with %s', async (_, toSign) => {
    const { credential, send } = await given();
    expect((await send(await sign(credential, { body, ...toSign }))).status).toBe(200);
  });

  test.each([
    ['a date header in place of x-amz-date', { date: new Date(NOW_MS).toUTCString() }],
    ['headers that AWS’s own signers leave out', { 'x-amz-date': DATE, 'user-agent': 'curl/8', 'cache-control': 'no-cache' }],
  ])('is let in with %s', async (_, own) => {
    const { credential, send } = await given();
    const headers = {
      'content-type': 'application/json',
      host: HOST,
      'x-amz-security-token': credential.sessionToken ?? '',
      ...own,
    };
    expect((await send(signByHand(credential, { headers, body, date: DATE }))).status).toBe(200);
  });
});

describe('the examples that AWS publishes', () => {
  const credential: AwsCredential = {
    provider: 'aws',
    accessKeyId: 'AKIDEXAMPLE',
    secretAccessKey: 'wJalrXUtnFEMI/K7MDENG+bPxRfiCYEXAMPLEKEY',
  };
  const signedWith = (service: string, signedHeaders: string, signature: string) =>
    `AWS4-HMAC-SHA256 Credential=AKIDEXAMPLE/20150830/us-east-1/${service}/aws4_request, SignedHeaders=${signedHeaders}, Signature=${signature}`;

  test.each([
    [
      'ListUsers, of the IAM user guide',
      'iam',
      'GET https://iam.amazonaws.com/?Action=ListUsers&Version=2010-05-08',
      { 'content-type': 'application/x-www-form-urlencoded; charset=utf-8' },
      signedWith('iam', 'content-type;host;x-amz-date', '5d672d79c15b13162d9279b0855cfba6789a8edb4c82c400e06b5924a6f2b5d7'),
    ],
    [
      'get-vanilla, of the test suite',
      'service',
      'GET https://example.amazonaws.com/',
      {},
      signedWith('service', 'host;x-amz-date', '5fa00fa31553b73ebf1942676e86291e8372ff2a2260956d9b8aae1d763fbf31'),
    ],
    [
      'get-vanilla-query-order-key-case, of the test suite',
      'service',
      'GET https://example.amazonaws.com/?Param2=value2&Param1=value1',
      {},
      signedWith('service', 'host;x-amz-date', 'b97d918cfa904a5beff61c982a1b6f458b799221646efd99d3219ec94cdf2500'),
    ],
    [
      'post-vanilla, of the test suite',
      'service',
      'POST https://example.amazonaws.com/',
      {},
      signedWith('service', 'host;x-amz-date', '5da7c1a2acd57cee7505fc6676e4e544621c30862966e37dddb68e92efbe5d6b'),
    ],
  ])('%s', async (_, service, line, headers, authorization) => {
    vi.setSystemTime(Date.UTC(2015, 7, 30, 12, 36, 0));
    const [method = '', url = ''] = line.split(' ');
    const request = new Request(url, { method, headers: { ...headers, 'x-amz-date': '20150830T123600Z', authorization } });
    const scope = { service, regions: ['us-east-1'] };
    await expect(authenticate(request, new Uint8Array(), scope, createSessionStore(credential))).resolves.toMatchObject({
      isExpired: false,
    });
    await expect(authenticate(request, Uint8Array.of(0), scope, createSessionStore(credential))).rejects.toMatchObject({
      code: 'InvalidSignatureException',
    });
  });
});

describe('a request that is changed on its way', () => {
  test('is refused wherever one byte of what was signed differs', async () => {
    const { credential, send } = await given();
    const signed = await sign(credential, { body, headers: { 'x-amzn-sagemaker-inference-id': 'abc-123' } });
    const signedNames = Object.keys(signed.headers).filter((name) => name !== 'authorization' && name !== 'host');
    const place = fc.oneof(
      fc.record({ part: fc.constant('body' as const), at: fc.nat(body.length - 1) }),
      fc.record({ part: fc.constant('path' as const), at: fc.integer({ min: 1, max: signed.path.length - 1 }) }),
      fc
        .constantFrom(...signedNames)
        .chain((name) => fc.record({ part: fc.constant(name), at: fc.nat((signed.headers[name] ?? '').length - 1) })),
    );
    const alter = (text: string, at: number, by: string) => text.slice(0, at) + by + text.slice(at + 1);
    await fc.assert(
      fc.asyncProperty(place, fc.constantFrom(...'abcxyzABC019-'), async ({ part, at }, by) => {
        const before = part === 'body' ? signed.body : part === 'path' ? signed.path : (signed.headers[part] ?? '');
        fc.pre(before[at] !== by);
        const after = alter(before, at, by);
        const altered =
          part === 'body' || part === 'path' ? { ...signed, [part]: after } : withHeaders(signed, { [part]: after });
        const response = await send(altered);
        // A path that leads nowhere is answered before anyone asks who is calling.
        expect([403, ...(part === 'path' ? [404] : [])]).toContain(response.status);
      }),
      { numRuns: 400 },
    );
  });

  test('is refused when one digit of the signature differs', async () => {
    const { credential, send } = await given();
    const signed = await sign(credential, { body });
    const authorization = signed.headers.authorization ?? '';
    const start = authorization.length - 64;
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: 0, max: 63 }), fc.constantFrom(...'0123456789abcdefABCDEF'), async (digit, by) => {
        const at = start + digit;
        fc.pre(authorization[at] !== by);
        const changed = authorization.slice(0, at) + by + authorization.slice(at + 1);
        expect(await readRefusal(await send(withHeaders(signed, { authorization: changed })))).toEqual(MISMATCH);
      }),
    );
  });

  test('is refused when the list of signed headers has another case', async () => {
    const { credential, send } = await given();
    const signed = await sign(credential, { body });
    const authorization = (signed.headers.authorization ?? '').replace('content-type;', 'content-Type;');
    expect(authorization).not.toBe(signed.headers.authorization);
    expect(await readRefusal(await send(withHeaders(signed, { authorization })))).toEqual(MISMATCH);
  });

  test('is refused with any x-amz- header that is added to it, while one of x-amzn- may be', async () => {
    const { credential, send } = await given();
    const signed = await sign(credential, { body });
    const rest = fc.string({ unit: fc.constantFrom(...'abctrge-019'), minLength: 1, maxLength: 12 });
    await fc.assert(
      fc.asyncProperty(rest, fc.constantFrom('', 'x', 'SageMaker.ListModels'), async (name, value) => {
        fc.pre(signed.headers[`x-amz-${name}`] === undefined);
        expect(await readRefusal(await send(withHeaders(signed, { [`X-Amz-${name}`]: value })))).toEqual({
          ...MISMATCH,
          message: `'x-amz-${name}' must be a 'SignedHeader' in the AWS Authorization.`,
        });
        expect((await send(withHeaders(signed, { [`x-amzn-${name}`]: value }))).status).toBe(200);
      }),
    );
  });

  test.each(['x-amz-date', 'x-amz-security-token'])('is refused with %s added to it after it was signed', async (name) => {
    const { credential, send } = await given();
    const headers = { host: HOST, 'x-amz-date': DATE, 'x-amz-security-token': credential.sessionToken ?? '' };
    const { [name as keyof typeof headers]: value, ...others } = headers;
    const signed = signByHand(credential, { headers: others, body, date: DATE });
    expect(await readRefusal(await send(withHeaders(signed, { [name]: value })))).toMatchObject({
      ...MISMATCH,
      message: expect.stringContaining(`'${name}'`),
    });
  });

  test.each([
    ['another query', { path: `/endpoints/${ENDPOINT}/invocations?a=1` }, MISMATCH],
    ['another host', { headers: { host: 'elsewhere.test' } }, MISMATCH],
  ])('is refused with %s', async (_, change, expected) => {
    const { credential, send } = await given();
    const signed = await sign(credential, { body });
    const { headers = {}, ...rest } = change as Partial<Signed>;
    expect(await readRefusal(await send({ ...withHeaders(signed, headers), ...rest }))).toEqual(expected);
  });

  test('a body that the signer did not hash is refused, though its signature is right', async () => {
    const { refusal } = await given();
    expect(await refusal({ headers: { 'x-amz-content-sha256': 'UNSIGNED-PAYLOAD' } })).toEqual(MISMATCH);
  });
});

describe('a request that is not signed as it should be', () => {
  test.each([
    ['no authorization', undefined, 'MissingAuthenticationTokenException', 'Missing Authentication Token'],
    ['another scheme', 'Bearer abc', 'IncompleteSignatureException', expect.stringContaining('AWS4-HMAC-SHA256')],
    [
      'no parameters',
      'AWS4-HMAC-SHA256 ',
      'IncompleteSignatureException',
      "Authorization header requires 'Credential' parameter. Authorization header requires 'SignedHeaders' parameter. Authorization header requires 'Signature' parameter.",
    ],
    [
      'a short scope',
      'AWS4-HMAC-SHA256 Credential=AKIA/20261124/us-east-1, SignedHeaders=host, Signature=00',
      'IncompleteSignatureException',
      expect.stringContaining('exactly 5 slash-delimited elements'),
    ],
  ])('%s is refused', async (_, authorization, code, message) => {
    const { credential, send } = await given();
    const signed = withHeaders(await sign(credential, { body }), { authorization });
    expect(await readRefusal(await send(signed))).toEqual({ status: 403, code, message });
  });

  test.each([
    ['no date', undefined, /requires existence of either a 'X-Amz-Date'/],
    ['a date in another format', '2026-11-24T12:00:00Z', /Date must be in ISO-8601/],
    ['a day that is none', '20261341T120000Z', /Date must be in ISO-8601/],
  ])('%s is refused', async (_, date, message) => {
    const { credential, send } = await given();
    const signed = withHeaders(await sign(credential, { body }), { 'x-amz-date': date });
    expect(await readRefusal(await send(signed))).toEqual({
      status: 403,
      code: 'IncompleteSignatureException',
      message: expect.stringMatching(message),
    });
  });

  test.each([
    ['an unknown key', { accessKeyId: 'ASIAUNKNOWNUNKNOWNUN' }, INVALID_TOKEN],
    ['another session’s token', { sessionToken: mintSession().sessionToken }, INVALID_TOKEN],
    ['no session token', { sessionToken: undefined }, INVALID_TOKEN],
    ['another secret', { secretAccessKey: 'guessed' }, MISMATCH],
  ])('%s is refused', async (_, change, expected) => {
    const { credential, refusal } = await given();
    expect(await refusal({}, { ...credential, ...change } as AwsCredential)).toEqual(expected);
  });

  test.each([
    ['another region', { region: WEST }, `Credential should be scoped to a valid region, not '${WEST}'. `],
    ['another service', { service: 's3' }, "Credential should be scoped to correct service: 'sagemaker'. "],
    [
      'a clock that is slow',
      { atMs: NOW_MS - 301 * SECOND_MS },
      expect.stringMatching(
        /^Signature expired: 20261124T115459Z is now earlier than 20261124T115500Z \(20261124T120000Z - 5 min\.\)$/,
      ),
    ],
    [
      'a clock that is fast',
      { atMs: NOW_MS + 301 * SECOND_MS },
      expect.stringMatching(/^Signature not yet current: 20261124T120501Z is still later than 20261124T120500Z/),
    ],
  ])('%s is refused', async (_, toSign, message) => {
    const { refusal } = await given();
    expect(await refusal(toSign)).toEqual({ status: 403, code: 'InvalidSignatureException', message });
  });

  test.each([
    ['a scope of another day', /\/20261124\//, '/20261123/', /Date in Credential scope does not match/],
    ['a scope without its end', /aws4_request/, 'aws5_request', /valid terminator/],
    ['a host that is not signed', /;?host;?/, ';', /'Host' or ':authority' must be a 'SignedHeader'/],
  ])('%s is refused', async (_, pattern, by, message) => {
    const { credential, send } = await given();
    const signed = await sign(credential, { body });
    const authorization = (signed.headers.authorization ?? '').replace(pattern, by);
    expect(await readRefusal(await send(withHeaders(signed, { authorization })))).toEqual({
      status: 403,
      code: 'InvalidSignatureException',
      message: expect.stringMatching(message),
    });
  });

  test('no refusal repeats the secret, the token or the right signature', async () => {
    const { credential, send } = await given();
    const signed = await sign(credential, { body });
    const response = await send({ ...signed, body: `${body} ` });
    const text = JSON.stringify([await response.json(), [...response.headers]]);
    expect(text).not.toContain(credential.secretAccessKey);
    expect(text).not.toContain(credential.sessionToken);
    expect(text).not.toMatch(/[0-9a-f]{64}/);
  });
});
