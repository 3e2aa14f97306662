/** The parameters of an `Authorization: Signature` header. */
export interface SignatureParameters {
  readonly keyId: string;
  /** Names of what was signed, in that order, lower case. */
  readonly headers: readonly string[];
  /** Base64. */
  readonly signature: string;
}

const PARAMETERS = /^(?:[a-zA-Z]+="[^"]*")(?: *, *[a-zA-Z]+="[^"]*")*$/;
const PARAMETER = /([a-zA-Z]+)="([^"]*)"/g;
const NAMES = ['version', 'keyId', 'algorithm', 'headers', 'signature'];

/** The draft has the names of headers in lower case; Oracle's own SDK for TypeScript writes these two as it sends them. */
const OWN_SPELLINGS: ReadonlyMap<string, string> = new Map([
  ['Content-Type', 'content-type'],
  ['Content-Length', 'content-length'],
]);

const readHeaders = (text: string): readonly string[] | undefined => {
  const names = text.split(' ').map((name) => OWN_SPELLINGS.get(name) ?? name);
  return names.every((name) => name === name.toLowerCase()) && new Set(names).size === names.length ? names : undefined;
};

/**
 * Reads the header as version 1 of Oracle's HTTP signatures has it (draft-cavage-http-signatures-08).
 * @returns undefined for what is not one: another scheme, version or algorithm, a parameter that is unknown, missing or there twice
 */
export const parseAuthorization = (authorization: string | null): SignatureParameters | undefined => {
  const [, text = ''] = /^Signature +(.+)$/.exec(authorization ?? '') ?? [];
  if (!PARAMETERS.test(text)) return undefined;
  const entries = [...text.matchAll(PARAMETER)].map(([, name = '', value = '']) => [name, value] as const);
  const parameters = new Map(entries);
  if (parameters.size !== entries.length || !NAMES.every((name) => parameters.has(name)) || parameters.size > NAMES.length) {
    return undefined;
  }
  if (parameters.get('version') !== '1' || parameters.get('algorithm') !== 'rsa-sha256') return undefined;
  const headers = readHeaders(parameters.get('headers') ?? '');
  return headers && { keyId: parameters.get('keyId') ?? '', headers, signature: parameters.get('signature') ?? '' };
};
