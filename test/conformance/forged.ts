import { createHmac } from 'node:crypto';
import fc from 'fast-check';
import type { Recorded } from './recorder.ts';

/** A request whose credential is none of the cloud's. */
export interface Forged {
  readonly request: Recorded;
  /** What was done to it, for the message of a test that fails. */
  readonly what: string;
}

/** Headers that show who asks, beside what signs the request. */
const HEADERS = [
  'authorization',
  'ocp-apim-subscription-key',
  'x-goog-api-key',
  'x-aws-ec2-metadata-token',
  'x-amz-security-token',
];

/** Fields of forms by which a token is asked for. */
const FIELDS = ['assertion', 'client_secret', 'apikey', 'refresh_token'];

/** Where in a request a secret stands. */
export type SecretPlace =
  | { readonly in: 'header'; readonly name: string; readonly prefix: string; readonly secret: string }
  | { readonly in: 'form'; readonly name: string; readonly secret: string };

const formOf = ({ headers, body }: Recorded): URLSearchParams | null =>
  (headers['content-type'] ?? '').startsWith('application/x-www-form-urlencoded')
    ? new URLSearchParams(new TextDecoder().decode(body))
    : null;

/** Every place of a request where a secret, a token or a signature stands. */
export const secretsOf = (request: Recorded): readonly SecretPlace[] => {
  const form = formOf(request);
  return [
    ...HEADERS.flatMap((name): readonly SecretPlace[] => {
      const value = request.headers[name];
      if (value === undefined) return [];
      const [, prefix = '', secret = ''] = /^((?:Bearer|Basic) +)?(.*)$/i.exec(value) ?? [];
      return [{ in: 'header', name, prefix, secret }];
    }),
    ...FIELDS.flatMap((name): readonly SecretPlace[] => {
      const secret = form?.get(name);
      return secret ? [{ in: 'form', name, secret }] : [];
    }),
  ];
};

const withSecret = (request: Recorded, place: SecretPlace, secret: string): Recorded => {
  if (place.in === 'header') return { ...request, headers: { ...request.headers, [place.name]: place.prefix + secret } };
  const form = formOf(request)!;
  form.set(place.name, secret);
  const body = new TextEncoder().encode(form.toString());
  const { 'content-length': _, ...headers } = request.headers;
  return { ...request, headers, body };
};

const without = (request: Recorded, place: SecretPlace): Recorded => {
  if (place.in === 'form') return withSecret(request, place, '');
  const { [place.name]: _, ...headers } = request.headers;
  return { ...request, headers };
};

const VISIBLE = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_+/=.~!';

const base64url = (text: string): string => Buffer.from(text).toString('base64url');

/** Tokens that a careless verifier takes: other claims under the old signature, no signature, a symmetric one, another's. */
const jwtForgeries = (token: string): readonly (readonly [string, string])[] => {
  const [head = '', payload = '', signature = ''] = token.split('.');
  let claims: Record<string, unknown>;
  let header: Record<string, unknown>;
  try {
    header = JSON.parse(Buffer.from(head, 'base64url').toString());
    claims = JSON.parse(Buffer.from(payload, 'base64url').toString());
  } catch {
    return [];
  }
  const written = (of: object) => base64url(JSON.stringify(of));
  const later = written({ ...claims, exp: Number(claims.exp ?? 0) + 3600 });
  const none = (alg: string) => `${written({ ...header, alg })}.${payload}.`;
  const symmetric = `${written({ ...header, alg: 'HS256' })}.${payload}`;
  return [
    [`${head}.${later}.${signature}`, 'a token that ends later'],
    [
      `${head}.${written({ ...claims, roles: ['admin'], scope: 'https://www.googleapis.com/auth/cloud-platform' })}.${signature}`,
      'other claims',
    ],
    [`${written({ ...header, kid: 'another' })}.${payload}.${signature}`, 'another key id'],
    [none('none'), 'no algorithm'],
    [none('None'), 'no algorithm, in other letters'],
    [none('RS256'), 'no signature'],
    [`${symmetric}.${createHmac('sha256', 'secret').update(symmetric).digest('base64url')}`, 'a symmetric signature'],
    [`${head}.${payload}`, 'two parts'],
    [`${token}.${signature}`, 'four parts'],
    [`${token}=`, 'padding'],
  ];
};

/** A character of a secret in another's place, one lost, one put in, the secret cut off, doubled or left out. */
export const forged = (request: Recorded, places: readonly SecretPlace[]): fc.Arbitrary<Forged> => {
  const of = (place: SecretPlace): fc.Arbitrary<Forged> => {
    const { secret, name } = place;
    const done = (changed: string, what: string): Forged => ({
      request: withSecret(request, place, changed),
      what: `${name}: ${what}`,
    });
    const at = fc.nat({ max: Math.max(0, secret.length - 1) });
    const letter = fc.constantFrom(...VISIBLE);
    return fc.oneof(
      {
        weight: 6,
        arbitrary: fc
          .tuple(at, letter)
          .filter(([where, to]) => secret[where] !== to)
          .map(([where, to]) => done(secret.slice(0, where) + to + secret.slice(where + 1), `character ${where} is ${to}`)),
      },
      {
        weight: 2,
        arbitrary: fc
          .tuple(at, letter)
          .map(([where, more]) => done(secret.slice(0, where) + more + secret.slice(where), `${more} put in at ${where}`))
          .filter(({ request: made }) => secretsOf(made).some((one) => one.name === name && one.secret !== secret)),
      },
      { weight: 2, arbitrary: at.map((where) => done(secret.slice(0, where), `cut off at ${where}`)) },
      { weight: 1, arbitrary: fc.constant(done(secret + secret, 'doubled')) },
      { weight: 1, arbitrary: fc.constant({ request: without(request, place), what: `${name}: left out` }) },
      {
        weight: 1,
        arbitrary: fc
          .stringMatching(/^[A-Za-z0-9_.-]{1,60}$/)
          .filter((other) => other !== secret)
          .map((other) => done(other, 'another')),
      },
    );
  };
  const forgeries = places.flatMap((place) =>
    jwtForgeries(place.secret).map(
      ([token, what]): Forged => ({ request: withSecret(request, place, token), what: `${place.name}: ${what}` }),
    ),
  );
  return fc.oneof(...places.map(of), ...(forgeries.length > 0 ? [fc.constantFrom(...forgeries)] : []));
};
