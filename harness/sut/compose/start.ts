import { writeFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import type { StartedDockerComposeEnvironment, StartedTestContainer } from 'testcontainers';
import type { Containers } from '../../containers/containers.ts';
import { exposedElsewhere } from '../../containers/image.ts';
import { createLogLines, followContainer, type LogLines } from '../../containers/log-lines.ts';
import { containerProblem } from '../../containers/problem.ts';
import { type EngineContainer, loadTestcontainers } from '../../containers/testcontainers.ts';
import { SquallError } from '../../errors.ts';
import { quietly } from '../../world/live/until-ready.ts';
import type { ContainerReach } from '../container/reach.ts';
import { mergeEnvironment, type Readiness } from '../settings.ts';
import type { SutExit, SutOptions, SystemUnderTest } from '../sut.ts';
import { untilAnswering } from '../until-answering.ts';
import { watchOutput } from '../watch-output.ts';
import { endOf, whyNone, wordsOf } from './ended.ts';
import { overrideOf } from './override.ts';
import type { ComposeProgram } from './program.ts';

export interface ComposeSettings {
  /** Absolute. */
  readonly file: string;
  readonly services: readonly string[];
  /** Services that Compose builds, and that name no image. */
  readonly built: readonly string[];
  readonly entry: string;
  readonly entryPort: number;
  readonly env: Readonly<Record<string, string | null>>;
  readonly ready: Readiness;
}

/** How often it is looked whether the entry still runs, milliseconds. */
const LOOK_MS = 500;

/** `squall-1a2b_gateway_1` and `squall-1a2b-gateway-1` are of the service gateway: Compose 1 and 2. */
const serviceOf = (services: readonly string[], container: string): string | undefined =>
  services.find((service) =>
    new RegExp(`(?:^|[-_])${service.replaceAll(/[.*+?^$()[\]{}|\\]/g, '\\$&')}[-_]\\d+$`).test(container),
  );

/** Brings the services of a Compose file up, each of them told its links. */
export const startCompose = (
  settings: ComposeSettings,
  program: ComposeProgram,
  containers: Containers,
  reach: ContainerReach,
  options: SutOptions,
): SystemUnderTest => {
  const { entry, entryPort, services, built } = settings;
  const exit = Promise.withResolvers<SutExit>();
  const stopping = new AbortController();
  const output = watchOutput(settings.ready.log);
  void exit.promise.then(({ text }) =>
    stopping.abort(new SquallError('SUT_FAILED', `The system under test is not there: ${text}, before it was ready.`)),
  );
  const project = `squall-${containers.runId}`;

  const writeOverride = (environment: Readonly<Record<string, string>>): string => {
    const [kept] = Object.keys(options.files());
    const file = join(options.folder, 'squall.yaml');
    const text = overrideOf({
      services,
      built,
      entry,
      entryPort,
      environment,
      hosts: reach.hosts,
      folder: kept === undefined ? undefined : dirname(kept),
      labels: containers.labels,
    });
    writeFileSync(file, text, { mode: 0o600 });
    return file;
  };

  const engineOf = async (container: StartedTestContainer): Promise<EngineContainer> => {
    const { getContainerRuntimeClient } = await loadTestcontainers();
    return (await getContainerRuntimeClient()).container.getById(container.getId());
  };

  const listen = async (service: string, container: EngineContainer) => {
    const log = createLogLines();
    log.onLine((text, stream) => {
      if (service === entry) output.add({ stream, text });
      options.onOutput({ stream, text: `${service}: ${text}` });
    });
    await followContainer(log, container);
    stopping.signal.addEventListener('abort', log.close);
    return log;
  };

  const watchExit = (container: EngineContainer, lastWords: () => string) => {
    const look = async () => {
      const state = await container.inspect().then(
        ({ State }) => State,
        () => undefined,
      );
      if (stopping.signal.aborted) return;
      if (state?.Running !== false) setTimeout(look, LOOK_MS);
      else exit.resolve({ text: endOf(entry, state.ExitCode, lastWords()), signal: null });
    };
    void look();
  };

  const start = async () => {
    const given = { ...options.environment(), HOST: '0.0.0.0', PORT: String(entryPort) };
    const environment = mergeEnvironment(given, settings.env);
    const { DockerComposeEnvironment, Wait } = await loadTestcontainers();
    const compose = new DockerComposeEnvironment(dirname(settings.file), [settings.file, writeOverride(environment)])
      .withProjectName(project)
      .withAutoCleanup(false)
      .withEnvironment(environment)
      // Readiness is looked at from outside, once it is up.
      .withDefaultWaitStrategy(Wait.forSuccessfulCommand('true').withStartupTimeout(1))
      .withStartupTimeout(settings.ready.within)
      .withClientOptions(program ? { executable: program } : {});
    // What Compose has started goes with the run's containers, also when squall is killed.
    const label = `com.docker.compose.project=${project}`;
    const up: StartedDockerComposeEnvironment = await containers
      .createBy(label, () => compose.up())
      .catch((error: unknown) => {
        throw containerProblem(`The services of ${settings.file} can't be brought up`, error);
      });
    const started = (up as unknown as { readonly startedGenericContainers: Readonly<Record<string, StartedTestContainer>> })
      .startedGenericContainers;
    const byService = new Map(Object.entries(started).map(([name, container]) => [serviceOf(services, name) ?? name, container]));
    const logs = new Map<string, LogLines>();
    for (const [service, container] of byService) logs.set(service, await listen(service, await engineOf(container)));
    const container = byService.get(entry);
    if (!container) {
      const label = [`com.docker.compose.project=${project}`, `com.docker.compose.service=${entry}`];
      throw new SquallError('SUT_FAILED', await whyNone(entry, label, (ended) => listen(entry, ended)));
    }
    const engine = await engineOf(container);
    const lastWords = () => wordsOf(logs.get(entry)!);
    watchExit(engine, lastWords);
    const origin = `http://127.0.0.1:${container.getMappedPort(entryPort)}`;
    await Promise.all([
      output.seen(stopping.signal, settings.ready.within),
      untilAnswering({
        title: `The service ${entry}`,
        origin,
        insidePort: entryPort,
        ready: settings.ready,
        signal: stopping.signal,
        hint: async () => exposedElsewhere((await engine.inspect()).Config.Image, [entryPort]),
        lastWords,
      }),
    ]);
    options.onEvent(`the service ${entry} answers at ${origin}`);
    return { [options.transport]: origin };
  };

  return {
    ready: quietly(start()),
    exited: exit.promise,
    async stop() {
      stopping.abort(new Error('The run has ended.'));
    },
  };
};
