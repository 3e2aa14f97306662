import { InferenceClient } from '@huggingface/inference';
import { huggingFace } from '../../mocks/huggingface/cloud.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { stubModels } from './model.ts';
import { mountCloud } from './mount-cloud.ts';

export const VIRGINIA = 'us-east-1';
export const IRELAND = 'eu-west-1';

/** The SDK retries a 503 for ever, at once; where refusals are looked at, it must not. */
export const ONCE = { retry_on_error: false } as const;

/** An error of `@huggingface/inference`. */
export interface InferenceError extends Error {
  readonly httpResponse: { readonly requestId: string; readonly status: number; readonly body: unknown };
}

/** What a call was refused with. */
export const refusal = async (call: Promise<unknown>): Promise<InferenceError> => {
  const error = await call.then(
    () => new Error('the call was answered'),
    (thrown: unknown) => thrown,
  );
  if (!(error instanceof Error) || !('httpResponse' in error)) throw error;
  return error as InferenceError;
};

/** Another token of the same form. */
export const forgeToken = (token: string): string => token.replace(/.$/, (last) => (last === 'a' ? 'b' : 'a'));

/** Hugging Face on loopback sockets, each service with an origin of its own. */
export const mountHuggingFace = async (models: ModelRuntime = stubModels) => {
  const cloud = await mountCloud(huggingFace, [VIRGINIA, IRELAND], models);
  const { account, originOf } = cloud;
  const router = originOf('inference-providers');
  return {
    account,
    originOf,
    token: () => account.credential.accessToken ?? '',
    client: (token = account.credential.accessToken ?? '') => new InferenceClient(token, ONCE),
    /** Where a model of the router is. */
    modelAt: (model: string) => `${router}/hf-inference/models/${model}`,
    chatAt: `${router}/v1`,
    [Symbol.asyncDispose]: () => cloud[Symbol.asyncDispose](),
  };
};
