import type { z } from 'zod';
import { SquallError } from '../../harness/errors.ts';
import type { Fault } from '../../harness/faults/kind.ts';
import type * as kinds from '../../harness/faults/kinds.ts';
import type { requestSelector } from '../../harness/faults/request-selector.ts';
import { explain } from '../../harness/scenario/explain.ts';
import { faultEntry, type ParsedFault } from '../../harness/scenario/fault-entry.ts';
import { formatPath, problemsOf } from '../../harness/scenario/problem.ts';

type Kinds = typeof kinds;

/** What every fault has beside the settings of its kind. */
interface CommonInput {
  /** `provider/region/service`, e.g. `aws/us-east-1`; `*` stands for any characters within a part, parts left out at the end match all. */
  readonly target: string | readonly string[];
  /** The kind's when left out. Names the fault in messages, and its draws. */
  readonly name?: string;
  /** Share of the requests that it touches, e.g. `25%` or 0.25; all when left out. */
  readonly probability?: string | number;
  /** Which requests it touches, by method, path and header, every nth, the first n; all when left out. */
  readonly requests?: z.input<typeof requestSelector>;
  /** How long it lasts, e.g. `30s`, on the timers of the test; until it is lifted when left out. */
  readonly for?: string;
}

/** The settings of a kind as they are written; of one that has none, nothing. */
type SettingsInput<Name extends keyof Kinds> =
  z.input<Kinds[Name]['settings']> extends infer Input ? (string extends keyof Input ? unknown : Readonly<Input>) : never;

/** A fault of any kind, with the settings of its kind: the same names and forms as in scenario files (`squall list faults`). */
export type FaultInput = {
  readonly [Name in keyof Kinds]: { readonly kind: Kinds[Name]['kind'] } & CommonInput & SettingsInput<Name>;
}[keyof Kinds];

/** What a fault that grows over its length, such as a ramp of latency, takes for its length when it has none. */
const LENGTH_WITHOUT_END = '1m';

const parse = (input: FaultInput): ParsedFault => {
  const entry = { ...input, at: '0s', for: input.for ?? LENGTH_WITHOUT_END };
  const parsed = faultEntry.safeParse(entry, { error: explain });
  if (parsed.success) return parsed.data;
  const lines = problemsOf(parsed.error).map(({ path, message }) =>
    path.length === 0 ? message : `${formatPath(path)}: ${message}`,
  );
  throw new SquallError('BAD_SCENARIO', `This fault can't be injected. ${lines.join('\n')}`);
};

/**
 * The fault that is meant, checked.
 * @param taken names of the faults that are active
 * @throws {SquallError} `BAD_SCENARIO`, with one line for each problem
 */
export const faultOf = (input: FaultInput, taken: readonly string[]): Fault => {
  const parsed = parse(input);
  if (parsed.name !== undefined && taken.includes(parsed.name)) {
    throw new SquallError(
      'BAD_SCENARIO',
      `A fault called "${parsed.name}" is active already.`,
      'Lift it first, or give this one a name of its own.',
    );
  }
  let name = parsed.name ?? parsed.kind;
  for (let count = 2; taken.includes(name); count += 1) name = `${parsed.kind}-${count}`;
  return { ...parsed, name };
};
