import type { Design } from '../../harness/serving/config.ts';
import { originOf } from '../../harness/world/sim/network/hosts.ts';
import { NETWORK, type NetworkModel } from '../../harness/world/sim/network/model.ts';
import { OVERHEADS } from '../../harness/world/sim/run/overheads.ts';
import type { RunPlan } from '../../harness/world/world.ts';
import { QUEUE, type QueueParameters, type TimedRun } from './parameters.ts';
import { planOf } from './plan.ts';

/**
 * The queue twice, in two regions, with service times spread so widely that hedging and attempts' time-outs have something to do: the first region is
 * throttled, retries and hedges go to the second until the retry budget is used up, and a few of a hundred requests are not answered.
 */
export const STACK_QUEUE: QueueParameters = { ...QUEUE, serviceTimeSigma: 1 };

const REGIONS = ['aws/us-east-1', 'google/us-east4'];

/** The reference design as it is, but for the degrade ladder: it would answer what regions do not. */
export const stackPlan = (queue: QueueParameters, seed: number): RunPlan => planOf(queue, REGIONS, { degrade: false }, seed);

/** What one run of the stack gave. */
export interface StackRun extends TimedRun {
  /** Requests that ended without a prediction. */
  readonly unanswered: number;
  /** Of those that were answered, from sending to the whole answer, milliseconds. */
  readonly p50Ms: number;
  readonly meanMs: number;
  readonly hedges: number;
  readonly retries: number;
}

/** The stack as another simulator is told: plain data, every figure from where squall has it. Times in milliseconds. */
export interface StackParameters {
  readonly queue: QueueParameters;
  /** In order of priority. */
  readonly regions: readonly { readonly rttMs: number; readonly connectRoundTrips: number }[];
  readonly network: NetworkModel;
  readonly gatewayMs: number;
  readonly wireMs: number;
  readonly callerTimeoutMs: number;
  readonly design: Design;
}

/** @param plan of `stackPlan` */
export const stackParametersOf = (queue: QueueParameters, { links, scenario, design }: RunPlan): StackParameters => ({
  queue,
  regions: links
    .filter(({ role }) => role === 'inference')
    .map((link) => ({
      rttMs: link.rttMs,
      connectRoundTrips: NETWORK.tcpRoundTrips + (originOf(link).startsWith('https:') ? NETWORK.tlsRoundTrips : 0),
    })),
  network: NETWORK,
  ...OVERHEADS,
  callerTimeoutMs: scenario.load.timeoutMs,
  design,
});
