import type { SigningRefusals } from '../signing-refusals.ts';
import { s3Error } from './answers.ts';

/**
 * How S3 refuses a signature.
 * Codes, statuses and words: those of moto 5.2.5, of S3's own answers in issue trackers (InvalidAccessKeyId: versity/versitygw issue 2042;
 * several HeadersNotSigned: apache/arrow-rs-object-store issue 484; AuthorizationHeaderMalformed with `Region`: JuliaServices/CloudStore.jl issue 52; InvalidToken: prachiFam/amazon_s3_cognito issue 3), and
 * "Error responses" of the S3 API reference; read November 2026. The words for a wrong service, terminator or day are as clients know them.
 */
const common: Pick<SigningRefusals, 'unknownKey' | 'wrongToken' | 'expiredToken' | 'mismatch' | 'headersNotSigned'> = {
  unknownKey: (AWSAccessKeyId) =>
    s3Error('InvalidAccessKeyId', 403, 'The AWS Access Key Id you provided does not exist in our records.', { AWSAccessKeyId }),
  wrongToken: (token) =>
    s3Error('InvalidToken', 400, 'The provided token is malformed or otherwise invalid.', { 'Token-0': token }),
  expiredToken: (token) => s3Error('ExpiredToken', 400, 'The provided token has expired.', { 'Token-0': token }),
  mismatch: ({ accessKeyId, signature }) =>
    s3Error(
      'SignatureDoesNotMatch',
      403,
      'The request signature we calculated does not match the signature you provided. Check your key and signing method.',
      { AWSAccessKeyId: accessKeyId, SignatureProvided: signature },
    ),
  headersNotSigned: (names) =>
    s3Error('AccessDenied', 403, 'There were headers present in the request which were not signed', {
      HeadersNotSigned: names.join(', '),
    }),
};

const scoped = (code: string, beginning: string): SigningRefusals => ({
  ...common,
  terminator: (given) => s3Error(code, 400, `${beginning} incorrect terminal "${given}". This endpoint uses "aws4_request".`),
  region: (given, expected) =>
    s3Error(code, 400, `${beginning} the region '${given}' is wrong; expecting '${expected}'`, { Region: expected }),
  service: (given, expected) =>
    s3Error(code, 400, `${beginning} incorrect service "${given}". This endpoint belongs to "${expected}".`),
  day: (day, date) =>
    s3Error(
      code,
      400,
      `${beginning} Invalid credential date "${day}". This date is not the same as X-Amz-Date: "${date.slice(0, 8)}".`,
    ),
});

export const HEADER_REFUSALS: SigningRefusals = scoped('AuthorizationHeaderMalformed', 'The authorization header is malformed;');

export const QUERY_REFUSALS: SigningRefusals = scoped(
  'AuthorizationQueryParametersError',
  'Error parsing the X-Amz-Credential parameter;',
);
