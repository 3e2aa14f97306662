import { IDENTITY } from '../serving/identity/node.ts';
import type { PlannedNode } from './node-placements.ts';

/** The link of a plan's issuer; undefined where it has none. */
export const identityLinkOf = ({ nodes = [] }: { readonly nodes?: readonly PlannedNode[] }) =>
  nodes.find(({ link }) => link.kind === IDENTITY)?.link;
