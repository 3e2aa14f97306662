import type { RunningContainer } from '../../../containers/container.ts';
import type { ContainerLimits } from '../../../containers/spec.ts';
import type { LiveRun } from '../run.ts';
import { UNTOUCHED, type WantedState } from './wanted.ts';

/** A container of a run, which faults hold. */
export interface HeldContainer {
  /** Makes it so, after what was wanted before; resolves when it is so. */
  hold(wanted: WantedState): Promise<void>;
}

const isDown = (state: WantedState['state']): boolean => state === 'killed' || state === 'stopped';

const isLimit = (limits: ContainerLimits): boolean => Object.keys(limits).length > 0;

const inWords = ({ cpus, memoryMb }: ContainerLimits): string =>
  [...(cpus === undefined ? [] : [`${cpus} processors`]), ...(memoryMb === undefined ? [] : [`${memoryMb} MiB`])].join(', ');

/**
 * Takes a container from one state to the next, one after the other, and watches that it does not end by itself.
 * @param id of its link
 * @param over aborted when the run is
 */
export const holdContainer = (
  id: string,
  container: RunningContainer,
  { recorder, ending }: Pick<LiveRun, 'recorder' | 'ending'>,
  over: AbortSignal,
): HeldContainer => {
  let wanted = UNTOUCHED;
  let current: WantedState = UNTOUCHED;
  /** It waits for its limits to be lifted. */
  let isEndedByLimits = false;
  let chain = Promise.resolve();
  const tell = (text: string) => recorder.event(`container ${id} ${text}`);

  const watch = async (): Promise<void> => {
    const code = await container.ended(over).catch(() => undefined);
    if (code === undefined || over.aborted || isDown(wanted.state) || isEndedByLimits) return;
    // What has too little memory is ended by the kernel: that is what the fault is for.
    if (isLimit(wanted.limits)) {
      isEndedByLimits = true;
      current = { ...current, state: 'killed' };
      return tell(`ended with code ${code} under its limits; it is started again when they are lifted`);
    }
    ending.broken(`the container ${id} ended with code ${code}: ${container.lastLines(3).join(' / ') || 'it printed nothing'}`);
  };

  const raise = async () => {
    const startedAtMs = performance.now();
    await container.start();
    void watch();
    tell(`up again after ${Math.round(performance.now() - startedAtMs)} ms`);
  };

  const limitTo = async (limits: ContainerLimits) => {
    const usedMb = await container.limit({ ...container.spec, ...limits });
    if (usedMb !== undefined) {
      // The kernel takes no limit that is passed already (cgroup v1), and ends what passes one: so does squall.
      isEndedByLimits = true;
      if (current.state === 'paused') await container.unpause();
      await container.kill();
      await container.limit({ ...container.spec, ...limits });
      const limitMb = limits.memoryMb ?? container.spec.memoryMb;
      return tell(
        `killed: it uses ${Math.ceil(usedMb)} MiB, more than its limit of ${limitMb} MiB; it is started again when that is lifted`,
      );
    }
    tell(isLimit(limits) ? `limited to ${inWords(limits)}` : 'has its limits of before');
  };

  const moves: Readonly<
    Record<WantedState['state'], { readonly into: () => Promise<void>; readonly outOf: () => Promise<void> }>
  > = {
    running: { into: async () => undefined, outOf: async () => undefined },
    paused: {
      async into() {
        await container.pause();
        tell('paused');
      },
      async outOf() {
        await container.unpause();
        tell('goes on');
      },
    },
    killed: {
      async into() {
        await container.kill();
        tell('killed');
      },
      outOf: raise,
    },
    stopped: {
      async into() {
        await container.stop();
        tell('stopped');
      },
      outOf: raise,
    },
  };

  const settle = async (next: WantedState) => {
    if (inWords(next.limits) !== inWords(current.limits)) await limitTo(next.limits);
    if (isEndedByLimits && isLimit(next.limits)) {
      current = { ...next, state: 'killed' };
      return;
    }
    isEndedByLimits = false;
    const from = current.state;
    current = next;
    if (from === next.state || (isDown(from) && isDown(next.state))) return;
    await moves[from].outOf();
    await moves[next.state].into();
  };

  void watch();
  return {
    hold(next) {
      wanted = next;
      chain = chain.then(() => settle(next));
      return chain;
    },
  };
};
