import { z } from 'zod';
import { PEER_HEADER } from '../serving/registry/peers.ts';
import { ConnectionReset, defineFaultKind, type FaultEffect, type FaultKind } from './kind.ts';
import { isRegistry } from './registry-node.ts';

const settings = z.strictObject({
  side: z
    .array(z.string().min(1).max(40))
    .min(1)
    .max(10)
    .optional()
    .describe('Regions of the replicas on one side of the cut; each is alone when left out.'),
  mode: z
    .enum(['blackhole', 'reset'])
    .default('blackhole')
    .describe('What replicas on different sides meet: no answer, or a connection that is reset.'),
});

type Settings = z.output<typeof settings>;

const effect = ({ side, mode }: Settings): FaultEffect => ({
  async intercept(exchange, forward) {
    const from = exchange.request.headers.get(PEER_HEADER);
    // Clients say nothing of where they are from, and reach every replica.
    const isCut = from !== null && (side === undefined || side.includes(from) !== side.includes(exchange.link.region));
    if (!isCut) return forward();
    if (mode === 'blackhole') return exchange.lose();
    throw new ConnectionReset('the registry is partitioned');
  },
});

const checkTargets: NonNullable<FaultKind<typeof settings>['checkTargets']> = ({ side = [] }, targeted, links) => {
  const replicas = links.filter(isRegistry);
  const regions = replicas.map(({ region }) => region);
  if (replicas.length < 2) {
    return { message: 'there are no replicas to part.', remedy: 'Give the scenario a `registry` with at least two regions.' };
  }
  const unknown = side.find((region) => !regions.includes(region));
  if (unknown !== undefined) {
    return { message: `side names ${unknown}, where no replica stands.`, remedy: `Replicas stand in ${regions.join(', ')}.` };
  }
  if (regions.every((region) => side.includes(region))) {
    return { message: 'side names every replica, and so parts none.', remedy: 'Leave at least one out.' };
  }
  if (replicas.some((replica) => !targeted.includes(replica))) {
    return {
      message: 'a cut has two sides, and the targets leave replicas out.',
      remedy: 'Target stack/*/registry, and say with `side` who is on one side.',
    };
  }
  return undefined;
};

/** Replicas of the registry do not hear of each other any more; clients reach them all. */
export const registryPartition = defineFaultKind({
  kind: 'registry-partition',
  summary: 'Replicas of the model registry cannot reach each other across a cut, while clients reach every one of them.',
  settings,
  appliesTo: isRegistry,
  checkTargets,
  live: effect,
  sim: effect,
});
