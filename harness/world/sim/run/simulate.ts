import type { FetchHandler, ProviderEmulator, ProviderName } from '../../../../mocks/emulator.ts';
import { providers } from '../../../../mocks/providers.ts';
import { SquallError } from '../../../errors.ts';
import { type BoundFault, bindFault } from '../../../faults/bind.ts';
import { loadIdentityOf } from '../../../identity/load-identity.ts';
import { identityConfigOf, type RunIdentity, secretsOfIdentity } from '../../../identity/run-identity.ts';
import { fillEnvironment } from '../../../load/doors/http.ts';
import { type DoorName, doorOf, loadDoors } from '../../../load/doors/index.ts';
import { type Drive, type DriveOptions, driveOver } from '../../../load/drive-over.ts';
import type { ProbeRecord } from '../../../load/identity/load-identity.ts';
import type { RequestRecord } from '../../../load/sample.ts';
import type { Sample } from '../../../load/samples.ts';
import type { GatewayConfig } from '../../../serving/config.ts';
import { classifyByRules } from '../../../serving/degrade/rules.ts';
import { withoutDirectory } from '../../../serving/identity/config.ts';
import type { Observe } from '../../../serving/observation.ts';
import { sutEnvironment } from '../../../sut/environment.ts';
import type { OutputLine } from '../../../sut/sut.ts';
import { identityLinkOf } from '../../../topology/identity-link.ts';
import { isNode, type Link } from '../../../topology/link.ts';
import { faultableLinks } from '../../../topology/node-placements.ts';
import { createStopWatch } from '../../../verdict/stop-conditions.ts';
import { type CallLog, createCallLog } from '../../call-log.ts';
import type { Access } from '../../live/credentials.ts';
import { emulatorConfig, gatewayConfig, providersOf } from '../../live/endpoints.ts';
import { faultActions } from '../../live/fault-actions.ts';
import { createOutputLog } from '../../live/output-log.ts';
import { usageRows } from '../../live/recorder.ts';
import { createRedactor, type Redactor, secretsInAnswer } from '../../redactor.ts';
import type { RunEnd, RunEvent, RunPlan, TimedNodeRecord, UsageSample } from '../../world.ts';
import { EPOCH_MS, type SimClock } from '../clock.ts';
import type { SimGlobals } from '../globals/install.ts';
import { originOf } from '../network/hosts.ts';
import { NETWORK } from '../network/model.ts';
import { createSimNetwork, type SimNetwork } from '../network/sim-network.ts';
import { createSimProcess, fetchByProcess } from '../process.ts';
import type { SimResult, SimRunOptions } from '../protocol.ts';
import { createCredentialLedger } from './credential-ledger.ts';
import { simIdentity } from './identity.ts';
import { createSimLanes, type SimDoors } from './lanes.ts';
import type { SimModels } from './models.ts';
import { createSimNodes, type SimNodes } from './nodes.ts';
import { createObserver } from './observer.ts';
import { OVERHEADS } from './overheads.ts';
import { createTrace } from './trace.ts';
import type { WireRows } from './wire-rows.ts';

/** A system under test in the simulated world. */
export interface SimSut extends SimDoors {
  /** Ready for requests when it resolves. */
  start(): Promise<void>;
  /** Ends what it does by itself. */
  stop(): void;
}

export interface SutContext {
  readonly config: GatewayConfig;
  /** By which callers come. */
  readonly door: DoorName;
  readonly models: SimModels;
  readonly onEvent: (text: string) => void;
  readonly onObservation: Observe;
  /** What a system that is not ours is told by its environment. Contains secrets. */
  readonly environment: () => Readonly<Record<string, string>>;
  /** A line that it printed. */
  readonly onOutput: (line: OutputLine) => void;
  /** Keeps time still until work of the real world is done. */
  hold<Result>(work: Promise<Result>): Promise<Result>;
}

/** What a simulating thread has ready. */
export interface SimThreadParts {
  readonly clock: SimClock;
  readonly globals: SimGlobals;
  readonly models: SimModels;
  readonly samples: readonly Sample[];
  readonly rows: WireRows;
  /** Makes the system under test of one run. */
  createSut(context: SutContext): Promise<SimSut>;
  /** Whether requests are held to the design's deadline: not where the system under test is the user's. */
  readonly hasDesign: boolean;
  /** Tells when something ends the run from outside, such as an uncaught error. */
  watch(onEnd: (end: SimEnd) => void): RunWatch;
}

export interface RunWatch {
  /** From now on what reaches outside the simulated world ends the run too. */
  guard(): void;
  stop(): void;
}

export type SimEnd = { readonly type: 'sut-exited' | 'aborted' | 'broken'; readonly text: string };

