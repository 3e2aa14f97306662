import { SquallError } from '../errors.ts';
import { bindFault } from '../faults/bind.ts';
import type { Fault } from '../faults/kind.ts';
import type { AnyLink } from '../topology/link.ts';
import { reservedPhaseNames } from '../verdict/phases.ts';
import type { ParsedFault } from './fault-entry.ts';
import type { Report } from './problem.ts';
import type { ParsedScenario } from './schema.ts';

/** A fault without a name is called by its kind; a further one of the kind `kind-2`, and so on. */
const nameFaults = (parsed: readonly ParsedFault[]): readonly string[] => {
  const taken = new Set(parsed.flatMap(({ name }) => name ?? []));
  return parsed.map(({ name, kind }) => {
    if (name !== undefined) return name;
    let free = kind;
    for (let count = 2; taken.has(free); count += 1) free = `${kind}-${count}`;
    taken.add(free);
    return free;
  });
};

/** What a fault's kind has against it, in one sentence or two; the world's own limits are said before a run. */
const objectionTo = (fault: Fault, links: readonly AnyLink[]): string | undefined => {
  try {
    bindFault(fault, 'live', links);
    return undefined;
  } catch (error) {
    if (!(error instanceof SquallError)) throw error;
    return error.code === 'BAD_SCENARIO' ? [error.message, error.remedy].filter(Boolean).join(' ') : undefined;
  }
};

const checkBinding = (fault: Fault, links: readonly AnyLink[], report: (part: string, message: string) => void): void => {
  const toTarget = objectionTo({ ...fault, probability: 1 }, links);
  const toProbability = toTarget ? undefined : objectionTo(fault, links);
  if (toTarget) report('target', toTarget);
  if (toProbability) report('probability', toProbability);
};

/** Names the faults, and reports those that the timeline or the topology has no place for. */
export const resolveFaults = (
  { faults: parsed, duration }: ParsedScenario,
  links: readonly AnyLink[],
  reportAt: Report,
): readonly Fault[] => {
  const names = nameFaults(parsed);
  return parsed.map((entry, index) => {
    const report = (part: string, message: string) => reportAt(['faults', index, part], message);
    const fault: Fault = { ...entry, name: names[index]! };
    if (reservedPhaseNames.includes(fault.name)) report('name', `"${fault.name}" names a phase already; expected another name`);
    if (names.indexOf(fault.name) < index) report('name', `another fault is called "${fault.name}"; expected a name of its own`);
    if (fault.atMs >= duration) report('at', `the fault starts after the timeline ends; expected less than ${duration / 1000}s`);
    else if (fault.atMs + fault.forMs > duration) {
      report('for', `the fault lasts to ${(fault.atMs + fault.forMs) / 1000}s, and the timeline ends at ${duration / 1000}s`);
    }
    checkBinding(fault, links, report);
    return fault;
  });
};
