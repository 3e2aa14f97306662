import { InferenceClient } from '@huggingface/inference';
import { type Mounted, mount } from '../../harness/world/live/mount.ts';
import { GLOBAL } from '../../mocks/cloud/cloud.ts';
import type { HuggingFaceAccount } from '../../mocks/huggingface/account.ts';
import { huggingFace } from '../../mocks/huggingface/cloud.ts';
import type { ModelRuntime } from '../../mocks/models/runtime.ts';
import { stubModels } from './model.ts';

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
  const regions = [VIRGINIA, IRELAND];
  const account: HuggingFaceAccount = await huggingFace.open(regions, { models });
  const mounted = new Map<string, Mounted>();
  for (const { spec, create } of huggingFace.services) {
    for (const region of spec.isRegional ? regions : [GLOBAL]) {
      mounted.set(`${region}/${spec.service}`, await mount(create(account, region)));
    }
  }
  const originOf = (service: string, region: string = GLOBAL): string => {
    const found = mounted.get(`${region}/${service}`);
    if (!found) throw new TypeError(`nothing mounted as ${region}/${service}`);
    return found.origin;
  };
  const router = originOf('inference-providers');
  return {
    account,
    originOf,
    token: () => account.credential.accessToken ?? '',
    client: (token = account.credential.accessToken ?? '') => new InferenceClient(token, ONCE),
    /** Where a model of the router is. */
    modelAt: (model: string) => `${router}/hf-inference/models/${model}`,
    chatAt: `${router}/v1`,
    async [Symbol.asyncDispose]() {
      await Promise.all([...mounted.values()].map(({ close }) => close()));
    },
  };
};
