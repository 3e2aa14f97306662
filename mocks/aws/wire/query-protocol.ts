import { type AwsError, frontEndError } from '../errors.ts';
import type { Protocol } from './protocol.ts';
import { QueryFormError, type QueryValue, readQueryForm } from './query-form.ts';
import { writeXml, type XmlValue } from './xml.ts';

/** Under which name and status an error is known here. */
export interface QueryError {
  readonly code: string;
  readonly status: number;
  /** In place of the front end's own words. */
  readonly message?: string | ((words: string) => string);
}

/** How one service speaks Query. */
export interface QueryDialect {
  /** API version, e.g. `2016-11-15`. */
  readonly version: string;
  /** Element of a list's members. */
  readonly item: string;
  /** Names of the front end's errors, by the names that JSON services have for them. */
  readonly errors: Readonly<Record<string, QueryError>>;
  wrap(operation: string, xml: string, requestId: string): string;
  wrapError(code: string, message: string, isCallersFault: boolean, requestId: string): string;
}

const decoder = new TextDecoder();

/** Read once a request: both the operation and the input are in it. */
const forms = new WeakMap<Request, URLSearchParams>();

const formOf = (request: Request, body: Uint8Array): URLSearchParams => {
  const known = forms.get(request);
  if (known) return known;
  const form = request.method === 'GET' ? new URL(request.url).searchParams : new URLSearchParams(decoder.decode(body));
  forms.set(request, form);
  return form;
};

const isForm = ({ method, headers }: Request): boolean =>
  method === 'GET' ||
  (method === 'POST' && (headers.get('content-type') ?? '').split(';')[0]?.trim() === 'application/x-www-form-urlencoded');

const codeOf = ({ errors }: QueryDialect, { code, status, message }: AwsError): QueryError =>
  errors[code ?? ''] ?? { code: code ?? 'RequestEntityTooLarge', status, message };

/**
 * AWS Query, and EC2's kind of it: a form with `Action` and `Version`, answers in XML.
 * As smithy.io/2.0/aws/protocols has them (aws-query-protocol, aws-ec2-query-protocol), and the SDKs read and write them.
 */
export const queryProtocol = (dialect: QueryDialect): Protocol => ({
  operationOf(request, body) {
    if (!isForm(request) || new URL(request.url).pathname !== '/') return '';
    const form = formOf(request, body);
    return form.get('Version') === dialect.version ? (form.get('Action') ?? '') : '';
  },
  inputOf(request, body) {
    try {
      const { Action, Version, ...input }: Record<string, QueryValue> = readQueryForm(formOf(request, body));
      return input;
    } catch (error) {
      if (!(error instanceof QueryFormError)) throw error;
      throw frontEndError('MalformedQueryString', `The parameter ${error.message} contradicts another one.`, 400);
    }
  },
  respond: (operation, output, requestId) =>
    new Response(dialect.wrap(operation, writeXml(output as XmlValue, dialect.item), requestId), {
      headers: { 'content-type': 'text/xml;charset=UTF-8' },
    }),
  fail(error, requestId) {
    const { code, status, message = error.message } = codeOf(dialect, error);
    const words = typeof message === 'string' ? message : message(error.message);
    return new Response(dialect.wrapError(code, writeXml(words, ''), status < 500, requestId), {
      status,
      headers: { 'content-type': 'text/xml;charset=UTF-8' },
    });
  },
});
