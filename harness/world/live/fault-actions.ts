import type { ControlCommand } from '../../../mocks/control.ts';
import type { ProviderName } from '../../../mocks/emulator.ts';
import type { BoundFault } from '../../faults/bind.ts';
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

/**
 * Commands that set something which another fault may hold at the same time: when a fault ends and puts it back, those of the faults that go
 * on are given again. Events such as a revocation happen once.
 */
const IS_SETTING: Readonly<Record<ControlCommand['type'], boolean>> = {
  'set-price-multiplier': true,
  'set-quota': true,
  'revoke-credential': false,
  'expire-tokens': false,
};

/** What the timeline does: meters at 0 and at every edge, faults on and off. Of one moment the ends come first, so that a start has the last word. */
export const faultActions = (faults: readonly BoundFault[], durationMs: number, stage: FaultStage): readonly TimelineAction[] => {
  const active = new Set<BoundFault>();

  const tell = async (commands: readonly TargetedCommand[]) => {
    const once = new Map(commands.map((one) => [JSON.stringify(one), one]));
    await Promise.all([...once.values()].map(({ provider, command }) => stage.control(provider, command)));
  };

  const begin = async (bound: BoundFault) => {
    active.add(bound);
    stage.onEvent(`fault ${bound.fault.name} started on ${bound.fault.targets.join(', ')}: ${inWords(bound.links.length)}`);
    await Promise.all([stage.wire.begin(bound), tell(commandsOf(bound, 'onStart'))]);
  };

  const end = async (bound: BoundFault) => {
    active.delete(bound);
    stage.onEvent(`fault ${bound.fault.name} ended`);
    const again = [...active].flatMap((other) => commandsOf(other, 'onStart')).filter(({ command }) => IS_SETTING[command.type]);
    await Promise.all([stage.wire.end(bound), tell(commandsOf(bound, 'onEnd')), tell(again)]);
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

interface TargetedCommand {
  readonly provider: ProviderName;
  readonly command: ControlCommand;
}

const commandsOf = ({ links, effect }: BoundFault, edge: 'onStart' | 'onEnd'): readonly TargetedCommand[] =>
  links.flatMap((link) => effect.provider?.(link)[edge].map((command) => ({ provider: link.provider, command })) ?? []);

const inWords = (links: number): string => (links === 1 ? '1 link' : `${links} links`);