/** What the degrade ladder's model is: stated here too, so that a stack that answers by another is found out. */
const FALLBACK_MODEL = 'digits-small';

/** Where requests are addressed to. */
const FRONT_DOOR = 'http://gateway.squall.test';

/** Carries a plan out in virtual time, from nothing to nothing. */
export const simulate = async (parts: SimThreadParts, plan: RunPlan, options: SimRunOptions): Promise<SimResult> => {
  const faults = plan.scenario.faults.map((fault) => bindFault(fault, 'sim', faultableLinks(plan)));
  const { clock, globals, models } = parts;
  clock.reset();
  globals.seed(plan.seed);
  models.reset();
  try {
    return await new SimulatedRun(parts, plan, options, faults).run();
  } finally {
    globals.setFetch(async () => {
      throw new TypeError('fetch failed', { cause: new Error('the run is over') });
    });
    clock.reset();
  }
};

const mintAccess = async (provider: ProviderName): Promise<Access> => {
  const credential = await providers[provider].mintCredential();
  const token = crypto.getRandomValues(new Uint8Array(32));
  return { credential, secretStoreToken: Buffer.from(token).toString('base64url') };
};

/** What one run holds; a class, for its stages share nearly all of it. */
class SimulatedRun {
  readonly parts: SimThreadParts;
  readonly plan: RunPlan;
  readonly options: SimRunOptions;
  readonly faults: readonly BoundFault[];
  readonly observer: ReturnType<typeof createObserver>;
  readonly trace: ReturnType<typeof createTrace> | undefined;
  readonly callLog: CallLog | undefined;
  readonly ledger = createCredentialLedger(() => Date.now());
  readonly requests: RequestRecord[] = [];
  readonly probes: ProbeRecord[] = [];
  /** Absent where nobody issues tokens. */
  readonly identity: RunIdentity | undefined;
  readonly events: RunEvent[] = [];
  readonly output = createOutputLog();
  readonly usage: UsageSample[] = [];
  network?: SimNetwork;
  readonly emulators = new Map<ProviderName, ProviderEmulator>();
  readonly nodes: SimNodes;
  readonly nodeRecords: TimedNodeRecord[] = [];
  audits: Readonly<Record<string, unknown>> | undefined;
  redactor: Redactor = createRedactor([]);
  zeroMs = 0;
  end: RunEnd | undefined;
  /** Why the run can't start. */
  refusal: SquallError | undefined;
  watch: RunWatch | undefined;

  constructor(parts: SimThreadParts, plan: RunPlan, options: SimRunOptions, faults: readonly BoundFault[]) {
    const { scenario } = plan;
    this.parts = parts;
    this.plan = plan;
    this.options = options;
    this.faults = faults;
    this.identity = identityLinkOf(plan) && simIdentity(plan);
    this.trace = options.trace ? createTrace(faultableLinks(plan)) : undefined;
    this.callLog = scenario.recorded ? createCallLog() : undefined;
    this.nodes = createSimNodes({
      nodes: plan.nodes ?? [],
      models: parts.models,
      ...(this.canPause() ? { createProcess: () => createSimProcess(parts.clock) } : {}),
      onEvent: this.event,
      onRecord: (nodeId, record) => this.nodeRecords.push({ atMs: parts.clock.now(), nodeId, record }),
    });
    this.observer = createObserver({
      nowMs: parts.clock.now,
      deadlineMs: parts.hasDesign && plan.design.deadlineMs !== false ? plan.design.deadlineMs : null,
      door: doorOf(scenario.load),
      predictions: parts.samples.map(({ pixels }) => parts.models.known(scenario.load.model, pixels)!),
      degraded: {
        'fallback-model': (sampleIndex) => parts.models.known(FALLBACK_MODEL, parts.samples[sampleIndex]!.pixels),
        rules: (sampleIndex) => ({ label: classifyByRules(parts.samples[sampleIndex]!.pixels) }),
      },
      rows: parts.rows,
    });
  }

  redact = (text: string): string => this.redactor.redact(text);

  nowMs = (): number => this.parts.clock.now() - this.zeroMs;

  event = (text: string): void => {
    const atMs = this.parts.clock.now();
    this.trace?.event(atMs, this.redact(text));
    this.events.push({ atMs, text: this.redact(text) });
  };

  endEarly = ({ type, text }: SimEnd): void => {
    this.end ??= { type, atMs: this.nowMs(), text: this.redact(text) };
  };

