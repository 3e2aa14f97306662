import type { FetchHandler } from '../emulator.ts';
import { CapacityExceeded, type InferenceBackend } from '../inference/backend.ts';
import { readBytes } from '../shared/read-bytes.ts';
import { type ContainerAnswer, ContainerRefusal, invokeContainer } from './container.ts';
import { checkEndpoint, VARIANT } from './endpoint.ts';
import { AwsError, frontEndError, restErrorResponse, throttlingError, validationError, withRequestId } from './errors.ts';
import { payloadStream } from './event-stream.ts';
import { ACCOUNT_ID, checkAccess, endpointArn } from './identity.ts';
import type { SessionStore } from './session-store.ts';
import { authenticate } from './sigv4.ts';

/**
 * Largest payload: 25 MB (SageMaker Model Hosting FAQs, read November 2026; the SDKs' service model still says 6 MiB, which was
 * the limit before 2025, but does not enforce it).
 */
const BODY_LIMIT_BYTES = 25 * 1024 * 1024;

/** A way to invoke an endpoint and wait for the answer. */
interface Operation {
  readonly action: string;
  readonly acceptHeader: string;
  respond(answer: ContainerAnswer): Response;
}

/** By the last part of the path. */
const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  [
    'invocations',
    {
      action: 'sagemaker:InvokeEndpoint',
      acceptHeader: 'accept',
      respond: ({ contentType, text }) =>
        new Response(text, { headers: { 'content-type': contentType, 'x-amzn-invoked-production-variant': VARIANT } }),
    },
  ],
  [
    'invocations-response-stream',
    {
      action: 'sagemaker:InvokeEndpointWithResponseStream',
      acceptHeader: 'x-amzn-sagemaker-accept',
      respond: ({ contentType, text }) =>
        new Response(payloadStream(new TextEncoder().encode(text)), {
          headers: {
            'content-type': 'application/vnd.amazon.eventstream',
            'x-amzn-sagemaker-content-type': contentType,
            'x-amzn-invoked-production-variant': VARIANT,
          },
        }),
    },
  ],
]);

/** What one region's endpoint consists of. */
export interface SageMakerRuntimeParts {
  readonly region: string;
  readonly endpointName: string;
  readonly backend: InferenceBackend;
  readonly sessions: SessionStore;
}

/** Amazon SageMaker runtime in one region, with one real-time endpoint in service. */
export const createSageMakerRuntime =
  (parts: SageMakerRuntimeParts): FetchHandler =>
  async (request) =>
    withRequestId(await answer(parts, request).catch(restErrorResponse));

const answer = async (parts: SageMakerRuntimeParts, request: Request): Promise<Response> => {
  const [endpointName, verb] = readPath(request);
  const operation = OPERATIONS.get(verb);
  if (operation) return operation.respond(await invoke(parts, operation, endpointName, request));
  if (verb !== 'async-invocations') throw frontEndError('UnknownOperationException', null, 404);
  await admit(parts, 'sagemaker:InvokeEndpointAsync', endpointName, request);
  throw validationError(
    `Endpoint ${parts.endpointName} of account ${ACCOUNT_ID} is a real-time endpoint: it takes no asynchronous invocation.`,
  );
};

const decodeSegment = (segment: string): string => {
  try {
    return decodeURIComponent(segment);
  } catch {
    return segment;
  }
};

/** Name and verb of `POST /endpoints/{name}/{verb}`; empty for anything else. */
const readPath = ({ method, url }: Request): readonly [endpointName: string, verb: string] => {
  const { pathname } = new URL(url);
  const segments = pathname.split('/');
  const [, root, name = '', verb = ''] = pathname.includes('%') ? segments.map(decodeSegment) : segments;
  return method === 'POST' && root === 'endpoints' && segments.length === 4 && name !== '' ? [name, verb] : ['', ''];
};

/** Lets in who may do the action on the endpoint that is served here. @returns the payload */
const admit = async (
  parts: SageMakerRuntimeParts,
  action: string,
  endpointName: string,
  request: Request,
): Promise<Uint8Array> => {
  const body = await readBytes(request, BODY_LIMIT_BYTES);
  // No name goes with it: SDKs then name the error by its status (aws/sagemaker-python-sdk issue 171, read November 2026).
  if (!body) throw frontEndError(null, `HTTP content length exceeded ${BODY_LIMIT_BYTES} bytes.`, 413);
  await authenticate(request, body, { service: 'sagemaker', regions: [parts.region] }, parts.sessions);
  checkAccess(action, endpointArn(parts.region, endpointName));
  checkEndpoint(parts.endpointName, endpointName, request.headers);
  return body;
};

const invoke = async (
  parts: SageMakerRuntimeParts,
  operation: Operation,
  endpointName: string,
  request: Request,
): Promise<ContainerAnswer> => {
  const body = await admit(parts, operation.action, endpointName, request);
  const { headers } = request;
  try {
    const contentType = headers.get('content-type') ?? 'application/octet-stream';
    return await invokeContainer(parts.backend, contentType, headers.get(operation.acceptHeader) ?? '', body);
  } catch (error) {
    if (error instanceof CapacityExceeded) throw throttlingError(error.reason === 'quota' ? 'Rate exceeded' : null);
    if (error instanceof ContainerRefusal) throw modelError(error, parts);
    throw error;
  }
};

/** SageMaker's wrapping of what its container refused. */
const modelError = ({ status, message }: ContainerRefusal, { region, endpointName }: SageMakerRuntimeParts): AwsError => {
  const logGroup = `/aws/sagemaker/Endpoints/${endpointName}`;
  return new AwsError('ModelError', 424, {
    ErrorCode: 'CLIENT_ERROR_FROM_MODEL',
    LogStreamArn: `arn:aws:logs:${region}:${ACCOUNT_ID}:log-group:${logGroup}`,
    Message:
      `Received client error (${status}) from primary with message "${message}". ` +
      `See https://${region}.console.aws.amazon.com/cloudwatch/home?region=${region}#logEventViewer:group=${logGroup} ` +
      `in account ${ACCOUNT_ID} for more information.`,
    OriginalMessage: message,
    OriginalStatusCode: status,
  });
};
