import { SquallError } from '../errors.ts';
import { byNearness } from '../nearest-names.ts';
import { type AnyLink, isNode, type ServiceLink } from '../topology/link.ts';
import { findFaultKind } from './index.ts';
import type { Fault, FaultEffect } from './kind.ts';
import { matchesTarget, namesService } from './target.ts';

/** A fault with the links that it acts on and what it does to them: all that a world needs. */
export interface BoundFault<On extends ServiceLink = AnyLink> {
  readonly fault: Fault;
  /** At least one, in the order of the topology. */
  readonly links: readonly On[];
  readonly effect: FaultEffect;
}

const takesRequests = ({ role }: ServiceLink): boolean => role === 'inference' || role === 'service' || role === 'tcp';

/**
 * Finds out what a fault does in a world, and to which links.
 *
 * `probability` and `requests` select single exchanges. The state of a connection, and what a provider is told, hold for every request, so with
 * either of them such a fault is refused: it would otherwise touch all requests, or none.
 * @param links every link of the topology
 * @param actsByDefaultOn which links a kind acts on that does not say so itself; the inference links and the services of the stack when left out
 * @throws {SquallError} `UNSUPPORTED` when the kind has no effect in that world; `BAD_SCENARIO` when a target matches no link that the
 * fault can act on, when the kind finds the targets wrong, or when the probability cannot be kept
 */
export const bindFault = <On extends ServiceLink>(
  fault: Fault,
  world: 'live' | 'sim',
  links: readonly On[],
  actsByDefaultOn: (link: ServiceLink) => boolean = takesRequests,
): BoundFault<On> => {
  const kind = findFaultKind(fault.kind);
  if (!kind) throw new SquallError('BAD_SCENARIO', `Fault ${fault.name} is of kind "${fault.kind}", which does not exist.`);
  const isTargeted = (link: ServiceLink): boolean => fault.targets.some((target) => matchesTarget(target, link));
  // Before the world's own refusal, which would send the user to the other world.
  const problem = kind.checkTargets?.(fault.settings, links.filter(isTargeted), links);
  if (problem) throw new SquallError('BAD_SCENARIO', `Fault ${fault.name}: ${problem.message}`, problem.remedy);
  const effect = kind[world]?.(fault.settings);
  if (!effect) {
    throw new SquallError(
      'UNSUPPORTED',
      `Fault ${fault.name}: the ${world} world cannot carry out ${fault.kind}.`,
      `Run the scenario in the other world, or leave the fault out.`,
    );
  }
  const chosen = fault.probability < 1 ? `probability ${fault.probability}` : fault.requests && 'requests';
  if (fault.requests && effect.toxics) {
    throw new SquallError(
      'BAD_SCENARIO',
      `Fault ${fault.name}: ${fault.kind} acts on the bytes of connections, which know no requests, so \`requests\` cannot be kept.`,
      'Leave `requests` out; the probability is the share of connections.',
    );
  }
  if (
    chosen &&
    (effect.connection ||
      effect.simConnection ||
      effect.name ||
      effect.certificate ||
      effect.provider ||
      effect.node ||
      effect.container ||
      effect.nodeCommands)
  ) {
    throw new SquallError(
      'BAD_SCENARIO',
      `Fault ${fault.name}: ${fault.kind} with these settings acts on whole connections or on the provider, not on single requests, so ${chosen} cannot be kept.`,
      `Leave ${fault.probability < 1 ? 'the probability' : '`requests`'} out, or choose a mode that acts on single requests.`,
    );
  }
  const appliesTo = kind.appliesTo ?? actsByDefaultOn;
  // A provider that is gone, or slow, is the one that predicts: its key service fails where a target says so.
  const isNamedKeyService = (link: ServiceLink): boolean =>
    link.role === 'key' &&
    appliesTo === takesRequests &&
    fault.targets.some((target) => matchesTarget(target, link) && namesService(target));
  const candidates = links.filter((link) => (appliesTo(link) || isNamedKeyService(link)) && isTouched(link, effect));
  for (const target of fault.targets) {
    if (candidates.some((link) => matchesTarget(target, link))) continue;
    throw new SquallError(
      'BAD_SCENARIO',
      `Fault ${fault.name}: target ${target} matches no link that ${fault.kind} with these settings acts on.`,
      candidates.length === 0 ? 'The topology of this scenario has no such link.' : whatCouldMatch(target, candidates),
    );
  }
  return { fault, links: candidates.filter(isTargeted), effect };
};

/** More than these are no help to read. */
const MAX_LISTED = 6;

/** What could have been meant: all links when they are few, else the nearest, written as the target is, with its length and its `*`. */
const whatCouldMatch = (target: string, candidates: readonly ServiceLink[]): string => {
  if (candidates.length <= MAX_LISTED) return `It could match: ${candidates.map(({ id }) => id).join(', ')}.`;
  const parts = target.split('/');
  const alike = ({ provider, region, service }: ServiceLink): string =>
    parts.map((part, index) => (part === '*' ? part : [provider, region, service][index])).join('/');
  return `Nearest: ${byNearness(target, [...new Set(candidates.map(alike))])
    .slice(0, MAX_LISTED)
    .join(', ')}.`;
};

/** Whether the effect does anything to the link. */
const isTouched = (link: ServiceLink, effect: FaultEffect): boolean => {
  const commands = effect.provider?.(link);
  if (isNode(link) && (effect.node?.(link) || effect.container?.(link) || effect.nodeCommands)) return true;
  // Bytes that no one here reads have no requests in them.
  const hasRequests = link.role !== 'tcp';
  return (
    (hasRequests && effect.intercept !== undefined) ||
    effect.connection?.(link) !== undefined ||
    effect.simConnection?.(link) !== undefined ||
    effect.name?.(link) !== undefined ||
    effect.certificate?.(link) !== undefined ||
    (effect.toxics?.(link).length ?? 0) > 0 ||
    (hasRequests && effect.http !== undefined) ||
    (commands !== undefined && commands.onStart.length + commands.onEnd.length > 0)
  );
};
