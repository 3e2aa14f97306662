import type { ProviderName } from '../../../mocks/emulator.ts';
import { SquallError } from '../../errors.ts';
import { identityConfigOf } from '../../identity/run-identity.ts';
import { loadDoors } from '../../load/doors/index.ts';
import { createNames, type Names } from '../../names/names.ts';
import { withoutDirectory } from '../../serving/identity/config.ts';
import { containerEnvironment } from '../../sut/environment/containers.ts';
import type { FrontDoors } from '../../sut/sut.ts';
import { identityLinkOf } from '../../topology/identity-link.ts';
import { isNode, type Link } from '../../topology/link.ts';
import { faultableLinks } from '../../topology/node-placements.ts';
import { createWire, type Wire } from '../../wire/wire.ts';
import { type LiveContainers, startContainers } from './containers/live-containers.ts';
import type { EmulatorProcess } from './emulator-process.ts';
import { emulatorConfig, gatewayConfig } from './endpoints.ts';
import { type LiveNodes, listenNodes } from './nodes.ts';
import type { EndpointOrigin } from './protocol.ts';
import type { LiveRun } from './run.ts';
import { createSutTrust } from './sut-trust.ts';
import { createTransport } from './transport.ts';

/** Everything that is up when the load begins. */
export interface Stage {
  readonly emulators: ReadonlyMap<ProviderName, EmulatorProcess>;
  readonly wire: Wire;
  /** What the stack calls the wire's ports by. */
  readonly names: Names;
  readonly nodes: LiveNodes;
  readonly containers: LiveContainers;
  /** Where the system under test is reached. */
  readonly doors: FrontDoors;
  /** What it is told by its environment, where it is not ours. Contains secrets. */
  readonly environment: () => Readonly<Record<string, string>>;
}

/**
 * Brings up emulators and nodes, wire and gateway, in this order: each is told where the one before it listens. Whatever it has started is given to the
 * clean-up at once.
 * @throws {SquallError} when one of them fails; any error at once when the run is interrupted meanwhile
 */
export const setStage = async (run: LiveRun): Promise<Stage> => {
  const { plan, parts, redactor, cleanUp, ending, recorder } = run;

  const transport = await createTransport(run);
  const emulators = new Map(
    await Promise.all(
      [...run.accesses].map(async ([provider, access]) => {
        const identity = await transport?.identityOf(
          provider,
          plan.links.filter((link) => link.provider === provider),
        );
        const config = emulatorConfig(plan, provider, access);
        const emulator = parts.startEmulator(config, undefined, recorder.event, redactor.learn, identity);
        cleanUp.defer(emulator.stop);
        return [provider, emulator] as const;
      }),
    ),
  );
  const listeningNodes = listenNodes(run, transport);
  listeningNodes.catch(() => undefined);
  const startedContainers = startContainers(run);
  startedContainers.catch(() => undefined);
  const listening = new Map<ProviderName, readonly EndpointOrigin[]>();
  await unlessEnded(run, Promise.all([...emulators].map(async ([provider, { ready }]) => listening.set(provider, await ready))));
  for (const [provider, { exited }] of emulators) ending.watchPart(`the ${provider} emulator`, exited);

  const nodes = await unlessEnded(run, listeningNodes);
  const containers = await unlessEnded(run, startedContainers);

  const trust = await createSutTrust(run);
  const carried = faultableLinks(plan).filter(({ role }) => role !== 'process');
  const secured = await Promise.all(carried.map(async (link) => transport?.onLink(link)));
  const wire = await createWire({
    links: carried.map((link, index) => ({
      link,
      ...trust.certificatesFor(link),
      ...secured[index],
      ...(plan.firstLinkPort === undefined ? {} : { port: plan.firstLinkPort + index }),
      listenHosts: run.sut.reach.listenHosts,
      upstreamOrigin: isNode(link)
        ? (nodes.origins.get(link.id) ?? containers.origins.get(link.id)!)
        : endpointOf(link, listening.get(link.provider) ?? []),
      isFronted: run.faults.some(({ effect, links }) => effect.toxics !== undefined && links.includes(link)),
    })),
    seed: plan.seed,
    onEvent: recorder.event,
    onBroken: ending.broken,
  });
  cleanUp.defer(wire.close);

  const names = createNames(carried, wire.originOf);
  // Our own stack knows links by names that faults can take from it; another knows them by this machine's address.
  const originOf = plan.sut === undefined ? names.originOf : originsAt(run, wire);
  const identityLink = identityLinkOf(plan);
  const config = {
    ...gatewayConfig(plan, run.accesses, originOf),
    ...(run.identity && identityLink ? { identity: identityConfigOf(run.identity, originOf(identityLink.id)) } : {}),
  };
  const environment = () => ({
    ...containerEnvironment(plan.containers ?? [], originsAt(run, wire)),
    ...trust.environment(config),
  });
  const sut = run.sut.start({
    config: withoutDirectory(config),
    names,
    environment,
    folder: trust.folder,
    files: trust.files,
    identity: await transport?.identityOf('gateway'),
    transport: loadDoors[plan.scenario.load.door].transport,
    ...(plan.gatewayPort === undefined ? {} : { port: plan.gatewayPort }),
    onEvent: recorder.event,
    onOutput: recorder.output,
  });
  cleanUp.defer(sut.stop);
  const [doors] = await unlessEnded(run, Promise.all([sut.ready, nodes.start(config, names)]));
  ending.watchSut(sut.exited);
  return { emulators, wire, names, nodes, containers, doors, environment };
};

/** Origins of links as the system under test comes to them. */
const originsAt =
  ({ sut }: LiveRun, wire: Wire) =>
  (linkId: string): string => {
    const url = new URL(wire.originOf(linkId));
    return `${url.protocol}//${sut.reach.host}:${url.port}`;
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
