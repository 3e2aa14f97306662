import { parseAuthorization } from './authorization.ts';
import { AwsError, restErrorResponse, withRequestId } from './errors.ts';
import { s3Front } from './services/s3.ts';
import { sageMakerRuntime } from './services/sagemaker-runtime.ts';
import { EC2_DIALECT, IAM_DIALECT, STS_DIALECT } from './wire/dialects.ts';
import { jsonProtocol } from './wire/json-protocol.ts';
import type { QueryDialect } from './wire/query-protocol.ts';
import { queryProtocol } from './wire/query-protocol.ts';

/** What stands before a service can see of its requests and answer in its place. */
export interface AwsFront {
  /** Whether the operation's name is in the body. */
  readonly isInBody: boolean;
  /** Name of the operation that a request asks for; empty for none that is known. @param body the bytes that arrived, where the name is in it */
  operationOf(request: Request, body: Uint8Array): string;
  /** Region that the request is signed for; `us-east-1` where it is not signed. */
  signedRegionOf(request: Request): string;
  /** An error in the service's protocol, under this name and with this status, neither of them translated. */
  fail(code: string, status: number, message: string): Response;
}

type Spoken = Omit<AwsFront, 'signedRegionOf'>;

const query = (dialect: QueryDialect): Spoken => {
  const { operationOf, fail } = queryProtocol({ ...dialect, errors: {} });
  return {
    isInBody: true,
    operationOf,
    fail(code, status, message) {
      const requestId = crypto.randomUUID();
      return withRequestId(fail(new AwsError(code, status, { message }), requestId), requestId);
    },
  };
};

const json = (target: string): Spoken => ({
  isInBody: false,
  operationOf: jsonProtocol(target).operationOf,
  fail: (code, status, message) =>
    withRequestId(
      Response.json({ __type: code, message }, { status, headers: { 'content-type': 'application/x-amz-json-1.1' } }),
    ),
});

/** Method and path of an operation, e.g. `POST /endpoints/{EndpointName}/invocations`, as a pattern. */
const patternOf = (request: string): RegExp => new RegExp(`^${request.replaceAll(/\{\w+\}/g, '[^/]+')}$`);

const runtimeOperations = sageMakerRuntime.spec.operations.map(({ name, request }) => ({ name, pattern: patternOf(request) }));

const sageMakerRuntimeFront: Spoken = {
  isInBody: false,
  operationOf({ method, url }) {
    const asked = `${method} ${new URL(url).pathname}`;
    return runtimeOperations.find(({ pattern }) => pattern.test(asked))?.name ?? '';
  },
  fail: (code, status, message) => withRequestId(restErrorResponse(new AwsError(code, status, { message }))),
};

/** By the service's name. EC2's instance metadata is none of AWS's APIs: its errors have no names. */
const FRONTS: ReadonlyMap<string, Spoken> = new Map([
  ['ec2', query(EC2_DIALECT)],
  ['sts', query(STS_DIALECT)],
  ['iam', query(IAM_DIALECT)],
  ['sagemaker', json('SageMaker')],
  ['rekognition', json('RekognitionService')],
  ['pricing', json('AWSPriceListService')],
  ['kms', json('TrentService')],
  ['sagemaker-runtime', sageMakerRuntimeFront],
  ['s3', s3Front],
]);

const signedRegionOf = ({ headers }: Request): string => {
  try {
    return parseAuthorization(headers.get('authorization')).region;
  } catch {
    return 'us-east-1';
  }
};

/** @returns undefined for a service whose requests are no operations */
export const awsFrontOf = (service: string): AwsFront | undefined => {
  const spoken = FRONTS.get(service);
  return spoken && { ...spoken, signedRegionOf };
};
