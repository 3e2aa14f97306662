import type { InferenceBackend } from '../../inference/backend.ts';
import { ContainerRefusal, invokeContainer } from '../container.ts';
import { validationError } from '../errors.ts';
import { ACCOUNT_ID } from '../identity.ts';
import type { ObjectStore } from '../s3/store.ts';
import type { AcceptedInvocation } from '../sagemaker-runtime.ts';
import type { AsyncConfig } from './inputs.ts';

const S3_OBJECT = /^s3:\/\/[a-z0-9][a-z0-9.-]{1,61}[a-z0-9]\/.+$/;
const INFERENCE_ID = /^[\x20-\x7E]{1,64}$/;

/** What asks for it: the endpoint's configuration, and who predicts. */
export interface AsyncParts {
  readonly config: AsyncConfig;
  readonly region: string;
  readonly backend: InferenceBackend;
  readonly objects: ObjectStore;
}

const folder = (path: string): string => path.replace(/\/+$/, '');

/** Reads the input, predicts, and writes what came of it: the answer, or why there is none. */
const carryOut = async (
  { backend, objects }: AsyncParts,
  input: string,
  headers: Headers,
  { outputLocation, failureLocation }: AcceptedInvocation,
): Promise<void> => {
  const fail = (message: string) => {
    if (failureLocation !== null) objects.write(failureLocation, message, 'text/plain');
  };
  const object = objects.read(input);
  if (!object) {
    fail(`Failed to download input from ${input}: the object does not exist.`);
    return;
  }
  try {
    const contentType = headers.get('x-amzn-sagemaker-content-type') ?? object.contentType;
    const accept = headers.get('x-amzn-sagemaker-accept') ?? '';
    const answer = await invokeContainer(backend, contentType, accept, object.bytes);
    objects.write(outputLocation, answer.text, answer.contentType);
  } catch (error) {
    fail(
      error instanceof ContainerRefusal
        ? `Received client error (${error.status}) from model with message "${error.message}".`
        : 'The endpoint takes no more at the moment.',
    );
  }
};

/**
 * Takes an invocation, and answers before it is carried out.
 * @throws {AwsError} `ValidationError`
 */
export const acceptAsync = (parts: AsyncParts, headers: Headers): AcceptedInvocation => {
  const input = headers.get('x-amzn-sagemaker-inputlocation') ?? '';
  if (!S3_OBJECT.test(input))
    throw validationError(`InputLocation must be the URI of an object in S3, not '${input.slice(0, 200)}'.`);
  const inferenceId = headers.get('x-amzn-sagemaker-inference-id') ?? crypto.randomUUID();
  if (!INFERENCE_ID.test(inferenceId)) throw validationError('InferenceId must be 1 to 64 printable characters.');
  const { S3OutputPath, S3FailurePath } = parts.config.OutputConfig;
  const name = crypto.randomUUID();
  const accepted: AcceptedInvocation = {
    inferenceId,
    outputLocation: `${folder(S3OutputPath ?? `s3://sagemaker-${parts.region}-${ACCOUNT_ID}`)}/${name}.out`,
    failureLocation: S3FailurePath === undefined ? null : `${folder(S3FailurePath)}/${name}-error.out`,
  };
  void carryOut(parts, input, headers, accepted);
  return accepted;
};
