import fc from 'fast-check';
import { SignJWT } from 'jose';
import { beforeAll, expect, it } from 'vitest';
import { mintHostile } from '../../../../harness/identity/hostile-tokens.ts';
import { callerId } from '../../../../harness/identity/names.ts';
import { identityConfigOf, mintIdentity, type RunIdentity } from '../../../../harness/identity/run-identity.ts';
import { referenceDesign } from '../../../../harness/serving/design/reference.ts';
import { guardOf } from '../../../../harness/serving/identity/admit.ts';
import type { Guard } from '../../../../harness/serving/identity/guard.ts';
import { guardGrpc } from '../../../../harness/serving/identity/guard-grpc.ts';
import { askedAtDoor, guardHttp } from '../../../../harness/serving/identity/guard-http.ts';
import { createIssuer, type Issuer } from '../../../../mocks/identity/issuer.ts';
import { makeSigningJwk } from '../../../../mocks/identity/signing-keys.ts';

const load = { model: 'digits' };
const PREDICT = { action: 'predict', model: 'digits' } as const;
const RUNS = 3000;

let identity: RunIdentity;
let issuer: Issuer;
let guard: Guard;
let good: string;

const fetchToken = async (): Promise<string> => {
  const { id, secret } = identity.directory.clients.find((client) => client.id === callerId(''))!;
  const response = await issuer.fetch(
    new Request('http://identity.test/token', {
      method: 'POST',
      headers: { authorization: `Basic ${btoa(`${id}:${secret}`)}`, 'content-type': 'application/x-www-form-urlencoded' },
      body: 'grant_type=client_credentials',
    }),
  );
  return ((await response.json()) as { access_token: string }).access_token;
};

beforeAll(async () => {
  const keys = await Promise.all(Array.from({ length: 3 }, makeSigningJwk));
  identity = mintIdentity(load, { keys, secret: (id) => `secret of ${id}`.replaceAll(' ', '-') });
  issuer = await createIssuer(identity.directory);
  guard = guardOf({ design: referenceDesign, identity: identityConfigOf(identity, 'http://identity.test') }, (input, init) =>
    issuer.fetch(new Request(input, init)),
  );
  await guard.warm();
  good = await fetchToken();
});

const isLetIn = async (authorization: string | null): Promise<boolean> => {
  try {
    await guard.admit({ authorization }, PREDICT);
    return true;
  } catch {
    return false;
  }
};

it('lets in whose token is right', async () => {
  expect(await isLetIn(`Bearer ${good}`)).toBe(true);
  expect(await isLetIn(`bearer ${good}`)).toBe(true);
});

it('lets nobody in with a token of which any character was changed', async () => {
  const letter = fc.constantFrom(...'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ ');
  await fc.assert(
    fc.asyncProperty(fc.nat(good.length - 1), letter, async (at, other) => {
      fc.pre(good[at] !== other);
      return !(await isLetIn(`Bearer ${good.slice(0, at)}${other}${good.slice(at + 1)}`));
    }),
    { numRuns: RUNS },
  );
});

it('lets nobody in with a header that holds more, less or something else than one token', async () => {
  const others = [
    `Bearer ${good}, Bearer ${good}`,
    good,
    `Basic ${good}`,
    `Bearer  ${good}`,
    `Bearer ${good} `,
    `Bearer ${good}.`,
    'Bearer ',
  ];
  for (const header of [null, '', ...others, `Bearer ${good}${'A'.repeat(10_000)}`])
    expect(await isLetIn(header), String(header)).toBe(false);
});

it('lets nobody in with claims or headers of which one was made up, whoever signed', async () => {
  const [, payload = ''] = good.split('.');
  const claims = JSON.parse(atob(payload.replaceAll('-', '+').replaceAll('_', '/'))) as Record<string, unknown>;
  const secret = new TextEncoder().encode(JSON.stringify(identity.directory.keys[0]));
  await fc.assert(
    fc.asyncProperty(
      fc.constantFrom(...Object.keys(claims)),
      fc.jsonValue(),
      fc.constantFrom('HS256', 'HS384', 'HS512'),
      fc.constantFrom('../../etc/passwd', "' or 1=1", '', 'x'.repeat(200), String(claims.jti)),
      fc.constantFrom('jku', 'x5u', 'jwk', 'x5c', 'crit', 'none'),
      async (claim, value, alg, kid, part) => {
        const token = await new SignJWT({ ...claims, [claim]: value })
          .setProtectedHeader({
            alg,
            typ: 'at+jwt',
            kid,
            ...(part === 'none' || part === 'crit' ? {} : { [part]: 'https://thief.test/' }),
          })
          .sign(secret);
        return !(await isLetIn(`Bearer ${token}`));
      },
    ),
    { numRuns: RUNS },
  );
});

it('refuses each of the credentials that runs try, at the doors of HTTP and gRPC', async () => {
  const http = guardHttp(async () => Response.json({}), guard, askedAtDoor(false));
  const method = {
    name: 'ModelInfer',
    isServerStreaming: false,
    async *call() {
      yield new Uint8Array();
    },
  };
  const [grpc] = guardGrpc({ name: 'inference.GRPCInferenceService', methods: [method] }, guard, false).methods;
  const hostile = await mintHostile(identity, load, Date.now());
  const unknown = hostile.filter(({ kind }) => kind !== 'no-privilege' && kind !== 'other-model');
  expect(unknown.length).toBeGreaterThan(10);
  for (const { kind, authorization } of unknown) {
    const headers: Record<string, string> = authorization === undefined ? {} : { authorization };
    for (const path of [
      '/v2',
      '/v2/health/live',
      '/v2/models/digits/infer',
      '/graphql',
      '/nowhere',
      '/v2/health/live?access_token=x',
    ]) {
      expect((await http(new Request(`http://gateway.test${path}`, { headers }))).status, `${kind} ${path}`).toBe(401);
    }
    await expect(
      grpc!
        .call({ metadata: headers } as never)
        [Symbol.asyncIterator]()
        .next(),
      kind,
    ).rejects.toThrow();
  }
  for (const { kind, authorization } of hostile) expect(await isLetIn(authorization ?? null), kind).toBe(false);
});
