import { SquallError } from '../../errors.ts';
import { loadIdentityOf } from '../../identity/load-identity.ts';
import { fillEnvironment } from '../../load/doors/http.ts';
import { type DoorName, loadDoors } from '../../load/doors/index.ts';
import type { LoadIdentity } from '../../load/identity/load-identity.ts';
import type { LoadHandle } from '../../load/start-load.ts';
import { identityLinkOf } from '../../topology/identity-link.ts';
import { createStopWatch } from '../../verdict/stop-conditions.ts';
import type { RunEnd } from '../world.ts';
import { type FaultStage, faultActions } from './fault-actions.ts';
import { usageRows } from './recorder.ts';
import type { LiveRun } from './run.ts';
import type { Stage } from './stage.ts';
import { liveNowMs, runTimeline } from './timeline.ts';

/** Sends the load and plays the faults, from the warm-up to the last answer, or until something ends the run early. */
export const play = async (run: LiveRun, stage: Stage): Promise<RunEnd> => {
  const { plan, parts, recorder, ending, cleanUp } = run;
  const { warmupMs, durationMs } = plan.scenario;
  const startEpochMs = liveNowMs() + parts.loadLeadMs + warmupMs;
  recorder.startsAt(startEpochMs);

  const load = startLoad(run, stage, startEpochMs, await identityOf(run, stage));
  const timelineOver = new AbortController();
  cleanUp.defer(async () => timelineOver.abort());
  const actions = faultActions(run.faults, durationMs, {
    wire: namedWire(stage),
    nodes: stage.nodes,
    containers: stage.containers,
    control: (provider, command) => stage.emulators.get(provider)!.control(command),
    sampleUsage: () => readMeters(run, stage),
    onEvent: recorder.event,
  });
  const timeline = runTimeline(actions, startEpochMs, timelineOver.signal);
  timeline.catch((error: Error) => ending.broken(`the timeline failed: ${error.message}`));
  load.done.catch((error: Error) => ending.broken(`the load failed: ${error.message}`));

  // Neither failing settles this: `early` tells of it then.
  const completed = Promise.all([load.done, timeline]).then(
    () => undefined,
    () => ending.early,
  );
  const early = await Promise.race([ending.early, completed]);
  const endedAtMs = recorder.nowMs();
  timelineOver.abort();
  if (!early) return closeMeters(run, stage);
  await load.stop();
  // The system under test is judged on what it did until then; where nothing is judged, the emulators may be gone as well.
  if (early.type === 'sut-exited' || early.type === 'aborted') await readMeters(run, stage).catch(() => undefined);
  return { ...early, atMs: endedAtMs };
};

/** The last reading. Requests due within the timeline may be answered after it: their cost belongs to its last phase. */
const closeMeters = async (run: LiveRun, stage: Stage): Promise<RunEnd> => {
  try {
    await readMeters(run, stage, run.plan.scenario.durationMs);
    if (run.plan.nodes) run.recorder.audits(await stage.nodes.audits());
    run.recorder.connections(stage.wire.connections());
    return { type: 'completed' };
  } catch (error) {
    return { type: 'broken', atMs: run.recorder.nowMs(), text: `the meters can't be read: ${(error as Error).message}` };
  }
};

/** Faults on names befall whoever calls the wire, before it is called. */
const namedWire = ({ wire, names }: Stage): FaultStage['wire'] => ({
  begin(bound) {
    names.begin(bound);
    return wire.begin(bound);
  },
  end(bound) {
    names.end(bound);
    return wire.end(bound);
  },
});

const originFor = (door: DoorName, { doors, nodes, wire }: Stage): string => {
  const { node } = loadDoors[door];
  if (node !== undefined) return wire.originOf(nodes.idOf(node));
  const origin = doors[loadDoors[door].transport];
  if (origin !== undefined) return origin;
  throw new SquallError(
    'BAD_SCENARIO',
    `The load comes by ${door}, and the system under test has no such door.`,
    `Its doors: ${Object.keys(doors).join(', ')}.`,
  );
};

/** What the load's callers make themselves known by: they reach the issuer by a way of their own, not by the wire. */
const identityOf = async ({ plan, identity }: LiveRun, { nodes }: Stage): Promise<LoadIdentity | undefined> => {
  const link = identityLinkOf(plan);
  if (!link || !identity) return undefined;
  const origin = nodes.origins.get(link.id)!;
  return loadIdentityOf(identity, plan.scenario, { origin, isProbed: plan.sut === undefined, nowMs: Date.now() });
};

const startLoad = (
  { plan, hooks, parts, recorder, ending, cleanUp, redactor }: LiveRun,
  stage: Stage,
  timelineStartEpochMs: number,
  identity: LoadIdentity | undefined,
): LoadHandle => {
  const { load, warmupMs, durationMs } = plan.scenario;
  const stopWatch = createStopWatch(plan.scenario.abortWhen ?? [], load);
  const handle = parts.startLoad({
    origin: originFor(load.door, stage),
    plan: load.http ? { ...load, http: fillEnvironment(load.http, stage.environment()) } : load,
    seed: plan.seed,
    warmupMs,
    durationMs,
    timelineStartEpochMs,
    ...(identity ? { identity } : {}),
    onProbes: recorder.probes,
    onSecrets: redactor.learn,
    onRecords(records) {
      recorder.requests(records);
      const reason = stopWatch.add(records, recorder.nowMs());
      if (reason !== undefined) ending.abort(reason);
      hooks.onRecords?.(records, recorder.nowMs());
    },
  });
  cleanUp.defer(handle.stop);
  return handle;
};

/**
 * Reads the meters of all providers into one sample.
 * @param atMs the sample's time; absent takes now
 */
const readMeters = async ({ recorder }: LiveRun, { emulators }: Stage, atMs = recorder.nowMs()): Promise<void> => {
  const rows = await Promise.all([...emulators].map(async ([provider, emulator]) => usageRows(provider, await emulator.usage())));
  recorder.usage(atMs, rows.flat());
};
