import type { RunningContainer } from '../../../containers/container.ts';
import type { Containers } from '../../../containers/containers.ts';
import { schemeOf } from '../../../topology/container-placements.ts';
import { createOutputLog } from '../output-log.ts';
import type { LiveRun } from '../run.ts';
import { liveNowMs } from '../timeline.ts';
import { startedAs } from './container-spec.ts';
import { type HeldContainer, holdContainer } from './held-container.ts';
import { untilThere } from './until-there.ts';
import type { WantedState } from './wanted.ts';

/** Where the containers of a run come from. */
export interface ContainerSource {
  readonly containers: Containers;
  /** They outlive the run, for the next one of the same command. */
  readonly isShared: boolean;
}

/** What faults do to containers, by the id of their link. */
export interface ContainerHands {
  hold(nodeId: string, wanted: WantedState): Promise<void>;
}

/** The real dependencies of a live run's system under test. */
export interface LiveContainers extends ContainerHands {
  /** Where they are: the wire's upstream, by the id of the link. */
  readonly origins: ReadonlyMap<string, string>;
}

/** What a container printed in an earlier run is told again at once. */
const followed = new WeakSet<RunningContainer>();

/** Everything that it prints, but secrets, goes into `<name>.log` of the run's folder. */
const keepLog = (name: string, container: RunningContainer, { hooks, redactor, cleanUp }: LiveRun): void => {
  if (hooks.folder === undefined) return;
  const log = createOutputLog(hooks.folder, `${name}.log`);
  let isOfNow = !followed.has(container);
  followed.add(container);
  const stop = container.onLine((text, stream) => {
    if (isOfNow) log.add({ epochMs: liveNowMs(), stream, text: redactor.redact(text) });
  });
  isOfNow = true;
  cleanUp.defer(async () => {
    stop();
    log.close();
  });
};

/**
 * Starts the containers of a plan side by side, and resolves when all are ready, and those that run already are there.
 * @throws {SquallError} what `Containers.start` and `untilThere` throw
 */
export const startContainers = async (run: LiveRun): Promise<LiveContainers> => {
  const held = new Map<string, HeldContainer>();
  const origins = new Map<string, string>();
  const over = new AbortController();
  run.cleanUp.defer(async () => over.abort());
  await Promise.all(
    (run.plan.containers ?? []).map(async ({ link, container: described }) => {
      const { source, name } = described;
      if (source.type === 'url') {
        await untilThere(name, source.origin, over.signal);
        origins.set(link.id, source.origin);
        return;
      }
      const { spec, loadKind, port } = startedAs(described)!;
      const { containers, isShared } = run.containers!;
      const startedAtMs = performance.now();
      const container = await containers[isShared ? 'share' : 'start'](spec, loadKind);
      run.recorder.event(`container ${link.id} (${spec.image}) ready after ${Math.round(performance.now() - startedAtMs)} ms`);
      keepLog(name, container, run);
      origins.set(link.id, `${schemeOf(described)}://127.0.0.1:${container.hostPort(port)}`);
      held.set(link.id, holdContainer(link.id, container, run, over.signal));
    }),
  );
  return {
    origins,
    async hold(nodeId, wanted) {
      const found = held.get(nodeId);
      if (!found) throw new TypeError(`the run has no container ${nodeId}`);
      await found.hold(wanted);
    },
  };
};
