import { type Mounted, mount } from '../../harness/world/live/mount.ts';
import { createOnnxRuntime } from '../../harness/world/live/onnx-runtime.ts';
import { aws, openWith } from '../../mocks/aws/cloud.ts';
import type { AwsTimings } from '../../mocks/aws/timings.ts';
import { GLOBAL } from '../../mocks/cloud/cloud.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { stubModels } from './model.ts';

export const EAST = 'us-east-1';
export const WEST = 'eu-west-1';

/** Long enough that each state is seen, short enough to be waited for. */
export const QUICK: AwsTimings = {
  instancePendingMs: 200,
  instanceStoppingMs: 200,
  interruptionNoticeMs: 600,
  endpointProvisioningMs: 300,
  endpointDeletingMs: 100,
};

export interface AwsCloudOptions {
  readonly models?: ModelRuntime;
  readonly timings?: AwsTimings;
  /** What stands before each endpoint, e.g. a recorder. */
  readonly before?: (fetch: (request: Request) => Promise<Response>, service: string) => (request: Request) => Promise<Response>;
}

/** An AWS account in two regions, with an origin on the loopback for each endpoint that is asked for. */
export const mountAwsCloud = async ({
  models = stubModels,
  timings = QUICK,
  before = (fetch) => fetch,
}: AwsCloudOptions = {}) => {
  const regions = [EAST, WEST];
  const account = await openWith(regions, { models }, timings);
  const mounted = new Map<string, Mounted>();
  for (const { spec, create } of aws.services) {
    for (const region of spec.isRegional ? regions : [GLOBAL]) {
      mounted.set(`${spec.service}/${region}`, await mount(before(create(account, region), spec.service)));
    }
  }
  const originOf = (service: string, region = EAST): string => {
    const found = mounted.get(`${service}/${region}`) ?? mounted.get(`${service}/${GLOBAL}`);
    if (!found) throw new TypeError(`no endpoint ${service}/${region}`);
    return found.origin;
  };
  /** Options of the official clients: pointed at a region, and otherwise as they come; one attempt, so that an error is seen as it was sent. */
  const options = (service: string, region = EAST) => ({
    endpoint: originOf(service, region),
    region,
    credentials: sdkCredentials(account.credential),
    maxAttempts: 1,
  });
  return {
    account,
    originOf,
    options,
    environment: () => aws.environment(account, originOf),
    [Symbol.asyncDispose]: async () => {
      await Promise.all([...mounted.values()].map((each) => each.close()));
    },
  };
};

/** The parts of a credential under the names that AWS's SDKs have. */
export const sdkCredentials = (parts: Readonly<Record<string, string>>) => ({
  accessKeyId: parts.accessKeyId ?? '',
  secretAccessKey: parts.secretAccessKey ?? '',
  ...(parts.sessionToken ? { sessionToken: parts.sessionToken } : {}),
});

/** What a call was refused with. */
export interface AwsRefusal extends Error {
  readonly $metadata: { readonly httpStatusCode?: number; readonly requestId?: string };
}

export const refusal = async (call: Promise<unknown>): Promise<AwsRefusal> => {
  const error = await call.then(
    () => new Error('the call was answered'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error) || !('$metadata' in error)) throw error;
  return error as AwsRefusal;
};

/** The real digits model, once for all. */
export const realModels = (): Promise<ModelRuntime> => createOnnxRuntime(['digits', 'digits-small']);
