import type { Scenario } from '../scenario/scenario.ts';
import type { ServiceLink } from './link.ts';
import type { PlannedNode } from './node-placements.ts';

/**
 * Marks links that callers come to over TLS when the scenario's own design speaks it, so that faults on certificates find them. In another
 * design of the scenario, which does not, such a fault holds nothing.
 */
export const markSecured = <One extends Pick<ServiceLink, 'role' | 'isTls'>>(
  links: readonly One[],
  { designs, design }: Pick<Scenario, 'designs' | 'design'>,
): readonly One[] =>
  designs[design]?.transport ? links.map((link) => (speaksHttp(link) ? { ...link, isTls: true } : link)) : links;

/** The same of nodes. */
export const securedNodes = (
  nodes: readonly PlannedNode[],
  scenario: Pick<Scenario, 'designs' | 'design'>,
): readonly PlannedNode[] => {
  const links = markSecured(
    nodes.map(({ link }) => link),
    scenario,
  );
  return nodes.map((node, index) => ({ ...node, link: links[index]! }));
};

/** Links as the design of a plan speaks on them: certificates are shown on those that speak TLS. */
export const asSpoken = <One extends Pick<ServiceLink, 'role' | 'isTls'>>(
  links: readonly One[],
  { transport }: Pick<Scenario['designs'][string], 'transport'>,
): readonly One[] => (transport ? links : links.map(({ isTls: _, ...link }) => link as unknown as One));

/** Whoever is reached by a protocol of its own speaks that. */
export const speaksHttp = ({ role }: Pick<ServiceLink, 'role'>): boolean =>
  role !== 'tcp' && role !== 'process' && role !== 'instances';
