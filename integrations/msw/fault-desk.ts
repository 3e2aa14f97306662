import { takesRequests } from '../../harness/emulators/endpoints.ts';
import { SquallError } from '../../harness/errors.ts';
import { type BoundFault, bindFault } from '../../harness/faults/bind.ts';
import { commandsAtEnd, commandsAtStart, type TargetedCommand } from '../../harness/faults/commands.ts';
import { findFaultKind } from '../../harness/faults/index.ts';
import type { Fault } from '../../harness/faults/kind.ts';
import type { ServiceLink } from '../../harness/topology/link.ts';
import { type FaultInput, faultOf } from './fault-input.ts';
import type { OpenClouds } from './open-clouds.ts';

/** A fault that holds until it is lifted. `using` lifts it at the end of the block. */
export interface InjectedFault extends Disposable, AsyncDisposable {
  readonly name: string;
  /** What it acts on, e.g. `aws/us-east-1/sagemaker-runtime`. */
  readonly links: readonly string[];
  /** Resolves when the clouds have been told; requests wait for that by themselves. Rejects where no cloud can do it, and a test that does not look fails for it. */
  readonly landed: Promise<void>;
  /** Takes effect at once. Resolves when the clouds have been told. Once lifted, it does nothing. */
  lift(): Promise<void>;
}

/** Puts faults on clouds, and takes them away. */
export interface FaultDesk {
  /** @throws {SquallError} `BAD_SCENARIO` for settings or a target that can't be; `UNSUPPORTED` for a kind that nothing here carries out */
  inject(input: FaultInput): InjectedFault;
  liftAll(): Promise<void>;
}

/** Here as in the live world; what only the simulated network can do to connections, msw can do too. */
const bind = (fault: Fault, links: readonly ServiceLink[]): BoundFault<ServiceLink> => {
  const bound = bindFault(fault, findFaultKind(fault.kind)?.live ? 'live' : 'sim', links, takesRequests);
  if ((bound.effect.toxics && !bound.effect.simConnection) || bound.effect.http) {
    throw new SquallError(
      'UNSUPPORTED',
      `Fault ${fault.name}: ${fault.kind} touches what is written to connections, and msw has none.`,
      'Run a scenario in the live world, or use `squall up`.',
    );
  }
  return bound;
};

export const createFaultDesk = (clouds: OpenClouds): FaultDesk => {
  const active = new Map<BoundFault<ServiceLink>, InjectedFault>();
  const endpoints = new Map(clouds.endpoints.map((endpoint) => [endpoint.link, endpoint]));

  const tell = (commands: readonly TargetedCommand[]) =>
    Promise.allSettled(commands.map(({ provider, command }) => clouds.control(provider, command)));

  const end = async (bound: BoundFault<ServiceLink>) => {
    if (!active.delete(bound)) return;
    for (const link of bound.links) endpoints.get(link)?.end(bound.fault);
    await tell(commandsAtEnd(bound, active.keys()).flat());
  };

  /** A command may be for services that know no such thing: that is no harm, unless it is so for all. */
  const begin = async ({ fault, effect, links }: BoundFault<ServiceLink>) => {
    for (const link of links) endpoints.get(link)?.begin(fault, effect);
    const outcomes = await tell(commandsAtStart({ fault, effect, links }));
    const refused = outcomes.flatMap((outcome) => (outcome.status === 'rejected' ? [outcome.reason as Error] : []));
    if (refused.length === 0 || refused.length < outcomes.length) return;
    throw new SquallError('BAD_SCENARIO', `${fault.kind} can't act on ${fault.targets.join(', ')}: ${refused[0]!.message}.`);
  };

  return {
    inject(input) {
      const bound = bind(
        faultOf(
          input,
          [...active.values()].map(({ name }) => name),
        ),
        clouds.links,
      );
      const landed = begin(bound);
      const timer = input.for === undefined ? undefined : setTimeout(() => void lift(), bound.fault.forMs);
      const lift = () => {
        clearTimeout(timer);
        return end(bound);
      };
      const injected: InjectedFault = {
        name: bound.fault.name,
        links: bound.links.map(({ id }) => id),
        landed,
        lift,
        [Symbol.dispose]: () => void lift(),
        [Symbol.asyncDispose]: lift,
      };
      active.set(bound, injected);
      return injected;
    },
    async liftAll() {
      await Promise.all([...active.values()].map(({ lift }) => lift()));
    },
  };
};
