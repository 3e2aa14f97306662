import { applyPatch, type DesignPatch } from '../../harness/serving/design/patch.ts';
import { referenceDesign } from '../../harness/serving/design/reference.ts';
import { startReference } from '../../harness/sut/reference.ts';
import type { Contender, Policies } from './contender.ts';
import { CAPACITY, ENDPOINT, INSTANCE, REGIONS, type Upstream } from './emulator.ts';

const MODEL = 'digits';

const linksOf = ({ runtimes, priceOrigin, secretOrigin, secretStoreToken }: Upstream) =>
  REGIONS.map((region, priority) => ({
    id: `aws/${region}/sagemaker-runtime`,
    provider: 'aws' as const,
    region,
    endpoint: runtimes[region],
    endpointName: ENDPOINT,
    priceEndpoint: priceOrigin,
    instanceType: INSTANCE,
    serviceTimeMs: 20,
    concurrency: CAPACITY.concurrency,
    secretEndpoint: secretOrigin,
    secretStoreToken,
    priority,
  }));

/** What Portkey has too: the next target on a failure, retries, a limit for each attempt. */
const ONLY_SHARED: DesignPatch = {
  healthChecks: false,
  circuitBreaker: false,
  hedging: false,
  deadlineMs: false,
  credentialRefresh: false,
  costGuard: false,
  degrade: false,
};

const contender = (name: string, patch: DesignPatch): Contender => ({
  name,
  async start(upstream, pixels, { attemptTimeoutMs, retries }: Policies) {
    // The peer asks no one who he is either, and there is no issuer.
    const design = applyPatch(
      applyPatch(referenceDesign, { identity: false, attemptTimeoutMs, retry: { maxRetries: retries } }),
      patch,
    );
    const gateway = startReference({
      config: { model: MODEL, links: linksOf(upstream), design },
      onEvent: () => undefined,
    });
    const input = { name: 'pixels', shape: [1, pixels.length], datatype: 'FP32', data: pixels };
    return {
      request: {
        url: `${(await gateway.ready).http}/v2/models/${MODEL}/infer`,
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ inputs: [input] }),
      },
      readLabels(body) {
        const { outputs } = JSON.parse(body) as { outputs: readonly { name: string; data: readonly number[] }[] };
        return outputs.find(({ name: output }) => output === 'label')!.data;
      },
      stop: gateway.stop,
    };
  },
});

/** The reference gateway in a process of its own, as a live run has it, without the wire between it and the emulator. */
export const squall = contender('squall, all policies', {});
export const squallShared = contender("squall, Portkey's policies alone", ONLY_SHARED);
