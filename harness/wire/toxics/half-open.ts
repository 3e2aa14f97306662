import { z } from 'zod';
import { defineToxic, type Stage } from './toxic.ts';

/** What is known of a connection when the attributes change. */
interface Carried {
  readonly isDead: boolean;
  readonly hasLost: boolean;
}

/**
 * As when a NAT gateway or a firewall has forgotten its connections: what either side says, the end and a reset included, is lost, and
 * neither is told. When the toxic goes, a connection that has lost something is reset, as the far side would answer what it can't place.
 */
export const halfOpen = defineToxic({
  type: 'half_open',
  summary: 'Loses the connections that are open when it starts, both ways and without a word; those that come later work.',
  attributes: z.object({}),
  isBothWays: true,
  open(_, { isOlder, carried, landed, reset }): Stage | undefined {
    const { isDead, hasLost: hasLostBefore } = (carried as Carried | undefined) ?? { isDead: isOlder, hasLost: false };
    if (!isDead) return undefined;
    let hasLost = hasLostBefore;
    const lose = () => {
      hasLost = true;
      landed();
    };
    return {
      write: lose,
      end: lose,
      abort: lose,
      carry: (): Carried => ({ isDead, hasLost }),
      release(why) {
        if (why === 'removed' && hasLost) reset();
      },
    };
  },
});
