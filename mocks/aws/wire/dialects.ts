import type { QueryDialect, QueryError } from './query-protocol.ts';

const NOT_VALIDATED: QueryError = {
  code: 'AuthFailure',
  status: 401,
  message: 'AWS was not able to validate the provided access credentials',
};

/**
 * EC2 names its errors by itself.
 * Source: EC2 developer guide, "Error codes for the Amazon EC2 API" (codes; of statuses that client errors have 400s, server errors 500s; read
 * November 2026), and answers in issue trackers (aws-sdk-java-v2 issue 2981, aws-sdk-go pull request 253 for expired sessions).
 */
export const EC2_DIALECT: QueryDialect = {
  version: '2016-11-15',
  item: 'item',
  errors: {
    InvalidSignatureException: NOT_VALIDATED,
    UnrecognizedClientException: NOT_VALIDATED,
    ExpiredTokenException: { code: 'RequestExpired', status: 400, message: 'Request has expired.' },
    MissingAuthenticationTokenException: {
      code: 'MissingAuthenticationToken',
      status: 403,
      message: 'Request is missing Authentication Token',
    },
    IncompleteSignatureException: { code: 'IncompleteSignature', status: 400 },
    AccessDeniedException: {
      code: 'UnauthorizedOperation',
      status: 403,
      message: (words) => `You are not authorized to perform this operation. ${words}.`,
    },
    ThrottlingException: { code: 'RequestLimitExceeded', status: 503, message: 'Request limit exceeded.' },
    UnknownOperationException: { code: 'InvalidAction', status: 400, message: 'The action is not valid for this web service.' },
    InternalFailure: { code: 'InternalError', status: 500, message: 'An internal error has occurred' },
    ServiceUnavailable: {
      code: 'Unavailable',
      status: 503,
      message: 'The service is unavailable. Please try again shortly.',
    },
  },
  wrap: (operation, xml, requestId) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<${operation}Response xmlns="http://ec2.amazonaws.com/doc/2016-11-15/">` +
    `<requestId>${requestId}</requestId>${xml}</${operation}Response>`,
  wrapError: (code, message, _isCallersFault, requestId) =>
    `<?xml version="1.0" encoding="UTF-8"?>\n<Response><Errors><Error><Code>${code}</Code><Message>${message}</Message></Error></Errors>` +
    `<RequestID>${requestId}</RequestID></Response>`,
};

/** As clients of STS and IAM know them; `Throttling` at 400 is in botocore's retry rules too (read November 2026). */
const QUERY_ERRORS: Readonly<Record<string, QueryError>> = {
  InvalidSignatureException: { code: 'SignatureDoesNotMatch', status: 403 },
  UnrecognizedClientException: { code: 'InvalidClientTokenId', status: 403 },
  ExpiredTokenException: { code: 'ExpiredToken', status: 403 },
  MissingAuthenticationTokenException: {
    code: 'MissingAuthenticationToken',
    status: 403,
    message: 'Request is missing Authentication Token',
  },
  IncompleteSignatureException: { code: 'IncompleteSignature', status: 400 },
  AccessDeniedException: { code: 'AccessDenied', status: 403 },
  ThrottlingException: { code: 'Throttling', status: 400, message: 'Rate exceeded' },
  UnknownOperationException: { code: 'InvalidAction', status: 400, message: 'Could not find operation for this version' },
  ServiceUnavailable: { code: 'ServiceUnavailable', status: 503 },
};

/** @param namespace of the service's answers @param version of its API */
const queryDialect = (namespace: string, version: string, errors: Readonly<Record<string, QueryError>> = {}): QueryDialect => ({
  version,
  item: 'member',
  errors: { ...QUERY_ERRORS, ...errors },
  wrap: (operation, xml, requestId) =>
    `<${operation}Response xmlns="${namespace}">${xml === '' ? '' : `<${operation}Result>${xml}</${operation}Result>`}` +
    `<ResponseMetadata><RequestId>${requestId}</RequestId></ResponseMetadata></${operation}Response>`,
  wrapError: (code, message, isCallersFault, requestId) =>
    `<ErrorResponse xmlns="${namespace}"><Error><Type>${isCallersFault ? 'Sender' : 'Receiver'}</Type><Code>${code}</Code>` +
    `<Message>${message}</Message></Error><RequestId>${requestId}</RequestId></ErrorResponse>`,
});

export const STS_DIALECT = queryDialect('https://sts.amazonaws.com/doc/2011-06-15/', '2011-06-15');

export const IAM_DIALECT = queryDialect('https://iam.amazonaws.com/doc/2010-05-08/', '2010-05-08', {
  InternalFailure: { code: 'ServiceFailure', status: 500, message: 'Service failure' },
});
