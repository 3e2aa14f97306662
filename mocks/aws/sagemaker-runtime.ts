import type { FetchHandler } from '../emulator.ts';
import { CapacityExceeded, EndpointUnavailable, type InferenceBackend, PredictionFailed } from '../inference/backend.ts';
import { readBytes } from '../shared/read-bytes.ts';
import { urlPartsOf } from '../shared/url-parts.ts';
import { type ContainerAnswer, ContainerRefusal, invokeContainer } from './container.ts';
import { checkEndpoint, VARIANT } from './endpoint.ts';
import {
  AwsError,
  failureError,
  frontEndError,
  restErrorResponse,
  throttlingError,
  validationError,
  withRequestId,
} from './errors.ts';
import { payloadStream } from './event-stream.ts';
import { ACCOUNT_ID, checkAccess, endpointArn } from './identity.ts';
import type { KeyFinder, KnownKey, SessionStore } from './session-store.ts';
import { authenticate, type SigningScope } from './sigv4.ts';

/**
 * Largest payload: 25 MB, as users of InvokeEndpoint know it; the SDKs' service model says 6 MiB, which was the limit before, but does
 * not enforce it.
 */
const BODY_LIMIT_BYTES = 25 * 1024 * 1024;

const ACTION_PREFIX = 'sagemaker:';

/** A way to invoke an endpoint and wait for the answer. */
interface Operation {
  readonly action: string;
  readonly acceptHeader: string;
  respond(answer: ContainerAnswer, variant: string): Response;
}

/** By the last part of the path. */
const OPERATIONS: ReadonlyMap<string, Operation> = new Map([
  [
    'invocations',
    {
      action: 'sagemaker:InvokeEndpoint',
      acceptHeader: 'accept',
      respond: ({ contentType, text }, variant) =>
        new Response(text, { headers: { 'content-type': contentType, 'x-amzn-invoked-production-variant': variant } }),
    },
  ],
  [
    'invocations-response-stream',
    {
      action: 'sagemaker:InvokeEndpointWithResponseStream',
      acceptHeader: 'x-amzn-sagemaker-accept',
      respond: ({ contentType, text }, variant) =>
        new Response(payloadStream(new TextEncoder().encode(text)), {
          headers: {
            'content-type': 'application/vnd.amazon.eventstream',
            'x-amzn-sagemaker-content-type': contentType,
            'x-amzn-invoked-production-variant': variant,
          },
        }),
    },
  ],
]);

/** A variant of an endpoint that takes an invocation. */
export interface Hosted {
  readonly endpointName: string;
  readonly variant: string;
  readonly backend: InferenceBackend;
  /**
   * Where the endpoint is an asynchronous one, and then it is invoked in no other way: accepts an invocation, whose input is an object
   * in S3 that the headers name.
   * @throws {AwsError} `ValidationError`
   */
  readonly accept: ((headers: Headers) => AcceptedInvocation) | null;
}

/** What the caller of an asynchronous invocation is told. */
export interface AcceptedInvocation {
  readonly inferenceId: string;
  readonly outputLocation: string;
  readonly failureLocation: string | null;
}

/** SageMaker runtime in one region, whatever endpoints it has. */
export interface RuntimeParts<Key extends KnownKey> {
  readonly region: string;
  readonly keys: KeyFinder<Key>;
  /** The region's clock, epoch milliseconds; the machine's when left out. */
  readonly nowMs?: () => number;
  /**
   * Whether a caller may do an IAM action at the moment.
   * @throws {AwsError} `AccessDeniedException`, `ThrottlingException`
   */
  allow(key: Key, action: string, resource: string): void;
  /**
   * @param endpointName as the caller has it
   * @throws {AwsError} `ValidationError` for one that is not there, or is asked for what it is not
   */
  find(endpointName: string, headers: Headers): Hosted;
}

/** What the one endpoint of a region consists of. */
export interface SageMakerRuntimeParts {
  readonly region: string;
  readonly endpointName: string;
  /** A variant beside the one that has all traffic: it takes what is sent to it by name. */
  readonly candidateVariant?: string;
  readonly backend: InferenceBackend;
  readonly sessions: SessionStore;
  readonly nowMs?: () => number;
  /** @param operation e.g. `InvokeEndpoint` */
  readonly permits: (operation: string) => boolean;
}

