import { frontEndError } from './errors.ts';

/** The `Authorization` header of Signature Version 4, taken apart. */
export interface Authorization {
  readonly accessKeyId: string;
  /** Day of the credential scope, `YYYYMMDD`. */
  readonly day: string;
  readonly region: string;
  readonly service: string;
  readonly terminator: string;
  /** Lower case, in the header's order. */
  readonly signedHeaders: readonly string[];
  /** 64 hexadecimal digits, if the caller did it right. */
  readonly signature: string;
}

const ALGORITHM = 'AWS4-HMAC-SHA256';
const PARAMETERS = ['Credential', 'SignedHeaders', 'Signature'] as const;

const incomplete = (message: string) => frontEndError('IncompleteSignatureException', message);

/**
 * Only the header form is taken; the presigned query form, which no SDK uses for these services, counts as unsigned.
 * The signature is never repeated in an error.
 * @throws {AwsError} `MissingAuthenticationTokenException`, `IncompleteSignatureException`
 */
export const parseAuthorization = (header: string | null): Authorization => {
  if (header === null) throw frontEndError('MissingAuthenticationTokenException', 'Missing Authentication Token');
  const [algorithm, rest] = splitOnce(header.trim(), ' ');
  if (algorithm !== ALGORITHM)
    throw incomplete(`Unsupported AWS 'algorithm': the Authorization header must begin with '${ALGORITHM}'.`);

  const parameters = new Map(rest.split(',').map((part) => splitOnce(part.trim(), '=')));
  const missing = PARAMETERS.filter((name) => !parameters.get(name));
  if (missing.length > 0) throw incomplete(missing.map((name) => `Authorization header requires '${name}' parameter.`).join(' '));

  const scope = (parameters.get('Credential') ?? '').split('/');
  const [accessKeyId = '', day = '', region = '', service = '', terminator = ''] = scope;
  if (scope.length !== 5) {
    throw incomplete('Credential must have exactly 5 slash-delimited elements, e.g. keyid/date/region/service/term.');
  }
  return {
    accessKeyId,
    day,
    region,
    service,
    terminator,
    signedHeaders: (parameters.get('SignedHeaders') ?? '').toLowerCase().split(';'),
    signature: parameters.get('Signature') ?? '',
  };
};

const splitOnce = (text: string, separator: string): [string, string] => {
  const at = text.indexOf(separator);
  return at === -1 ? [text, ''] : [text.slice(0, at), text.slice(at + separator.length)];
};
