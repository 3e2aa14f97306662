import { isSuccess, type LoadCaller, type LoadDoor } from '../doors/door.ts';
import type { CreateLanes, Lane, LaneEnd, LaneRequest } from '../lane.ts';
import type { Sample } from '../samples.ts';
import type { CallerTokens } from './caller-tokens.ts';
import type { Intrusion, LoadIdentity, ProbeRecord } from './load-identity.ts';

/** Requests that must get no answer, beside a load. */
export interface Prober {
  start(): void;
  stop(): Promise<void>;
}

export interface ProberOptions extends Pick<LoadIdentity, 'hostile' | 'intrusions'> {
  readonly origin: string;
  readonly door: LoadDoor;
  readonly model: string;
  readonly samples: readonly Sample[];
  readonly tokens: CallerTokens;
  /** Uniform draws in [0, 1) of its own. */
  random(): number;
  /** Milliseconds after the measured timeline began. */
  nowMs(): number;
  readonly endMs: number;
  readonly createLanes: CreateLanes;
  onProbe(record: ProbeRecord): void;
}

/** Two a second, and while somebody intrudes four more: enough to be seen, too few to be a load. */
const EVERY_MS = 500;
const INTRUSION_EVERY_MS = 250;
const LANES = 4;
/** An answer that takes longer is none. */
const TIMEOUT_MS = 3000;
/** Every so many probes ask for something else than a prediction. */
const ELSEWHERE_EVERY = 3;

const NOBODY: LoadCaller = { tenant: '', priority: 'default' };
const NAMED_BY_INTRUDER = 'somebody-else';
const OTHER_MODEL = 'another';

/** What is there beside predictions: how the stack is, what it serves, and the own interfaces of its parts. */
const elsewhereOf = ({ transport, node }: LoadDoor, model: string): readonly Pick<LaneRequest, 'method' | 'path' | 'body'>[] => {
  if (transport === 'grpc') {
    return ['ServerLive', 'ServerReady', 'ServerMetadata'].map((method) => ({
      path: `/inference.GRPCInferenceService/${method}`,
      body: new Uint8Array(0),
    }));
  }
  const paths =
    node === 'queue'
      ? ['/figures', '/dead-letters', '/results?after=0&max=10&waitMs=0']
      : node === 'stream'
        ? ['/windows', '/partitions/0', '/partitions/0/events?from=0&max=1&waitMs=0']
        : ['/v2', '/v2/health/live', '/v2/health/ready', `/v2/models/${model}`, `/v2/models/${model}/ready`, '/v2/jobs/squall-0'];
  return paths.map((path) => ({ method: 'GET' as const, path, body: '' }));
};

/** Whether two requests ask for the same. */
const isSameQuestion = (one: LaneRequest, other: LaneRequest): boolean =>
  one.path === other.path &&
  String(one.body).replace(/"eventTimeMs":\d+/, '') === String(other.body).replace(/"eventTimeMs":\d+/, '');

export const createProber = (options: ProberOptions): Prober => {
  const { origin, door, model, samples, tokens, random, nowMs, endMs, onProbe, hostile = [], intrusions = [] } = options;
  const requestOf = door.requests(model, samples);
  const requestOfOther = door.requests(OTHER_MODEL, samples);
  const elsewhere = elsewhereOf(door, model);
  const idle: Lane[] = [];
  const timers = new Set<ReturnType<typeof setTimeout>>();
  const lanes = options.createLanes({ origin, count: LANES, onIdle: (lane) => void idle.push(lane) });
  idle.push(...lanes.lanes);
  let sent = 0;
  let tried = 0;

  const statusOf = (end: LaneEnd): number => (end.type === 'lost' ? 0 : door.marksOf(end).status);

  const send = (kind: string, request: Omit<LaneRequest, 'id' | 'sampleIndex'>, sampleIndex: number): void => {
    const lane = idle.pop();
    if (!lane) return;
    const sentMs = nowMs();
    const id = `probe-${sent}`;
    sent += 1;
    const giveUp = setTimeout(() => {
      timers.delete(giveUp);
      lane.abort();
    }, TIMEOUT_MS);
    timers.add(giveUp);
    lane.send({ ...request, id, sampleIndex, isProbe: true }, (end) => {
      clearTimeout(giveUp);
      timers.delete(giveUp);
      const status = statusOf(end);
      onProbe({ kind, path: request.path, sentMs, endMs: nowMs(), status, isAnswered: isSuccess(status) });
    });
  };

  const draw = (count: number): number => Math.min(count - 1, Math.floor(random() * count));

  const predict = (of: typeof requestOf, caller: LoadCaller, sampleIndex: number): LaneRequest =>
    of({ id: `probe-${sent}`, sampleIndex, caller, timeoutMs: TIMEOUT_MS });

  const withHeader = (request: LaneRequest, authorization: string | undefined) => ({
    ...request,
    headers: { ...request.headers, ...(authorization === undefined ? {} : { authorization }) },
  });

  const probe = (): void => {
    if (hostile.length === 0) return;
    // Each in turn: the shortest run has seen them all.
    const { kind, authorization } = hostile[tried % hostile.length]!;
    tried += 1;
    const sampleIndex = draw(samples.length);
    // Whoever is known may ask what there is: elsewhere only those are tried whom nobody knows.
    const isKnown = kind === 'no-privilege' || kind === 'other-model';
    const other = elsewhere[draw(elsewhere.length)]!;
    const request =
      !isKnown && (tried + Math.floor(tried / hostile.length)) % ELSEWHERE_EVERY === 0
        ? { ...other, headers: {} }
        : predict(requestOf, NOBODY, sampleIndex);
    send(kind, withHeader(request as LaneRequest, authorization), sampleIndex);
  };

  /** What a thief has, from the moment of the theft. */
  const stolen = new Map<Intrusion, string>();

  const intrude = (intrusion: Intrusion): void => {
    const { kind, tenant } = intrusion;
    const header = tokens.headerOf(tenant);
    const sampleIndex = draw(samples.length);
    if (kind === 'stolen-token') {
      if (!stolen.has(intrusion) && header !== undefined) stolen.set(intrusion, header);
      send(kind, withHeader(predict(requestOf, NOBODY, sampleIndex), stolen.get(intrusion)), sampleIndex);
    } else if (kind === 'other-model') {
      const request = predict(requestOfOther, NOBODY, sampleIndex);
      // By some doors no model is named: it would be a request like any other.
      if (isSameQuestion(request, predict(requestOf, NOBODY, sampleIndex))) return;
      send(kind, withHeader(request, header), sampleIndex);
    } else {
      const caller: LoadCaller = { tenant: NAMED_BY_INTRUDER, priority: 'critical' };
      send(kind, withHeader(predict(requestOf, caller, sampleIndex), header), sampleIndex);
    }
  };

  const every = (ms: number, act: () => void): void => {
    const again = () => {
      timers.delete(timer);
      if (nowMs() >= endMs) return;
      act();
      every(ms, act);
    };
    const timer = setTimeout(again, ms);
    timers.add(timer);
  };

  return {
    start() {
      every(EVERY_MS, probe);
      if (intrusions.length === 0) return;
      every(INTRUSION_EVERY_MS, () => {
        for (const one of intrusions) if (nowMs() >= one.fromMs && nowMs() < one.toMs) intrude(one);
      });
    },
    async stop() {
      for (const timer of timers) clearTimeout(timer);
      timers.clear();
      await lanes.stop();
    },
  };
};
