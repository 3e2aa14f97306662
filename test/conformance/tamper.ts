import fc from 'fast-check';
import type { Recorded } from './recorder.ts';

/** A signed request after somebody has changed one byte of it. */
export interface Tampered {
  readonly request: Recorded;
  /** What was changed, for the message of a test that fails. */
  readonly what: string;
}

/** What of a request a scheme protects. */
export interface SignedParts {
  /** Name of the header that carries the signature. */
  readonly signatureHeader: string;
  /** Names of the headers that the signature is over, lower case. */
  readonly signedHeaders: readonly string[];
}

/** AWS Signature Version 4, of the list in its own header. */
export const sigv4Parts = ({ headers }: Recorded): SignedParts => ({
  signatureHeader: 'authorization',
  signedHeaders: (/SignedHeaders=([^,]+)/.exec(headers.authorization ?? '')?.[1] ?? '').split(';').filter(Boolean),
});

/** Oracle's HTTP signatures, of the list in their own header; `(request-target)` is no header. */
export const ociSignatureParts = ({ headers }: Recorded): SignedParts => ({
  signatureHeader: 'authorization',
  signedHeaders: (/headers="([^"]+)"/.exec(headers.authorization ?? '')?.[1] ?? '')
    .split(' ')
    .filter((name) => name !== '' && !name.startsWith('(')),
});

/** Printable ASCII without the space, which canonical forms may collapse, and without what ends a path. */
const FIRST = '!'.charCodeAt(0);
const LAST = '~'.charCodeAt(0);
const VISIBLE = LAST - FIRST + 1;

/** Another printable character in the place of one, never the same. */
const otherCharacter = (text: string, at: number, step: number): string => {
  const code = text.charCodeAt(at);
  const base = code >= FIRST && code <= LAST ? code - FIRST : 0;
  const other = String.fromCharCode(FIRST + ((base + 1 + (step % (VISIBLE - 1))) % VISIBLE));
  return text.slice(0, at) + other + text.slice(at + 1);
};

const place = (length: number) => fc.nat({ max: Math.max(0, length - 1) });
const step = fc.nat({ max: VISIBLE - 2 });

const tamperedHeader = (request: Recorded, name: string): fc.Arbitrary<Tampered> => {
  const value = request.headers[name] ?? '';
  return fc.tuple(place(value.length), step).map(([at, by]) => ({
    request: { ...request, headers: { ...request.headers, [name]: value === '' ? 'x' : otherCharacter(value, at, by) } },
    what: `header ${name}, character ${at}`,
  }));
};

const tamperedBody = (request: Recorded): fc.Arbitrary<Tampered> =>
  request.body.length === 0
    ? fc.uint8Array({ minLength: 1, maxLength: 8 }).map((body) => ({ request: { ...request, body }, what: 'body, put there' }))
    : fc.tuple(place(request.body.length), fc.integer({ min: 1, max: 255 })).map(([at, mask]) => {
        const body = Uint8Array.from(request.body);
        body[at]! ^= mask;
        return { request: { ...request, body }, what: `body, byte ${at}` };
      });

/** Letters and digits for others: what else there is could mean the same in a path. */
const tamperedPath = (request: Recorded): fc.Arbitrary<Tampered> =>
  fc.constantFrom('x', '?x=1', '/x').map((more) => ({
    request: { ...request, path: request.path + (more.startsWith('?') && request.path.includes('?') ? '&x=1' : more) },
    what: `path, ${more} at its end`,
  }));

/** The request with one byte changed: of the signature's header, of a header that it is over, of the body, or of the path. */
export const tampered = (request: Recorded, { signatureHeader, signedHeaders }: SignedParts): fc.Arbitrary<Tampered> =>
  fc.oneof(
    tamperedHeader(request, signatureHeader),
    ...signedHeaders.filter((name) => request.headers[name] !== undefined).map((name) => tamperedHeader(request, name)),
    // A GET or HEAD can carry none.
    ...(request.method === 'GET' || request.method === 'HEAD' ? [] : [tamperedBody(request)]),
    tamperedPath(request),
  );
