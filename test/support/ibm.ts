import { WatsonXAI } from '@ibm-cloud/watsonx-ai';
import { type Authenticator, BearerTokenAuthenticator, IamAuthenticator } from 'ibm-cloud-sdk-core';
import { ibm } from '../../mocks/ibm/cloud.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { stubModels } from './model.ts';
import { mountCloud } from './mount-cloud.ts';

export const DALLAS = 'us-south';
export const FRANKFURT = 'eu-de';
export const VERSION = '2024-05-31';

/** An error of `ibm-cloud-sdk-core`: an `Error` with the answer. */
export interface IbmError extends Error {
  readonly status: number;
  readonly statusText: string;
  readonly result?: {
    readonly errorCode?: string;
    readonly errorMessage?: string;
    readonly errorDetails?: string;
    readonly errors?: readonly { readonly code: string; readonly message: string }[];
    readonly trace?: string;
  };
}

/** The code of what IBM's core throws: watsonx.ai's, IAM's, or what HTTP has. */
export const codeOf = (error: unknown): string => {
  const { result, statusText } = error as IbmError;
  return result?.errors?.[0]?.code ?? result?.errorCode ?? statusText;
};

/** What a call was refused with. */
export const refusal = async (call: Promise<unknown>): Promise<IbmError> => {
  const error = await call.then(
    () => new Error('the call was answered'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error) || !('status' in error)) throw error;
  return error as IbmError;
};

/** The SDK with the call that it leaves to the REST API: predictions of a deployed model. */
export class Scoring extends WatsonXAI {
  predict(deployment: string, body: unknown, query: Readonly<Record<string, string>> = { version: VERSION }) {
    return this.createRequest<{ result: { predictions: { id?: string; fields: string[]; values: [number, number[]][] }[] } }>({
      options: {
        url: '/ml/v4/deployments/{deployment_id}/predictions',
        path: { deployment_id: deployment },
        method: 'POST',
        body: body as never,
        qs: query,
      },
      defaultOptions: {
        ...this.baseOptions,
        headers: { Accept: 'application/json', 'Content-Type': 'application/json' },
        axiosOptions: {},
      },
    } as never);
  }
}

/** IBM Cloud on loopback sockets, each endpoint with an origin of its own. */
export const mountIbm = async (models: ModelRuntime = stubModels) => {
  const cloud = await mountCloud(ibm, [DALLAS, FRANKFURT], models);
  const { account, originOf } = cloud;
  const authenticator = (apikey: string = account.credential.apikey ?? '') =>
    new IamAuthenticator({ apikey, url: originOf('iam') });
  return {
    account,
    originOf,
    authenticator,
    client: (region = DALLAS, as: Authenticator = authenticator()) =>
      new Scoring({ version: VERSION, serviceUrl: originOf('watsonx-ai', region), authenticator: as }),
    /** A client with a token of its own making. */
    clientWith: (bearerToken: string, region = DALLAS) =>
      new Scoring({
        version: VERSION,
        serviceUrl: originOf('watsonx-ai', region),
        authenticator: new BearerTokenAuthenticator({ bearerToken }),
      }),
    [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
  };
};
