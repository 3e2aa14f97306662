import { createHash, createSign } from 'node:crypto';
import fc from 'fast-check';
import common from 'oci-common';
import { afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { mintOcid } from '../../../mocks/oracle/ocid.ts';
import { createSigningKeys } from '../../../mocks/oracle/signature/signing-keys.ts';
import { type Signatory, verifySignature } from '../../../mocks/oracle/signature/verify.ts';
import { providerOf } from '../../support/oracle.ts';

const MINUTE_MS = 60_000;
const RUNS = { numRuns: 150 };

let signatory: Signatory;

beforeAll(async () => {
  signatory = { tenancy: mintOcid('tenancy'), user: mintOcid('user'), keys: await createSigningKeys() };
});

afterEach(() => {
  vi.useRealTimers();
});

/** A request as it arrives, before it is made one: parts that a test can change. */
interface Sent {
  readonly method: string;
  readonly url: string;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

const credential = () => {
  const { fingerprint, privateKey } = signatory.keys.published;
  return { tenancy: signatory.tenancy, user: signatory.user, fingerprint, privateKey };
};

/** Signs with Oracle's own signer. @param at the date that the request says it is signed at */
const sign = async (method: string, url: string, body: string, at = new Date()): Promise<Sent> => {
  const headers = new Headers({ 'x-date': at.toUTCString(), 'opc-request-id': 'not-signed' });
  await new common.DefaultRequestSigner(providerOf(credential())).signHttpRequest({
    method: method as common.Method,
    uri: url,
    headers,
    ...(body === '' ? {} : { body }),
  });
  return { method, url, headers: Object.fromEntries(headers), body };
};

const judge = async ({
  method,
  url,
  headers,
  body,
}: Sent): Promise<'good' | { readonly status: number; readonly message: string }> => {
  // The body is looked at as bytes; a request that is constructed takes none for GET.
  const request = new Request(url, { method, headers });
  return verifySignature(request, new TextEncoder().encode(body), signatory).then(
    () => 'good' as const,
    (error: { readonly status: number; readonly message: string }) => error,
  );
};

const segment = fc.stringMatching(/^[A-Za-z0-9._-]{1,20}$/).filter((text) => !/^\.+$/.test(text));
const requests = fc.record({
  method: fc.constantFrom('GET', 'POST', 'PUT', 'DELETE'),
  url: fc
    .tuple(fc.array(segment, { maxLength: 4 }), fc.array(fc.tuple(segment, fc.string({ maxLength: 12 })), { maxLength: 3 }))
    .map(
      ([path, query]) =>
        `http://iaas.us-ashburn-1.oraclecloud.com/${path.join('/')}${query.length > 0 ? `?${new URLSearchParams(query)}` : ''}`,
    ),
  body: fc.string({ unit: 'grapheme', maxLength: 60 }),
});

const signedRequests = requests.map(({ method, url, body }) => ({
  method,
  url,
  body: ['POST', 'PUT'].includes(method) ? body : '',
}));

/** Another character at a place of a text. */
const change = (text: string, at: number): string => {
  const place = at % text.length;
  return text.slice(0, place) + (text[place] === 'A' ? 'B' : 'A') + text.slice(place + 1);
};

const signatureOf = ({ headers }: Sent): string => /signature="([^"]+)"/.exec(headers.authorization ?? '')?.[1] ?? '';

const signedNamesOf = ({ headers }: Sent): readonly string[] =>
  (/headers="([^"]+)"/.exec(headers.authorization ?? '')?.[1] ?? '')
    .toLowerCase()
    .split(' ')
    .filter((name) => name !== '(request-target)');

describe('what Oracle’s signer signs', () => {
  test('is let in', async () => {
    await fc.assert(
      fc.asyncProperty(signedRequests, async ({ method, url, body }) => {
        expect(await judge(await sign(method, url, body))).toBe('good');
      }),
      RUNS,
    );
  });

  test('is let in up to five minutes from its date, and not a second more', async () => {
    const nowMs = Date.UTC(2026, 10, 25, 12);
    vi.useFakeTimers({ toFake: ['Date'], now: nowMs });
    await fc.assert(
      fc.asyncProperty(fc.integer({ min: -3600, max: 3600 }), async (offsetS) => {
        const verdict = await judge(await sign('GET', 'http://host/20160918/instances', '', new Date(nowMs + offsetS * 1000)));
        if (Math.abs(offsetS) <= 300) expect(verdict).toBe('good');
        else
          expect(verdict).toMatchObject({
            status: 401,
            message: expect.stringContaining('is not within allowed clock skew. Current'),
          });
      }),
      RUNS,
    );
    for (const offsetMs of [-5 * MINUTE_MS, 5 * MINUTE_MS]) {
      const at = new Date(nowMs + offsetMs);
      expect(await judge(await sign('GET', 'http://host/a', '', at))).toBe('good');
      expect(
        await judge(await sign('GET', 'http://host/a', '', new Date(at.getTime() + Math.sign(offsetMs) * 1000))),
      ).toMatchObject({ status: 401 });
    }
  });
});

