import type { ControlCommand } from '../../../mocks/control.ts';
import type { ProviderName } from '../../../mocks/emulator.ts';
import type { BoundFault } from '../../faults/bind.ts';
import { commandsAtEnd, commandsAtStart, type TargetedCommand } from '../../faults/commands.ts';
import type { Link } from '../../topology/link.ts';
import type { Wire } from '../../wire/wire.ts';
import type { TimelineAction } from './timeline.ts';

export interface FaultStage {
  readonly wire: Pick<Wire, 'begin' | 'end'>;
  /** Tells the provider's emulator. */
  control(provider: ProviderName, command: ControlCommand): Promise<void>;
  /** Reads every provider's meters. */
  sampleUsage(): Promise<void>;
  onEvent(text: string): void;
}

/** What the timeline does: meters at 0 and at every edge, faults on and off. Of one moment the ends come first, so that a start has the last word. */
export const faultActions = (faults: readonly BoundFault[], durationMs: number, stage: FaultStage): readonly TimelineAction[] => {
  const active = new Set<BoundFault>();

  const tell = async (commands: readonly TargetedCommand<Link>[]) => {
    await Promise.all(commands.map(({ provider, command }) => stage.control(provider, command)));
  };

  const begin = async (bound: BoundFault) => {
    active.add(bound);
    stage.onEvent(`fault ${bound.fault.name} started on ${bound.fault.targets.join(', ')}: ${inWords(bound.links.length)}`);
    await Promise.all([stage.wire.begin(bound), tell(commandsAtStart(bound))]);
  };

  const end = async (bound: BoundFault) => {
    active.delete(bound);
    stage.onEvent(`fault ${bound.fault.name} ended`);
    const [back, again] = commandsAtEnd(bound, active);
    await Promise.all([stage.wire.end(bound), tell(back), tell(again)]);
  };

  const edges = faults.flatMap(({ fault }) => [fault.atMs, fault.atMs + fault.forMs]);
  const moments = [...new Set([0, ...edges])].filter((atMs) => atMs < durationMs);
  return [
    // The meters are read first: the message before a command's, so that the price it sets counts from here.
    ...moments.map((atMs) => ({ atMs, act: () => stage.sampleUsage() })),
    ...faults.map((bound) => ({ atMs: Math.min(durationMs, bound.fault.atMs + bound.fault.forMs), act: () => end(bound) })),
    ...faults.map((bound) => ({ atMs: bound.fault.atMs, act: () => begin(bound) })),
  ];
};

const inWords = (links: number): string => (links === 1 ? '1 link' : `${links} links`);
