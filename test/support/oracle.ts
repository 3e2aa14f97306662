import common from 'oci-common';
import core from 'oci-core';
import identity from 'oci-identity';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { oracle } from '../../mocks/oracle/cloud.ts';
import type { OracleRegion } from '../../mocks/oracle/region.ts';
import { stubModels } from './model.ts';
import { mountCloud } from './mount-cloud.ts';

export const ASHBURN = 'us-ashburn-1';
export const FRANKFURT = 'eu-frankfurt-1';

/** The parts of a credential, and those that a test changes. */
export type OracleCredential = Readonly<Record<string, string>>;

/** What Oracle's SDK signs with. */
export const providerOf = ({ tenancy = '', user = '', fingerprint = '', privateKey = '' }: OracleCredential) =>
  new common.SimpleAuthenticationDetailsProvider(tenancy, user, fingerprint, privateKey, null);

/** Oracle's own signer on a machine whose clock is wrong. @param clockOffsetMs how far it is ahead */
const signerOf = (credential: OracleCredential, clockOffsetMs: number): common.RequestSigner => {
  const signer = new common.DefaultRequestSigner(providerOf(credential));
  return {
    async signHttpRequest(request, forceExcludeBody) {
      // The signer leaves a date that is there.
      if (clockOffsetMs !== 0) request.headers.set('x-date', new Date(Date.now() + clockOffsetMs).toUTCString());
      await signer.signHttpRequest(request, forceExcludeBody);
    },
  };
};

export const computeClient = (origin: string, credential: OracleCredential, clockOffsetMs = 0): core.ComputeClient => {
  const client = new core.ComputeClient(
    clockOffsetMs === 0
      ? { authenticationDetailsProvider: providerOf(credential) }
      : { httpClient: new common.FetchHttpClient(signerOf(credential, clockOffsetMs)) },
  );
  client.endpoint = origin;
  return client;
};

/** Its own client would try again. */
export const identityClient = (origin: string, credential: OracleCredential, clockOffsetMs = 0): identity.IdentityClient => {
  const client = new identity.IdentityClient(
    clockOffsetMs === 0
      ? { authenticationDetailsProvider: providerOf(credential) }
      : { httpClient: new common.FetchHttpClient(signerOf(credential, clockOffsetMs)) },
    { retryConfiguration: common.NoRetryConfigurationDetails },
  );
  client.endpoint = origin;
  return client;
};

/** A launch that succeeds. */
export const launchDetails = (
  { availabilityDomains, compartmentId, images, subnet }: OracleRegion,
  changes: Partial<core.models.LaunchInstanceDetails> = {},
): core.models.LaunchInstanceDetails => ({
  availabilityDomain: availabilityDomains[0] ?? '',
  compartmentId,
  shape: 'VM.Standard.E5.Flex',
  shapeConfig: { ocpus: 1 },
  sourceDetails: { sourceType: 'image', imageId: images[0]?.id ?? '' } as core.models.InstanceSourceViaImageDetails,
  createVnicDetails: { subnetId: subnet.id },
  ...changes,
});

/** What Oracle's model deployments answer a signed POST with; there is no client for them, only the signer. */
export class PredictError extends Error {
  override readonly name = 'PredictError';
  readonly statusCode: number;
  readonly serviceCode: string;
  constructor(statusCode: number, { code, message }: { readonly code: string; readonly message: string }) {
    super(message);
    this.statusCode = statusCode;
    this.serviceCode = code;
  }
}

export interface Predictions {
  readonly prediction: readonly number[];
  readonly probability: readonly (readonly number[])[];
}

/** Signs with Oracle's own signer, and fetches. @throws {PredictError} */
export const predict = async (
  origin: string,
  deploymentId: string,
  body: unknown,
  credential: OracleCredential,
  clockOffsetMs = 0,
): Promise<Predictions> => {
  const request = {
    method: 'POST' as const,
    uri: `${origin}/${deploymentId}/predict`,
    headers: new Headers({ 'content-type': 'application/json' }),
    body: typeof body === 'string' ? body : JSON.stringify(body),
  };
  await signerOf(credential, clockOffsetMs).signHttpRequest(request);
  const response = await fetch(request.uri, request);
  const answer = (await response.json()) as Predictions & { readonly code: string; readonly message: string };
  if (!response.ok) throw new PredictError(response.status, answer);
  return answer;
};

/** An error of Oracle's SDK, or of a prediction. */
export type OracleError = Error & { readonly statusCode: number; readonly serviceCode: string };

/** What a call was refused with. */
export const refusal = async (call: Promise<unknown>): Promise<OracleError> => {
  const error = await call.then(
    () => new Error('the call was answered'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof common.OciError) && !(error instanceof PredictError)) throw error;
  return error;
};

/** Oracle Cloud on loopback sockets, each endpoint with an origin of its own. */
export const mountOracle = async (models: ModelRuntime = stubModels) => {
  const cloud = await mountCloud(oracle, [ASHBURN, FRANKFURT], models);
  const { account, originOf } = cloud;
  return {
    account,
    originOf,
    compute: (region = ASHBURN, credential: OracleCredential = account.credential) =>
      computeClient(originOf('compute', region), credential),
    identity: (region = ASHBURN, credential: OracleCredential = account.credential) =>
      identityClient(originOf('identity', region), credential),
    predict: (body: unknown, region = ASHBURN, credential: OracleCredential = account.credential) =>
      predict(originOf('model-deployment', region), account.regionOf(region).modelDeploymentId, body, credential),
    [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
  };
};
