import type { Authorization } from './authorization.ts';
import { type AwsError, frontEndError } from './errors.ts';

/** How a signature is refused: the front end that services share has its words, S3 has others. */
export interface SigningRefusals {
  unknownKey(accessKeyId: string): AwsError;
  /** A token that is not the key's, or none where it has one. */
  wrongToken(token: string): AwsError;
  expiredToken(token: string): AwsError;
  mismatch(authorization: Pick<Authorization, 'accessKeyId' | 'signature'>): AwsError;
  terminator(given: string): AwsError;
  region(given: string, expected: string): AwsError;
  service(given: string, expected: string): AwsError;
  /** @param day of the scope, `YYYYMMDD` @param date ISO 8601 basic format */
  day(day: string, date: string): AwsError;
  /** @param names in lower case, those of headers that came and have to be signed: at least one, the host first where it is among them */
  headersNotSigned(names: readonly string[]): AwsError;
}

const invalidSignature = (message: string) => frontEndError('InvalidSignatureException', message);
const invalidToken = () => frontEndError('UnrecognizedClientException', 'The security token included in the request is invalid.');

/**
 * Names and words as services of the JSON protocols send them; those of Query have other names for the same.
 * That each `x-amz-` header has to be signed is the IAM user guide's word ("Create a signed AWS API request", read November 2026); how its
 * lack is refused was seen for the host alone, and is taken to be the same.
 */
export const FRONT_END_REFUSALS: SigningRefusals = {
  unknownKey: invalidToken,
  wrongToken: invalidToken,
  expiredToken: () => frontEndError('ExpiredTokenException', 'The security token included in the request is expired'),
  mismatch: () =>
    invalidSignature(
      'The request signature we calculated does not match the signature you provided. ' +
        'Check your AWS Secret Access Key and signing method. Consult the service documentation for details.',
    ),
  terminator: (given) => invalidSignature(`Credential should be scoped with a valid terminator: 'aws4_request', not '${given}'.`),
  region: (given) => invalidSignature(`Credential should be scoped to a valid region, not '${given}'. `),
  service: (_given, expected) => invalidSignature(`Credential should be scoped to correct service: '${expected}'. `),
  day: (day, date) =>
    invalidSignature(
      `Date in Credential scope does not match YYYYMMDD from ISO-8601 version of date from HTTP: '${day}' != '${date.slice(0, 8)}', from '${date}'.`,
    ),
  headersNotSigned: ([name = '']) =>
    invalidSignature(
      `${name === 'host' ? "'Host' or ':authority'" : `'${name}'`} must be a 'SignedHeader' in the AWS Authorization.`,
    ),
};
