import { z } from 'zod';
import { share } from '../scenario/units.ts';
import { defineFaultKind, type FaultEffect } from './kind.ts';

const settings = z.strictObject({
  share: share
    .refine((part) => part > 0, 'expected a share above 0%')
    .prefault('30%')
    .describe('Share of the requests that are never answered when the fault ends; it grows in a straight line until then.'),
  from: share.prefault('0%').describe('The same when it starts.'),
});

const effect = ({ share: atEnd, from }: z.output<typeof settings>): FaultEffect => ({
  intercept: (exchange, forward) => {
    const leaking = from + (atEnd - from) * Math.min(1, exchange.elapsedMs / exchange.forMs);
    return exchange.random() < leaking ? exchange.lose() : forward();
  },
});

/** A slow leak: nothing is refused, and most is answered, but what is not is never given back. */
export const connectionLeak = defineFaultKind({
  kind: 'connection-leak',
  summary:
    'A growing share of requests is never answered, and each holds its connection until its caller gives up or the fault ends.',
  settings,
  explore: { share: { min: '5%', max: '80%' }, from: { min: '0%', max: '20%' } },
  live: effect,
  sim: effect,
});
