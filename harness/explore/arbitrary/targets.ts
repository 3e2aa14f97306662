import fc, { type Arbitrary } from 'fast-check';
import type { Fault, FaultKind } from '../../faults/kind.ts';
import { type AnyLink, isNode } from '../../topology/link.ts';
import { linksTouchedBy } from '../schedule.ts';

/** How many regions of each provider the links stand in, the most of any provider. The stack's own nodes may all go down together. */
export const mostRegionsOfAProvider = (links: readonly AnyLink[]): number => {
  const regions = new Map<string, Set<string>>();
  for (const { provider, region } of links.filter((link) => !isNode(link)))
    regions.set(provider, (regions.get(provider) ?? new Set()).add(region));
  return Math.max(0, ...[...regions.values()].map((of) => of.size));
};

/** What a kind can act on in a topology, as patterns of targets. */
interface Patterns {
  /** Single regions, those of the most preferred links first. */
  readonly narrow: readonly string[];
  /** Providers, and everything. */
  readonly wide: readonly string[];
}

/** Of so many targets that are single regions one is a list of several. */
const SINGLES_PER_SEVERAL = 2;

/** A region of a provider; a node of the stack by itself. */
const patternOf = (link: AnyLink): string => (isNode(link) ? link.id : `${link.provider}/${link.region}`);

/** @returns undefined when the kind can act on nothing */
const patternsOf = (kind: FaultKind, links: readonly AnyLink[], maxRegionsPerProvider: number): Patterns | undefined => {
  const appliesTo = kind.appliesTo ?? (({ role }: AnyLink) => role === 'inference');
  const candidates = links.filter(appliesTo);
  const probe: Fault = {
    name: kind.kind,
    kind: kind.kind,
    targets: [],
    atMs: 0,
    forMs: 1,
    probability: 1,
    settings: kind.settings.parse({}),
  };
  const isWithin = (pattern: string): boolean => {
    const touched = linksTouchedBy({ ...probe, targets: [pattern] }, links);
    return touched !== undefined && mostRegionsOfAProvider(touched) <= maxRegionsPerProvider;
  };
  const narrow = [...new Set(candidates.map(patternOf))].filter(isWithin);
  if (narrow.length === 0) return undefined;
  const providers = [...new Set(candidates.filter((link) => !isNode(link)).map(({ provider }) => provider))];
  const wide = [
    ...providers.filter((provider) => !narrow.includes(`${provider}/global`)),
    ...(providers.length > 0 ? ['*'] : []),
  ].filter(isWithin);
  return { narrow, wide };
};

/**
 * The most preferred regions at once, from one of them to as many as the bounds allow: a design meets its deadline and its last resorts when
 * nothing that it would rather use is left. Fewer is simpler.
 * @returns undefined when the kind can act on nothing
 */
export const preferredTargetsArbitrary = (
  kind: FaultKind,
  links: readonly AnyLink[],
  maxRegionsPerProvider: number,
): Arbitrary<readonly string[]> | undefined => {
  const patterns = patternsOf(kind, links, maxRegionsPerProvider);
  if (!patterns) return undefined;
  const inOrder = withinBounds(patterns.narrow, maxRegionsPerProvider);
  // All of them as often as any fewer.
  return fc.nat(2 * inOrder.length - 2).map((last) => inOrder.slice(0, last + 1));
};

/**
 * Targets that a kind can have in a topology: single regions, several at once, or patterns as wide as the bounds allow. Narrower is
 * simpler.
 * @param maxRegionsPerProvider patterns that touch more are left out
 * @returns undefined when the kind can act on nothing
 */
export const targetsArbitrary = (
  kind: FaultKind,
  links: readonly AnyLink[],
  maxRegionsPerProvider: number,
): Arbitrary<readonly string[]> | undefined => {
  const patterns = patternsOf(kind, links, maxRegionsPerProvider);
  if (!patterns) return undefined;
  const { narrow, wide } = patterns;
  const several = fc.subarray([...narrow], { minLength: 1 }).map((patterns) => withinBounds(patterns, maxRegionsPerProvider));
  // An index, so that each shrinks to a narrower one at any step: single regions first, then several, then patterns.
  const choices: readonly (readonly string[] | 'several')[] = [
    ...narrow.map((pattern) => [pattern]),
    ...Array.from({ length: Math.ceil(narrow.length / SINGLES_PER_SEVERAL) }, () => 'several' as const),
    ...wide.map((pattern) => [pattern]),
  ];
  return fc.tuple(fc.nat(choices.length - 1), several).map(([index, patterns]) => {
    const choice = choices[index]!;
    return choice === 'several' ? patterns : choice;
  });
};

/** The first patterns of each provider, as many as may be. */
const withinBounds = (patterns: readonly string[], max: number): readonly string[] => {
  const counts = new Map<string, number>();
  return patterns.filter((pattern) => {
    const provider = pattern.split('/', 1)[0]!;
    if (provider === 'stack') return true;
    counts.set(provider, (counts.get(provider) ?? 0) + 1);
    return counts.get(provider)! <= max;
  });
};
