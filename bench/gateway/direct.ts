import { signInvoke } from '../emulators/request.ts';
import type { Contender } from './contender.ts';

/** Digits in the answer of SageMaker's runtime, as the model's container writes it. */
export const labelsOfPredictions = (body: string): readonly number[] =>
  (JSON.parse(body) as { predictions: readonly { label: number }[] }).predictions.map(({ label }) => label);

/** The caller signs its request and asks the first region: what both gateways do, without a gateway. The signature is made once. */
export const direct: Contender = {
  name: 'no gateway',
  async start({ runtimes, credential }) {
    const origin = runtimes['us-east-1'];
    const { path, headers, body } = await signInvoke(origin, credential);
    return { request: { url: `${origin}${path}`, headers, body }, readLabels: labelsOfPredictions, stop: async () => undefined };
  },
};
