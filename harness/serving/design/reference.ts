import { type Design, policies, policyNames } from './policies.ts';
import { defaultsOf } from './policy.ts';

/**
 * The reference design, for services of 20 to 100 ms in regions that are 5 to 120 ms away: a good answer takes 25 to 220 ms.
 *
 * The times hang together. Hedging starts where most answers are back. An attempt is given up where nearly all are, with room for a
 * stall of a busy machine. Two attempts that are given up fit into the deadline with its reserve for the ladder; a third is for those
 * that fail at once. A dead link is out after five failures or two checks, whichever is first.
 */
export const referenceDesign = Object.fromEntries(
  policyNames.map((name) => [name, policies[name].isOn ? defaultsOf(policies[name]) : false]),
) as unknown as Design;
