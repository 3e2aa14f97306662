import { SquallError } from '../errors.ts';
import { type BoundFault, bindFault } from '../faults/bind.ts';
import { commandsAtEnd, commandsAtStart, type TargetedCommand } from '../faults/commands.ts';
import { findFaultKind } from '../faults/index.ts';
import type { Fault } from '../faults/kind.ts';
import type { RequestSelector } from '../faults/request-selector.ts';
import { nearestNames } from '../nearest-names.ts';
import { unknownName } from '../scenario/explain.ts';
import { COMMON_SETTINGS, faultEntry } from '../scenario/fault-entry.ts';
import { formatPath, problemsOf } from '../scenario/problem.ts';
import { MAX_DURATION_MS } from '../scenario/units.ts';
import type { ServiceLink } from '../topology/link.ts';
import { takesRequests } from './endpoints.ts';
import type { Stage } from './stage.ts';

/** A fault that holds. Plain data. */
export interface StandingFault {
  readonly name: string;
  readonly kind: string;
  readonly targets: readonly string[];
  readonly settings: Readonly<Record<string, unknown>>;
  readonly probability: number;
  /** Which requests it touches; null for all. */
  readonly requests: RequestSelector | null;
  /** Ids of what it acts on. */
  readonly links: readonly string[];
  /** ISO 8601. */
  readonly startedAt: string;
  /** Until it lifts by itself, milliseconds; null for a fault that stays until it is removed. */
  readonly remainingMs: number | null;
}

/** Puts faults on by hand, and lifts them. */
export interface FaultHand {
  /**
   * @param entry a fault as a scenario file has it, without `at`; `for` may be left out
   * @throws {SquallError} `BAD_FLAG` that says what is wrong with it
   */
  add(entry: unknown): Promise<StandingFault>;
  /** @throws {SquallError} `NOT_FOUND` for a name that no fault has */
  remove(name: string): Promise<void>;
  list(): readonly StandingFault[];
  /** Lifts none: what they act on goes away. */
  close(): void;
}

interface Held {
  readonly bound: BoundFault<ServiceLink>;
  readonly startedAtMs: number;
  /** Null: until it is removed. */
  readonly endsAtMs: number | null;
  readonly timer: NodeJS.Timeout | undefined;
}

const MAX_FAULTS = 100;

export const createFaultHand = (stage: Stage): FaultHand => {
  const held = new Map<string, Held>();

  const carryOut = (commands: readonly TargetedCommand[]) =>
    Promise.allSettled(commands.map(({ provider, command }) => stage.cloud(provider).account.control(command)));

  /** A command may be for services that know no such thing: that is no harm, unless it is so for all. */
  const tellAtStart = async (bound: BoundFault<ServiceLink>) => {
    const outcomes = await carryOut(commandsAtStart(bound));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
    if (refused.length === 0 || refused.length < outcomes.length) return;
    throw new SquallError(
      'BAD_FLAG',
      `${bound.fault.kind} can't act on ${bound.fault.targets.join(', ')}: ${refused[0]!.message}.`,
    );
  };

  const end = async (bound: BoundFault<ServiceLink>) => {
    const others = [...held.values()].map((other) => other.bound);
    const [back, again] = commandsAtEnd(bound, others);
    await stage.wire.end(onWire(bound));
    await carryOut(back);
    await carryOut(again);
  };

  const lift = async (name: string) => {
    const found = held.get(name);
    if (!found) return;
    clearTimeout(found.timer);
    held.delete(name);
    await end(found.bound);
  };

  const describe = ({ bound: { fault, links }, startedAtMs, endsAtMs }: Held): StandingFault => ({
    name: fault.name,
    kind: fault.kind,
    targets: fault.targets,
    settings: fault.settings,
    probability: fault.probability,
    requests: fault.requests ?? null,
    links: links.map(({ id }) => id),
    startedAt: new Date(startedAtMs).toISOString(),
    remainingMs: endsAtMs === null ? null : Math.max(0, endsAtMs - Date.now()),
  });

  return {
    async add(entry) {
      const { fault, isTimed } = readFault(entry, [...held.keys()]);
      if (held.size >= MAX_FAULTS) throw new SquallError('BAD_FLAG', `${MAX_FAULTS} faults hold already, the most at a time.`);
      const bound = bind(fault, stage.links);
      const startedAtMs = Date.now();
      const holding: Held = {
        bound,
        startedAtMs,
        endsAtMs: isTimed ? startedAtMs + fault.forMs : null,
        timer: isTimed ? setTimeout(() => void lift(fault.name), fault.forMs) : undefined,
      };
      held.set(fault.name, holding);
      try {
        await tellAtStart(bound);
        await stage.wire.begin(onWire(bound));
      } catch (error) {
        clearTimeout(holding.timer);
        held.delete(fault.name);
        throw error;
      }
      return describe(holding);
    },
    async remove(name) {
      if (!held.has(name)) throw unknownFault(name, [...held.keys()]);
      await lift(name);
    },
    list: () => [...held.values()].map(describe),
    close() {
      for (const { timer } of held.values()) clearTimeout(timer);
    },
  };
};

