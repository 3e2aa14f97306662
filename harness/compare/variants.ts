import { SquallError } from '../errors.ts';
import { nearestNames } from '../nearest-names.ts';
import type { Scenario } from '../scenario/scenario.ts';
import type { Design } from '../serving/config.ts';
import { designPatches } from '../serving/design/designs.ts';
import { applyPatch } from '../serving/design/patch.ts';
import type { Sweep, SweepValue } from './sweep.ts';

/** One of those that are compared: a design, or a design with knobs turned. */
export interface Variant {
  /** Unlike every other's. */
  readonly name: string;
  /** Name of the design. */
  readonly design: string;
  /** What the sweep has set, by knob, in the form of files; empty without a sweep. */
  readonly settings: Readonly<Record<string, string>>;
  readonly patched: Design;
}

/** Designs times values of knobs at most. */
export const MAX_VARIANTS = 200;
export const MAX_SWEEPS = 2;

/**
 * Designs to choose between: the architectures that ship and the scenario's own, not those that are bad in one respect, or that the
 * scenario is there to fail. Of designs that are alike (`reference` and `multi-cloud-priority`) the last.
 */
export const soundDesigns = ({ designs, badDesigns }: Pick<Scenario, 'designs' | 'badDesigns'>): readonly string[] => {
  const sound = Object.keys(designs).filter((name) => designPatches[name]?.kind !== 'flaw' && !badDesigns.includes(name));
  const lastOf = new Map(sound.map((name) => [JSON.stringify(designs[name]), name]));
  return sound.filter((name) => lastOf.get(JSON.stringify(designs[name])) === name);
};

const chooseDesigns = (scenario: Scenario, asked: readonly string[] | undefined, isSweep: boolean): readonly string[] => {
  const known = Object.keys(scenario.designs);
  const names = [...new Set(asked ?? (isSweep ? [scenario.design] : soundDesigns(scenario)))];
  for (const name of names) {
    if (known.includes(name)) continue;
    throw new SquallError(
      'NOT_FOUND',
      `--designs: scenario ${scenario.name} has no design "${name}".${nearestNames(name, known)}`,
      `Designs: ${known.join(', ')}.`,
    );
  }
  if (names.length < 2 && !isSweep) {
    throw new SquallError(
      'BAD_FLAG',
      `--designs: ${names.join(', ')} alone has nothing to be compared with.`,
      'Name two designs or more, or turn a knob of one with --sweep.',
    );
  }
  return names;
};

const checkSweeps = (sweeps: readonly Sweep[]) => {
  if (sweeps.length > MAX_SWEEPS) {
    throw new SquallError('BAD_FLAG', `--sweep: ${sweeps.length} knobs at once.`, `Turn at most ${MAX_SWEEPS}.`);
  }
  const paths = sweeps.map(({ knob }) => knob.path);
  const twice = paths.find((path, index) => paths.indexOf(path) !== index);
  if (twice !== undefined) {
    throw new SquallError('BAD_FLAG', `--sweep: ${twice} is given twice.`, 'Give each knob once, with all its values.');
  }
};

/** Each way to take one value of every knob; without knobs there is one way. */
const combinations = (sweeps: readonly Sweep[]): readonly (readonly (readonly [path: string, value: SweepValue])[])[] =>
  sweeps.reduce<readonly (readonly (readonly [string, SweepValue])[])[]>(
    (ways, { knob, values }) => ways.flatMap((way) => values.map((value) => [...way, [knob.path, value] as const])),
    [[]],
  );

/**
 * What is compared: each design, with each way to turn the knobs.
 * @param asked names of designs; absent: without a sweep all sound ones, with a sweep the scenario's own
 * @throws {SquallError} `NOT_FOUND` for a design that the scenario does not have; `BAD_FLAG` for too few or too many
 */
export const variantsOf = (
  scenario: Scenario,
  asked: readonly string[] | undefined,
  sweeps: readonly Sweep[],
): readonly Variant[] => {
  checkSweeps(sweeps);
  const designs = chooseDesigns(scenario, asked, sweeps.length > 0);
  const ways = combinations(sweeps);
  const count = designs.length * ways.length;
  if (count > MAX_VARIANTS) {
    throw new SquallError(
      'BAD_FLAG',
      `--sweep: ${designs.length} x ${ways.length} makes ${count} variants.`,
      `At most ${MAX_VARIANTS} are compared: name fewer designs, or fewer values with knob=from..to/count.`,
    );
  }
  return designs.flatMap((design) =>
    ways.map((way): Variant => {
      const turned = way.map(([, { written }]) => written).join(', ');
      return {
        name: turned === '' ? design : designs.length === 1 ? turned : `${design} ${turned}`,
        design,
        settings: Object.fromEntries(way.map(([path, { written }]) => [path, written])),
        patched: way.reduce((patched, [, { patch }]) => applyPatch(patched, patch), scenario.designs[design]!),
      };
    }),
  );
};
