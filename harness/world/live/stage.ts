import type { ProviderName } from '../../../mocks/emulator.ts';
import { SquallError } from '../../errors.ts';
import type { FrontDoors } from '../../sut/sut.ts';
import { isNode, type Link } from '../../topology/link.ts';
import { faultableLinks } from '../../topology/node-placements.ts';
import { createWire, type Wire } from '../../wire/wire.ts';
import type { EmulatorProcess } from './emulator-process.ts';
import { emulatorConfig, gatewayConfig } from './endpoints.ts';
import { type LiveNodes, listenNodes } from './nodes.ts';
import type { EndpointOrigin } from './protocol.ts';
import type { LiveRun } from './run.ts';

/** Everything that is up when the load begins. */
export interface Stage {
  readonly emulators: ReadonlyMap<ProviderName, EmulatorProcess>;
  readonly wire: Wire;
  readonly nodes: LiveNodes;
  /** Where the system under test is reached. */
  readonly doors: FrontDoors;
}

/**
 * Brings up emulators and nodes, wire and gateway, in this order: each is told where the one before it listens. Whatever it has started is given to the
 * clean-up at once.
 * @throws {SquallError} when one of them fails; any error at once when the run is interrupted meanwhile
 */
export const setStage = async (run: LiveRun): Promise<Stage> => {
  const { plan, parts, cleanUp, ending, recorder } = run;

  const emulators = new Map(
    [...run.accesses].map(([provider, access]) => {
      const emulator = parts.startEmulator(emulatorConfig(plan, provider, access), undefined, recorder.event);
      cleanUp.defer(emulator.stop);
      return [provider, emulator] as const;
    }),
  );
  const listeningNodes = listenNodes(run);
  listeningNodes.catch(() => undefined);
  const listening = new Map<ProviderName, readonly EndpointOrigin[]>();
  await unlessEnded(run, Promise.all([...emulators].map(async ([provider, { ready }]) => listening.set(provider, await ready))));
  for (const [provider, { exited }] of emulators) ending.watchPart(`the ${provider} emulator`, exited);

  const nodes = await unlessEnded(run, listeningNodes);

  const carried = faultableLinks(plan).filter(({ role }) => role !== 'process');
  const wire = await createWire({
    links: carried.map((link) => ({
      link,
      upstreamOrigin: isNode(link) ? nodes.origins.get(link.id)! : endpointOf(link, listening.get(link.provider) ?? []),
      isFronted: run.faults.some(({ effect, links }) => effect.toxics !== undefined && links.includes(link)),
    })),
    seed: plan.seed,
    onEvent: recorder.event,
    onBroken: ending.broken,
  });
  cleanUp.defer(wire.close);

  const config = gatewayConfig(plan, run.accesses, wire.originOf);
  const sut = parts.startSut({
    config,
    ...(plan.gatewayPort === undefined ? {} : { port: plan.gatewayPort }),
    onEvent: recorder.event,
  });
  cleanUp.defer(sut.stop);
  const [doors] = await unlessEnded(run, Promise.all([sut.ready, nodes.start(config)]));
  ending.watchSut(sut.exited);
  return { emulators, wire, nodes, doors };
};

const endpointOf = (link: Link, endpoints: readonly EndpointOrigin[]): string => {
  const endpoint = endpoints.find(({ region, service }) => region === link.region && service === link.service);
  if (endpoint) return endpoint.origin;
  throw new SquallError('EMULATOR_FAILED', `The ${link.provider} emulator has no endpoint for link ${link.id}.`);
};

/** The promise's value; an error as soon as something ends the run. */
const unlessEnded = <Value>({ ending }: LiveRun, promise: Promise<Value>): Promise<Value> =>
  Promise.race([
    promise,
    ending.early.then((early): never => {
      throw early.type === 'interrupted'
        ? new Error('The run was interrupted.')
        : new SquallError('EMULATOR_FAILED', `The run ended before it began: ${early.text}.`);
    }),
  ]);