/** Amazon SageMaker runtime in one region, with one real-time endpoint in service. */
export const createSageMakerRuntime = ({
  region,
  endpointName,
  candidateVariant,
  backend,
  sessions,
  nowMs,
  permits,
}: SageMakerRuntimeParts): FetchHandler => {
  const hosted: Hosted = { endpointName, variant: VARIANT, backend, accept: null };
  return createRuntime({
    region,
    keys: sessions,
    ...(nowMs ? { nowMs } : {}),
    allow: (_key, action, resource) => checkAccess(action, resource, permits(action.slice(ACTION_PREFIX.length))),
    find(asked, headers) {
      const variant = checkEndpoint(endpointName, asked, headers, candidateVariant);
      return variant === VARIANT ? hosted : { ...hosted, variant };
    },
  });
};

/** Amazon SageMaker runtime in one region. */
export const createRuntime =
  <Key extends KnownKey>(parts: RuntimeParts<Key>): FetchHandler =>
  async (request) =>
    withRequestId(await answer(parts, request).catch(restErrorResponse));

const answer = async <Key extends KnownKey>(parts: RuntimeParts<Key>, request: Request): Promise<Response> => {
  const [endpointName, verb] = readPath(request);
  const operation = OPERATIONS.get(verb);
  if (operation) return invoke(parts, operation, endpointName, request);
  if (verb === 'async-invocations') return invokeAsync(parts, endpointName, request);
  throw frontEndError('UnknownOperationException', null, 404);
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
  const { path } = urlPartsOf(url);
  const segments = path.split('/');
  const [, root, name = '', verb = ''] = path.includes('%') ? segments.map(decodeSegment) : segments;
  return method === 'POST' && root === 'endpoints' && segments.length === 4 && name !== '' ? [name, verb] : ['', ''];
};

const scopeOf = ({ region, nowMs }: Pick<RuntimeParts<KnownKey>, 'region' | 'nowMs'>): SigningScope => ({
  service: 'sagemaker',
  regions: [region],
  ...(nowMs ? { nowMs } : {}),
});

/** Lets in who may do the action. @returns the payload */
const admit = async <Key extends KnownKey>(
  parts: RuntimeParts<Key>,
  action: string,
  endpointName: string,
  request: Request,
): Promise<Uint8Array> => {
  const body = await readBytes(request, BODY_LIMIT_BYTES);
  // No name goes with it: SDKs then name the error by its status (aws/sagemaker-python-sdk issue 171).
  if (!body) throw frontEndError(null, `HTTP content length exceeded ${BODY_LIMIT_BYTES} bytes.`, 413);
  const key = await authenticate(request, body, scopeOf(parts), parts.keys);
  parts.allow(key, action, endpointArn(parts.region, endpointName));
  return body;
};

const invoke = async <Key extends KnownKey>(
  parts: RuntimeParts<Key>,
  operation: Operation,
  endpointName: string,
  request: Request,
): Promise<Response> => {
  const body = await admit(parts, operation.action, endpointName, request);
  const { headers } = request;
  const hosted = parts.find(endpointName, headers);
  if (hosted.accept) {
    throw validationError(
      `Endpoint ${endpointName} of account ${ACCOUNT_ID} is an asynchronous endpoint: use InvokeEndpointAsync.`,
    );
  }
  try {
    const contentType = headers.get('content-type') ?? 'application/octet-stream';
    const accepted = headers.get(operation.acceptHeader) ?? '';
    return operation.respond(await invokeContainer(hosted.backend, contentType, accepted, body), hosted.variant);
  } catch (error) {
    if (error instanceof CapacityExceeded) throw throttlingError(error.reason === 'quota' ? 'Rate exceeded' : null);
    if (error instanceof ContainerRefusal) throw modelError(error, parts.region, endpointName);
    if (error instanceof EndpointUnavailable) throw failureError('unavailable');
    if (error instanceof PredictionFailed) throw failureError('model-error');
    throw error;
  }
};

const invokeAsync = async <Key extends KnownKey>(
  parts: RuntimeParts<Key>,
  endpointName: string,
  request: Request,
): Promise<Response> => {
  await admit(parts, 'sagemaker:InvokeEndpointAsync', endpointName, request);
  const { accept } = parts.find(endpointName, request.headers);
  if (!accept) {
    throw validationError(
      `Endpoint ${endpointName} of account ${ACCOUNT_ID} is a real-time endpoint: it takes no asynchronous invocation.`,
    );
  }
  const { inferenceId, outputLocation, failureLocation } = accept(request.headers);
  return Response.json(
    { InferenceId: inferenceId },
    {
      status: 202,
      headers: {
        'x-amzn-sagemaker-outputlocation': outputLocation,
        ...(failureLocation === null ? {} : { 'x-amzn-sagemaker-failurelocation': failureLocation }),
      },
    },
  );
};

/** SageMaker's wrapping of what its container refused. */
const modelError = ({ status, message }: ContainerRefusal, region: string, endpointName: string): AwsError => {
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
