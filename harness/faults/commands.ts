import type { ControlCommand } from '../../mocks/control.ts';
import { isNode, type ServiceLink } from '../topology/link.ts';
import type { BoundFault } from './bind.ts';

/** A command, and the provider whose emulator it is for. */
export interface TargetedCommand<On extends ServiceLink = ServiceLink> {
  readonly provider: Exclude<On['provider'], 'stack'>;
  readonly command: ControlCommand;
}

/**
 * Commands that set something which another fault may hold at the same time: when a fault ends and puts it back, those of the faults that go
 * on are given again. Events such as a revocation happen once.
 */
const IS_SETTING: Readonly<Record<ControlCommand['type'], boolean>> = {
  'set-price-multiplier': true,
  'set-quota': true,
  'set-permission': true,
  'set-clock-offset': true,
  'revoke-credential': false,
  'expire-tokens': false,
  'interrupt-instances': false,
  'set-spot-capacity': true,
  'degrade-instances': true,
  'set-key-enabled': true,
  'rotate-keys': false,
};

const commandsOf = <On extends ServiceLink>(
  { links, effect }: BoundFault<On>,
  edge: 'onStart' | 'onEnd',
): readonly TargetedCommand<On>[] =>
  links.flatMap((link) => {
    if (isNode(link)) return [];
    const provider = link.provider as TargetedCommand<On>['provider'];
    return effect.provider?.(link)[edge].map((command) => ({ provider, command })) ?? [];
  });

/** Of several links the same command is sent once. */
const once = <On extends ServiceLink>(commands: readonly TargetedCommand<On>[]): readonly TargetedCommand<On>[] => [
  ...new Map(commands.map((one) => [JSON.stringify(one), one])).values(),
];

/** What the emulators are told when a fault starts. */
export const commandsAtStart = <On extends ServiceLink>(bound: BoundFault<On>): readonly TargetedCommand<On>[] =>
  once(commandsOf(bound, 'onStart'));

/**
 * What the emulators are told when a fault ends, in two goes: what puts things back, and what the other faults hold all the same.
 * @param active the faults that go on
 */
export const commandsAtEnd = <On extends ServiceLink>(
  bound: BoundFault<On>,
  active: Iterable<BoundFault<On>>,
): readonly [back: readonly TargetedCommand<On>[], again: readonly TargetedCommand<On>[]] => [
  once(commandsOf(bound, 'onEnd')),
  once([...active].flatMap((other) => commandsOf(other, 'onStart')).filter(({ command }) => IS_SETTING[command.type])),
];
