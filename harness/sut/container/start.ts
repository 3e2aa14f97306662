import type { RunningContainer } from '../../containers/container.ts';
import type { Containers } from '../../containers/containers.ts';
import { exposedElsewhere } from '../../containers/image.ts';
import type { ContainerSpec } from '../../containers/spec.ts';
import { quietly } from '../../world/live/until-ready.ts';
import { mergeEnvironment, type Readiness } from '../settings.ts';
import type { SutExit, SutOptions, SystemUnderTest } from '../sut.ts';
import { untilAnswering } from '../until-answering.ts';
import type { ContainerReach } from './reach.ts';

/** As the configuration calls them. */
const SETTINGS = { port: '`containerPort` of squall.config.ts', ready: '`ready`' };

export interface ContainerSettings {
  readonly image: string;
  readonly command?: readonly string[] | undefined;
  /** Inside of it. */
  readonly containerPort: number;
  readonly env: Readonly<Record<string, string | null>>;
  readonly ready: Readiness;
}

/** How often it is looked whether it still runs, milliseconds. */
const LOOK_MS = 500;

const readyWhen = ({ ready, containerPort }: ContainerSettings): Pick<ContainerSpec, 'readyWhen'> =>
  ready.log !== undefined
    ? { readyWhen: { type: 'log', pattern: new RegExp(ready.log) } }
    : ready.path !== undefined
      ? { readyWhen: { type: 'http', port: containerPort, path: ready.path } }
      : {};

/** Tells when it has ended by itself. */
const watchExit = (container: RunningContainer, signal: AbortSignal, onExit: (text: string) => void): void => {
  const look = async () => {
    const isRunning = await container.isRunning().catch(() => true);
    if (signal.aborted) return;
    if (isRunning) timer = setTimeout(look, LOOK_MS);
    else onExit(`the container ended: ${container.lastLines(3).join(' / ') || 'it printed nothing'}`);
  };
  let timer = setTimeout(look, LOOK_MS);
  signal.addEventListener('abort', () => clearTimeout(timer));
};

/** Starts the user's image, on the run's network. */
export const startContainerSut = (
  settings: ContainerSettings,
  containers: Containers,
  reach: ContainerReach,
  options: SutOptions,
): SystemUnderTest => {
  const exit = Promise.withResolvers<SutExit>();
  const stopping = new AbortController();

  const start = async () => {
    const given = { ...options.environment(), HOST: '0.0.0.0', PORT: String(settings.containerPort) };
    const container = await containers.start({
      image: settings.image,
      ...(settings.command === undefined ? {} : { command: settings.command }),
      environment: mergeEnvironment(given, settings.env),
      files: options.files(),
      ports: [settings.containerPort],
      network: reach.network,
      aliases: ['sut'],
      hosts: reach.hosts,
      startupTimeoutMs: settings.ready.within,
      settings: SETTINGS,
      ...readyWhen(settings),
    });
    container.onLine((text, stream) => options.onOutput({ stream, text }));
    watchExit(container, stopping.signal, (text) => exit.resolve({ text, signal: null }));
    const origin = `http://127.0.0.1:${container.hostPort(settings.containerPort)}`;
    const { path: _, ...ready } = settings.ready;
    // The engine listens for it before it does: what counts is that it answers.
    await untilAnswering({
      title: `The container ${settings.image}`,
      origin,
      insidePort: settings.containerPort,
      hint: () => exposedElsewhere(settings.image, [settings.containerPort]),
      ready,
      signal: stopping.signal,
    });
    options.onEvent(`the container answers at ${origin}`);
    return { [options.transport]: origin };
  };

  return {
    ready: quietly(start()),
    exited: exit.promise,
    // The run's containers go all together, when what was prepared is closed.
    stop: async () => stopping.abort(new Error('The run has ended.')),
  };
};