  async run(): Promise<SimResult> {
    const { clock } = this.parts;
    this.watch = this.parts.watch(this.endEarly);
    try {
      const work = this.work();
      work.catch((error: unknown) => {
        if (error instanceof SquallError) this.refusal = error;
        this.endEarly({ type: 'broken', text: error instanceof Error ? error.message : String(error) });
      });
      const outcome = await clock.run(() => this.end !== undefined);
      if (outcome === 'idle')
        this.endEarly({ type: 'broken', text: 'nothing is left that could happen, and the run is not over' });
    } catch (error) {
      this.endEarly({ type: 'sut-exited', text: error instanceof Error ? `${error.name}: ${error.message}` : String(error) });
    } finally {
      this.watch.stop();
    }
    if (this.refusal) throw new SquallError(this.refusal.code, this.redact(this.refusal.message), this.refusal.remedy);
    return this.result();
  }

  /** Whether a node of the stack is to stand still: keeping account of whose code runs is not free. */
  canPause(): boolean {
    return this.faults.some(({ links, effect }) => links.some((link) => isNode(link) && effect.node?.(link) === 'paused'));
  }

  /** Brings everything up, sends the load, plays the faults. */
  async work(): Promise<void> {
    const { clock, globals } = this.parts;
    const { scenario } = this.plan;
    const accesses = new Map<ProviderName, Access>();
    for (const provider of providersOf(scenario.topology)) accesses.set(provider, await mintAccess(provider));
    this.redactor = createRedactor(accesses.values(), this.identity ? secretsOfIdentity(this.identity) : []);
    for (const [provider, access] of accesses) {
      this.ledger.issue(access.credential);
      const config = emulatorConfig(this.plan, provider, access);
      this.emulators.set(
        provider,
        await providers[provider].createEmulator(config, {
          models: this.parts.models,
          onEvent: (text) => this.event(`${provider}/${text}`),
        }),
      );
    }
    const network = this.createNetwork();
    this.network = network;
    globals.setFetch(this.canPause() ? fetchByProcess(network.fetch) : network.fetch);
    const byId = new Map(
      faultableLinks(this.plan).map((link) => [link.id, originOf(link, this.plan.design.transport !== false)]),
    );
    const identityLink = identityLinkOf(this.plan);
    const config = {
      ...gatewayConfig(this.plan, accesses, (id) => byId.get(id)!),
      ...(this.identity && identityLink ? { identity: identityConfigOf(this.identity, byId.get(identityLink.id)!) } : {}),
    };
    const environment = () => sutEnvironment(config, new Map([...accesses].map(([name, { credential }]) => [name, credential])));
    const sut = await this.parts.createSut({
      config: withoutDirectory(config),
      door: scenario.load.door,
      models: this.parts.models,
      onEvent: this.event,
      onObservation: this.observer.onObservation,
      environment,
      onOutput: ({ stream, text }) => this.output.add({ epochMs: clock.now(), stream, text: this.redact(text) }),
      hold: clock.hold,
    });
    this.watch?.guard();
    await Promise.all([sut.start(), this.nodes.start(config)]);
    this.zeroMs = Math.ceil(clock.now()) + scenario.warmupMs;
    await this.play(sut, network, environment);
    this.sampleUsage(scenario.durationMs);
    if (this.plan.nodes) this.audits = await this.nodes.audits();
    sut.stop();
    this.nodes.stop();
    this.end ??= { type: 'completed' };
  }

  createNetwork(): SimNetwork {
    const { clock } = this.parts;
    return createSimNetwork({
      links: faultableLinks(this.plan)
        .filter(({ role }) => role !== 'process')
        .map((link) => ({ link, handler: isNode(link) ? this.nodes.handlerOf(link.id) : this.handlerOf(link) })),
      seed: this.plan.seed,
      clock,
      model: NETWORK,
      overheadMs: OVERHEADS.wireMs,
      observer: {
        onCall: (link, request) => {
          if (link.role === 'price' || isNode(link)) return undefined;
          if (link.role !== 'inference') return (response) => void this.ledger.onAnswer(link, response).catch(() => undefined);
          const atMs = clock.now();
          const credential = this.ledger.standingOf(link, request);
          return ({ status }) => this.observer.onCall({ linkId: link.id, atMs, status, credential });
        },
        onBegin: (link, request) =>
          link.role === 'inference' ? this.observer.onExchange(link.id, request.knownText ?? '') : undefined,
        ...(this.trace || this.callLog
          ? {
              onExchange: (link, startMs, end) => {
                this.trace?.exchange(link, startMs, clock.now(), end);
                if (link.role === 'inference') this.callLog?.add(link.id, startMs, clock.now(), Number(end) || 0);
              },
            }
          : {}),
        onEvent: this.event,
        onBroken: (text) => this.endEarly({ type: 'broken', text }),
      },
    });
  }