describe('what was tampered with', () => {
  test('in any byte of its signature is refused', async () => {
    await fc.assert(
      fc.asyncProperty(signedRequests, fc.nat(), async ({ method, url, body }, at) => {
        const sent = await sign(method, url, body);
        const signature = signatureOf(sent);
        const authorization = sent.headers.authorization?.replace(signature, () => change(signature, at)) ?? '';
        expect(await judge({ ...sent, headers: { ...sent.headers, authorization } })).toMatchObject({ status: 401 });
      }),
      RUNS,
    );
  });

  test('in any byte of its signed headers is refused', async () => {
    await fc.assert(
      fc.asyncProperty(signedRequests, fc.nat(), fc.nat(), async ({ method, url, body }, of, at) => {
        const sent = await sign(method, url, body);
        const names = signedNamesOf(sent);
        const name = names[of % names.length] ?? '';
        const value = change(sent.headers[name] ?? '', at);
        expect(await judge({ ...sent, headers: { ...sent.headers, [name]: value } })).toMatchObject({ status: 401 });
      }),
      RUNS,
    );
  });

  test('in its body, by a byte or by more, is refused', async () => {
    await fc.assert(
      fc.asyncProperty(signedRequests, fc.string({ minLength: 1, maxLength: 5 }), async ({ url, body }, more) => {
        const sent = await sign('POST', url, body);
        expect(await judge({ ...sent, body: body + more })).toMatchObject({ status: 401 });
        if (body !== '') expect(await judge({ ...sent, body: change(body, 0) })).toMatchObject({ status: 401 });
      }),
      RUNS,
    );
  });

  test('in its method, path or query is refused', async () => {
    await fc.assert(
      fc.asyncProperty(signedRequests, async ({ method, url, body }) => {
        const sent = await sign(method, url, body);
        expect(await judge({ ...sent, method: method === 'GET' ? 'DELETE' : 'GET' })).toMatchObject({ status: 401 });
        expect(await judge({ ...sent, url: url.replace('.com/', '.com/other') })).toMatchObject({ status: 401 });
        expect(await judge({ ...sent, url: `${url}${url.includes('?') ? '&' : '?'}a=b` })).toMatchObject({ status: 401 });
      }),
      RUNS,
    );
  });

  test('in any byte of its authorization is refused', async () => {
    await fc.assert(
      fc.asyncProperty(signedRequests, fc.nat(), fc.integer({ min: 33, max: 126 }), async ({ method, url, body }, of, code) => {
        const sent = await sign(method, url, body);
        const { authorization = '' } = sent.headers;
        const at = of % authorization.length;
        const character = String.fromCharCode(code);
        fc.pre(authorization[at] !== character);
        const changed = authorization.slice(0, at) + character + authorization.slice(at + 1);
        expect(await judge({ ...sent, headers: { ...sent.headers, authorization: changed } })).toMatchObject({ status: 401 });
      }),
      { numRuns: 500 },
    );
  });
});

/** Signs by hand, as clients in other languages do: names of headers in any order, `date` for `x-date`. */
const signBy = (names: readonly string[], sent: Sent, { algorithm = 'rsa-sha256', version = '1' } = {}): Sent => {
  const { pathname, search } = new URL(sent.url);
  const text = names
    .map(
      (name) =>
        `${name}: ${name === '(request-target)' ? `${sent.method.toLowerCase()} ${pathname}${search}` : sent.headers[name]}`,
    )
    .join('\n');
  const signature = createSign('RSA-SHA256').update(text).sign(credential().privateKey, 'base64');
  const keyId = `${signatory.tenancy}/${signatory.user}/${credential().fingerprint}`;
  const authorization = `Signature algorithm="${algorithm}",headers="${names.join(' ')}",keyId="${keyId}",signature="${signature}",version="${version}"`;
  return { ...sent, headers: { ...sent.headers, authorization } };
};

describe('requests that clients in other languages sign', () => {
  const body = '{"shape":"VM.Standard2.1"}';
  const post: Sent = {
    method: 'POST',
    url: 'http://host/20160918/instances?a=b',
    headers: {
      host: 'host',
      'content-type': 'application/json',
      'content-length': `${body.length}`,
      'x-content-sha256': createHash('sha256').update(body).digest('base64'),
    },
    body,
  };
  const dated = (): Sent => ({ ...post, headers: { ...post.headers, date: new Date().toUTCString() } });
  const ALL = ['date', '(request-target)', 'host', 'content-length', 'content-type', 'x-content-sha256'];

  test('are let in, with their headers in any order', async () => {
    await fc.assert(
      fc.asyncProperty(fc.shuffledSubarray(ALL, { minLength: ALL.length }), async (names) => {
        expect(await judge(signBy(names, dated()))).toBe('good');
      }),
      { numRuns: 30 },
    );
  });

  test.each(ALL)('are refused where %s is not signed', async (left) => {
    expect(
      await judge(
        signBy(
          ALL.filter((name) => name !== left),
          dated(),
        ),
      ),
    ).toMatchObject({ status: 401 });
  });

  test('are refused for another algorithm or version, a header twice, a digest that is not the body’s, and no date', async () => {
    expect(await judge(signBy(ALL, dated(), { algorithm: 'hmac-sha256' }))).toMatchObject({ status: 401 });
    expect(await judge(signBy(ALL, dated(), { version: '2' }))).toMatchObject({ status: 401 });
    expect(await judge(signBy([...ALL, 'host'], dated()))).toMatchObject({ status: 401 });
    const lying = dated();
    expect(await judge(signBy(ALL, { ...lying, headers: { ...lying.headers, 'x-content-sha256': 'AAAA' } }))).toMatchObject({
      status: 401,
    });
    expect(await judge(signBy(ALL, { ...lying, headers: { ...lying.headers, date: 'today' } }))).toMatchObject({ status: 401 });
    expect(await judge(dated())).toMatchObject({ status: 401 });
  });
});

test('a fingerprint is the MD5 of the public key, as openssl has it', () => {
  const { publicKey, privateKey, fingerprint } = signatory.keys.published;
  expect(privateKey).toMatch(/^-----BEGIN PRIVATE KEY-----/);
  return crypto.subtle.exportKey('spki', publicKey).then((der) => {
    const digest = createHash('md5').update(new Uint8Array(der)).digest('hex');
    expect(fingerprint.replaceAll(':', '')).toBe(digest);
  });
});
