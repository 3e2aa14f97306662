import { frontEndError } from './errors.ts';

/** The `Authorization` header of Signature Version 4, taken apart. */
export interface Authorization {
  readonly accessKeyId: string;
  /** Day of the credential scope, `YYYYMMDD`. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  /** As the header has them, and in its order: names with capitals make another canonical request, whose signature is another one. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits, if the caller did it right. */
  readonly signature: string;
}

export const ALGORITHM = 'AWS4-HMAC-SHA256';
const PARAMETERS = ['Credential', 'SignedHeaders', 'Signature'] as const;

/** Names of headers as HTTP has them (RFC 9110, 5.6.2): no header can be looked up under anything else. */
const HEADER_NAMES = /^[\w!#$%&'*+.^`|~-]+(?:;[\w!#$%&'*+.^`|~-]+)*$/;

type Parameters = Readonly<Record<(typeof PARAMETERS)[number], string>>;

const incomplete = (message: string) => frontEndError('IncompleteSignatureException', message);

/** Empty where the header has none. A name that comes twice is refused: of two credentials one would go unchecked. @throws {AwsError} */
const parametersOf = (text: string): Parameters => {
  const parameters = { Credential: '', SignedHeaders: '', Signature: '' };
  for (const part of text.split(',')) {
    const [name, value] = splitOnce(part.trim(), '=');
    if (name !== 'Credential' && name !== 'SignedHeaders' && name !== 'Signature') continue;
    if (parameters[name] !== '') throw incomplete(`Authorization header requires one '${name}' parameter.`);
    parameters[name] = value;
  }
  return parameters;
};

/**
 * Of the header form. The presigned query form is S3's affair (`s3/presigned.ts`); at all other services it counts as unsigned.
 * The signature is never repeated in an error.
 * @throws {AwsError} `MissingAuthenticationTokenException`, `IncompleteSignatureException`
 */
export const parseAuthorization = (header: string | null): Authorization => {
  if (header === null) throw frontEndError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const [algorithm, rest] = splitOnce(header.trim(), ' ');
  if (algorithm !== ALGORITHM)
    throw incomplete(`Unsupported AWS 'algorithm': the Authorization header must begin with '${ALGORITHM}'.`);

  const { Credential, SignedHeaders, Signature } = parametersOf(rest);
  if (Credential === '' || SignedHeaders === '' || Signature === '') {
    const missing = PARAMETERS.filter((name) => ({ Credential, SignedHeaders, Signature })[name] === '');
    throw incomplete(missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' '));
  }

  const authorization = authorizationOf(Credential, SignedHeaders, Signature);
  if (authorization) return authorization;
  throw HEADER_NAMES.test(SignedHeaders)
    ? incomplete('Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.')
    : incomplete("Authorization header requires 'SignedHeaders' to be names of headers.");
};

/** @returns null where the credential has not its five parts, or the headers are none */
export const authorizationOf = (credential: string, headerNames: string, signature: string): Authorization | null => {
  const scope = credential.split('/');
  const [accessKeyId = '', day = '', region = '', service = '', terminator = ''] = scope;
  if (scope.length !== 5 || !HEADER_NAMES.test(headerNames)) return null;
  return { accessKeyId, day, region, service, terminator, signedHeaders: headerNames.split(';'), signature };
};

const splitOnce = (text: string, separator: string): [string, string] => {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
};