/** Without the accounts: no connection leads to them. */
const onWire = (bound: BoundFault<ServiceLink>): BoundFault<ServiceLink> => ({
  ...bound,
  links: bound.links.filter(takesRequests),
});

const unknownFault = (name: string, known: readonly string[]) =>
  new SquallError(
    'NOT_FOUND',
    `No fault is called "${name}".${nearestNames(name, known)}`,
    known.length === 0 ? 'None holds.' : `There are: ${known.join(', ')}.`,
  );

const bind = (fault: Fault, links: readonly ServiceLink[]): BoundFault<ServiceLink> => {
  try {
    const bound = bindFault(fault, 'live', links, takesRequests);
    if (!bound.effect.name) return bound;
  } catch (error) {
    if (!(error instanceof SquallError)) throw error;
    const where = error.code === 'UNSUPPORTED' ? "What acts in sim only can't be done to sockets." : error.remedy;
    const remedy = where
      ?.replace('The topology of this scenario', 'What is up')
      .replace(/^Nearest: .*/, '$& `squall up --env --json` lists all, as `endpoints`.');
    throw new SquallError('BAD_FLAG', error.message, remedy);
  }
  throw new SquallError(
    'BAD_FLAG',
    `Fault ${fault.name}: ${fault.kind} acts on how a system under test looks names up, and callers of what is up do so by themselves.`,
    'Run a scenario with it; the nearest here is region-outage, which refuses connections.',
  );
};

/** The fault's own name, or its kind's, counted on where that is taken. */
const freeName = (given: string | undefined, kind: string, taken: readonly string[]): string => {
  if (given !== undefined) {
    if (taken.includes(given))
      throw new SquallError('BAD_FLAG', `A fault called "${given}" holds already.`, 'Give it another name.');
    return given;
  }
  let free = kind;
  for (let count = 2; taken.includes(free); count += 1) free = `${kind}-${count}`;
  return free;
};

/** What a fault by hand may have: as in a scenario, without a time to start at. */
const settingsByHand = (kind: unknown): readonly string[] => [
  ...COMMON_SETTINGS.filter((name) => name !== 'at'),
  ...Object.keys(findFaultKind(String(kind))?.settings.shape ?? {}),
];

const readFault = (entry: unknown, taken: readonly string[]): { readonly fault: Fault; readonly isTimed: boolean } => {
  if (typeof entry !== 'object' || entry === null || Array.isArray(entry)) {
    throw new SquallError('BAD_FLAG', 'A fault is an object with kind and target, e.g. {"kind":"region-outage","target":"aws"}.');
  }
  if ('at' in entry) throw new SquallError('BAD_FLAG', 'at: a fault that is added by hand starts at once.', 'Leave it out.');
  // A fault without an end has a nominal length, which only shapes that grow over it look at.
  const parsed = faultEntry.safeParse({ for: `${MAX_DURATION_MS}ms`, ...entry, at: '0ms' });
  if (!parsed.success) {
    const known = settingsByHand('kind' in entry ? entry.kind : undefined);
    const problems = problemsOf(parsed.error).map(({ path, message, isAboutKey }) => {
      if (!isAboutKey) return `${formatPath(path)}: ${message}`;
      // A name within another setting has its own list.
      return path.length === 1 ? unknownName('setting', String(path[0]), known) : message;
    });
    throw new SquallError('BAD_FLAG', problems.join('\n'));
  }
  const { name, ...rest } = parsed.data;
  return { fault: { ...rest, name: freeName(name, rest.kind, taken) }, isTimed: 'for' in entry };
};
