import { AwsError } from '../errors.ts';
import { writeXml, type XmlValue } from '../wire/xml.ts';

const DECLARATION = '<?xml version="1.0" encoding="UTF-8"?>\n';
const NAMESPACE = 'http://s3.amazonaws.com/doc/2006-03-01/';

/** Elements of one name in a row: so S3 writes its lists. */
export const elements = (name: string, values: readonly XmlValue[]): string =>
  values.map((value) => `<${name}>${writeXml(value, '')}</${name}>`).join('');

export const members = (value: Readonly<Record<string, XmlValue>>): string => writeXml(value, '');

/** @param content of the root element, as XML */
export const xmlAnswer = (root: string, content: string): Response =>
  new Response(`${DECLARATION}<${root} xmlns="${NAMESPACE}">${content}</${root}>`, {
    headers: { 'content-type': 'application/xml' },
  });

/** An error of S3's own. @param more elements beside code and message, e.g. `Region` */
export const s3Error = (
  code: string,
  status: number,
  message: string,
  more: Readonly<Record<string, string | number>> = {},
): AwsError => new AwsError(code, status, { message, ...more });

export const invalidArgument = (message: string, ArgumentName: string, ArgumentValue: string): AwsError =>
  s3Error('InvalidArgument', 400, message, { ArgumentName, ArgumentValue });

export const malformedXml = (): AwsError =>
  s3Error('MalformedXML', 400, 'The XML you provided was not well-formed or did not validate against our published schema');

/** What the front end and the faults call it, and what S3 does. */
const OWN: Readonly<Record<string, readonly [code: string, status: number, message?: string]>> = {
  MissingAuthenticationTokenException: ['AccessDenied', 403, 'Access Denied'],
  IncompleteSignatureException: ['AuthorizationHeaderMalformed', 400],
  AccessDeniedException: ['AccessDenied', 403],
  ThrottlingException: ['SlowDown', 503, 'Please reduce your request rate.'],
  ServiceUnavailable: ['ServiceUnavailable', 503, 'Service is unable to handle request.'],
  InternalFailure: ['InternalError', 500, 'We encountered an internal error. Please try again.'],
};

/** An error as it stands. @param more further elements of it */
export const writeError = (
  Code: string,
  status: number,
  Message: string,
  requestId: string,
  more: Readonly<Record<string, string | number | undefined>> = {},
  method = 'GET',
): Response => {
  const region = typeof more.Region === 'string' ? more.Region : undefined;
  const body = `${DECLARATION}<Error>${members({ Code, Message, ...more, RequestId: requestId, HostId: btoa(requestId) })}</Error>`;
  return new Response(method === 'HEAD' || Code === '' ? null : body, {
    status,
    headers: { 'content-type': 'application/xml', ...(region === undefined ? {} : { 'x-amz-bucket-region': region }) },
  });
};

/** Error in S3's XML. An answer to HEAD has no body, and so no code; and one without a code has no body. */
export const errorAnswer = (error: AwsError, requestId: string, method = 'GET'): Response => {
  const [Code, status, Message = error.message] = OWN[error.code ?? ''] ?? [error.code ?? '', error.status];
  const { message, Message: _words, ...more } = error.members as Readonly<Record<string, string | number | undefined>>;
  return writeError(Code, status, Message, requestId, more, method);
};