  handlerOf({ provider, region, service, id }: Link): FetchHandler {
    const endpoint = this.emulators
      .get(provider)!
      .endpoints.find((one) => one.region === region && one.definition.service === service);
    if (!endpoint) throw new Error(`the ${provider} emulator has no endpoint for link ${id}`);
    const { role } = endpoint.definition;
    if (role !== 'secret' && role !== 'token') return endpoint.fetch;
    return async (request) => {
      const answer = await endpoint.fetch(request);
      this.redactor.learn(await secretsInAnswer(role, answer));
      return answer;
    };
  }

  async play(sut: SimSut, network: SimNetwork, environment: SutContext['environment']): Promise<void> {
    const { clock, samples } = this.parts;
    const { load, warmupMs, durationMs } = this.plan.scenario;
    const actions = faultActions(this.faults, durationMs, {
      wire: network,
      nodes: this.nodes,
      control: (provider, command) => {
        this.ledger.onControl(provider, command);
        return this.emulators.get(provider)!.control(command);
      },
      sampleUsage: async () => this.sampleUsage(this.nowMs()),
      onEvent: this.event,
    });
    const acting = actions.map(
      ({ atMs, act }) =>
        new Promise<void>((resolve, reject) => void clock.at(this.zeroMs + atMs, () => void act().then(resolve, reject))),
    );
    const door = loadDoors[load.door];
    const { abortWhen } = this.plan.scenario;
    const stopWatch = abortWhen && createStopWatch(abortWhen, load);
    const nodeLink = door.node && this.plan.nodes?.find(({ link }) => link.kind === door.node)?.link;
    const identity = await this.loadIdentity();
    const driving: Drive = driveOver(
      {
        ...identity,
        onProbe: (record) => void this.probes.push(record),
        onSecret: (token) => this.redactor.learn([token]),
        origin: nodeLink ? originOf(nodeLink) : FRONT_DOOR,
        plan: load.http ? { ...load, http: fillEnvironment(load.http, environment()) } : load,
        seed: this.plan.seed,
        warmupMs,
        durationMs,
        timelineStartEpochMs: EPOCH_MS + this.zeroMs,
        samples,
        onRecord: (record) => {
          this.requests.push(record);
          const reason = stopWatch?.add([record], this.nowMs());
          if (reason !== undefined) this.endEarly({ type: 'aborted', text: reason });
        },
      },
      createSimLanes({
        clock,
        transport: door.transport,
        doors: nodeLink ? { fetch: (request) => network.fetch(request) } : sut,
        overheadMs: OVERHEADS.gatewayMs,
        observer: this.observer,
      }),
    );
    await Promise.all([driving.done, ...acting]);
  }

  /** Callers have a way of their own to the issuer: faults on the stack's do not befall them. */
  async loadIdentity(): Promise<Pick<DriveOptions, 'identity' | 'fetch'>> {
    const link = identityLinkOf(this.plan);
    if (!link || !this.identity) return {};
    const answer = this.nodes.handlerOf(link.id);
    return {
      identity: await loadIdentityOf(this.identity, this.plan.scenario, {
        origin: originOf(link),
        isProbed: this.plan.sut === undefined,
        nowMs: Date.now(),
      }),
      fetch: (input, init) => answer(new Request(input, init)),
    };
  }

  sampleUsage(atMs: number): void {
    const rows = [...this.emulators].flatMap(([provider, emulator]) => usageRows(provider, emulator.usage()));
    this.usage.push({ atMs, rows });
  }

  result(): SimResult {
    const { zeroMs } = this;
    if (this.end?.type === 'sut-exited' || this.end?.type === 'aborted') this.sampleUsage(this.nowMs());
    return {
      startedAt: new Date(EPOCH_MS).toISOString(),
      requests: this.requests,
      ...(this.probes.length > 0 ? { probes: this.probes } : {}),
      events: this.events.map(({ atMs, text }) => ({ atMs: Math.round(atMs - zeroMs), text })),
      usage: this.usage.toSorted((a, b) => a.atMs - b.atMs),
      end: this.end!,
      ...this.output.record((ms) => Math.round(ms - zeroMs)),
      ...(this.callLog ? { calls: this.callLog.calls(zeroMs) } : {}),
      ...(this.audits
        ? { nodeRecords: this.nodeRecords.map((seen) => ({ ...seen, atMs: seen.atMs - zeroMs })), audits: this.audits }
        : {}),
      observations: this.observer.observations(zeroMs),
      ...(this.network ? { connections: this.network.connections() } : {}),
      ...(this.trace ? { trace: this.trace.toJson(this.plan.scenario.faults, this.requests, zeroMs) } : {}),
    };
  }
}
