import { toxicKinds } from '../../wire/toxics/index.ts';
import { durationText, percent } from '../fit/text.ts';
import type { FaultDraft } from '../incident.ts';
import { isRecord, type JsonRecord } from '../records.ts';

/** A toxic as Toxiproxy's API has it. */
export interface ToxicSpec {
  readonly name: string;
  readonly type: string;
  readonly stream: 'upstream' | 'downstream';
  /** Share of the connections, 0..1. */
  readonly toxicity: number;
  readonly attributes: JsonRecord;
}

/** What a toxic is as a fault; or why it is none. */
export type ToxicFault =
  | { readonly fault: Pick<FaultDraft, 'kind' | 'settings' | 'probability'>; readonly note?: string }
  | { readonly why: string };

const numberOf = (attributes: JsonRecord, name: string): number => {
  const value = Number(attributes[name] ?? 0);
  return Number.isFinite(value) ? value : 0;
};

const partly = (toxicity: number) => (toxicity < 1 ? { probability: toxicity } : {});

/** Evenly from so much less to so much more: the standard deviation is the half width over the root of three. */
const latency = ({ attributes, toxicity }: ToxicSpec): ToxicFault => {
  const [delay, jitter] = [numberOf(attributes, 'latency'), numberOf(attributes, 'jitter')];
  if (delay <= 0 && jitter <= 0) return { why: 'a latency of 0 ms delays nothing' };
  const settings =
    jitter > 0
      ? {
          shape: 'jitter',
          distribution: 'uniform',
          delay: durationText(Math.max(1, delay)),
          jitter: durationText(jitter / Math.sqrt(3)),
        }
      : { shape: 'constant', delay: durationText(delay) };
  return { fault: { kind: 'latency-spike', settings, ...partly(toxicity) } };
};

const failing =
  (mode: 'blackhole' | 'reset') =>
  ({ toxicity }: ToxicSpec): ToxicFault => ({
    fault: {
      kind: 'region-outage',
      settings: toxicity < 1 ? { mode: 'partial', percent: percent(toxicity), failure: mode } : { mode },
    },
  });

/** What bytes suffer, squall's wire does to them as Toxiproxy does. */
const onBytes = ({ type, stream, attributes, toxicity }: ToxicSpec): ToxicFault => {
  const kind = toxicKinds.get(type);
  if (!kind) return { why: `squall has no toxic ${type}` };
  const parsed = kind.attributes.safeParse(attributes);
  if (!parsed.success) return { why: `its attributes are not those of ${type}: ${parsed.error.issues[0]?.message ?? 'unknown'}` };
  return {
    fault: { kind: 'toxic', settings: { type, stream, attributes }, ...partly(toxicity) },
    note: 'imported as kind toxic, which acts on bytes: the live world alone has it',
  };
};

/**
 * Toxics that are faults of squall's in both worlds; others are put on the bytes of connections, in live.
 * Source: github.com/Shopify/toxiproxy, README, "Toxics" (read 2026-11-27). A timeout stops all data, a reset_peer resets the connection.
 */
const faultOf: Readonly<Record<string, (toxic: ToxicSpec) => ToxicFault>> = {
  latency,
  timeout: failing('blackhole'),
  reset_peer: failing('reset'),
};

export const toxicFault = (toxic: ToxicSpec): ToxicFault =>
  toxic.toxicity === 0 ? { why: 'a toxicity of 0 touches no connection' } : (faultOf[toxic.type] ?? onBytes)(toxic);

/** A toxic out of JSON with Toxiproxy's defaults; what is wrong with it where it is none. */
export const readToxic = (value: unknown): ToxicSpec | string => {
  if (!isRecord(value)) return 'expected a toxic: an object with type and attributes';
  const { type, stream = 'downstream', toxicity = 1, attributes = {} } = value;
  if (typeof type !== 'string' || type === '') return 'the toxic has no type';
  if (stream !== 'upstream' && stream !== 'downstream')
    return `the toxic's stream is ${JSON.stringify(stream)}; expected upstream or downstream`;
  const share = Number(toxicity);
  if (!(share >= 0 && share <= 1)) return `the toxicity is ${JSON.stringify(toxicity)}; expected 0 to 1`;
  const name = typeof value.name === 'string' && value.name !== '' ? value.name : `${type}_${stream}`;
  return { name, type, stream, toxicity: share, attributes: isRecord(attributes) ? attributes : {} };
};
