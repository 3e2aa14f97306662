import type { Scenario } from '../scenario/scenario.ts';
import type { PublishRecord, ReadRecord } from '../serving/registry/client-node.ts';
import type { RegistryAudit, ReignRecord } from '../serving/registry/registry-node.ts';
import type { RunRecord, TimedNodeRecord } from '../world/world.ts';

/** A publish as it was seen; times in milliseconds after the measured timeline began. */
export interface PublishFact {
  readonly startMs: number;
  readonly endMs: number;
  /** Null where it was not acknowledged. */
  readonly version: number | null;
  /** Acknowledged, and no longer there when the run ended: its version is another's, or of its artifact no good copy is left. */
  readonly isLost: boolean;
}

export interface ReadFact {
  readonly startMs: number;
  readonly endMs: number;
  /** Told what to serve, and gave the bytes that were published. */
  readonly isGood: boolean;
  /** Told of an older version than one that had been acknowledged long before. */
  readonly isStale: boolean;
  /** Taken for what was published, and put there by whoever had a replica's disk. */
  readonly isTampered: boolean;
  /** Null where it told of none. */
  readonly version: number | null;
}

/** What happened to a run's registry. */
export interface RegistryFacts {
  readonly publishes: readonly PublishFact[];
  readonly reads: readonly ReadFact[];
  /** Who led from when on, in order of time. */
  readonly reigns: readonly { readonly atMs: number; readonly region: string }[];
  /** The region that is to lead when nothing is wrong. */
  readonly firstRegion: string;
  /** Artifacts that replicas had stored when the run ended, and those of them in the clear. */
  readonly stored: number;
  readonly inTheClear: number;
  /** Whether the registry could be looked at when the run ended: else nobody knows what is lost. */
  readonly wasAudited: boolean;
}

const REIGN: ReignRecord['type'] = 'registry-reign';

const isPublish = (record: TimedNodeRecord['record']): record is PublishRecord => record.type === 'registry-publish';
const isRead = (record: TimedNodeRecord['record']): record is ReadRecord => record.type === 'registry-read';

const isAudit = (audit: unknown): audit is RegistryAudit =>
  typeof audit === 'object' && audit !== null && (audit as { type?: unknown }).type === 'registry';

/** The replica that speaks for all: the one that leads, else the one with the latest reign and the longest log; of equals the first. */
const speakerOf = (audits: readonly RegistryAudit[]): RegistryAudit | undefined =>
  audits.toSorted((a, b) => Number(b.mayWrite) - Number(a.mayWrite) || b.epoch - a.epoch || b.lastIndex - a.lastIndex)[0];

/** Milliseconds, as seen by the world's own clock. */
const timesOf = ({ atMs, record }: TimedNodeRecord & { readonly record: { readonly tookMs: number } }) => ({
  startMs: atMs - record.tookMs,
  endMs: atMs,
});

/** The newest version that had been acknowledged at each moment, from acknowledgements in order of time. */
const newestBefore = (acknowledged: readonly { readonly endMs: number; readonly version: number }[], atMs: number): number =>
  acknowledged.reduce((newest, one) => (one.endMs <= atMs ? Math.max(newest, one.version) : newest), 0);

/** @returns null where the scenario has no registry */
export const registryFacts = ({ registry }: Scenario, record: RunRecord): RegistryFacts | null => {
  if (!registry) return null;
  const audits = Object.values(record.audits ?? {}).filter(isAudit);
  const speaker = speakerOf(audits);
  const held = new Map(speaker?.versions ?? []);
  const good = new Set(audits.flatMap((audit) => audit.good));
  const tampered = new Set(audits.flatMap((audit) => audit.tampered));
  const seen = record.nodeRecords ?? [];
  const publishes = seen.flatMap((one): readonly PublishFact[] => {
    if (!isPublish(one.record)) return [];
    const { version, digest } = one.record;
    const isThere = version !== null && held.get(version) === digest && good.has(digest);
    return [
      { ...timesOf({ ...one, record: one.record }), version, isLost: version !== null && speaker !== undefined && !isThere },
    ];
  });
  const acknowledged = publishes.flatMap(({ endMs, version }) => (version === null ? [] : [{ endMs, version }]));
  const reads = seen.flatMap((one): readonly ReadFact[] => {
    if (!isRead(one.record)) return [];
    const times = timesOf({ ...one, record: one.record });
    const { version, isGood, digest } = one.record;
    const isStale = version !== null && version < newestBefore(acknowledged, times.startMs - registry.staleAfterMs);
    return [{ ...times, isGood, isStale, isTampered: tampered.has(digest), version }];
  });
  // `stack/us-east/registry`: the region stands second.
  const reigns = seen.flatMap(({ atMs, nodeId, record: { type } }) =>
    type === REIGN ? [{ atMs, region: nodeId.split('/')[1]! }] : [],
  );
  const sum = (of: 'stored' | 'inTheClear') => audits.reduce((total, audit) => total + audit[of], 0);
  return {
    publishes,
    reads,
    reigns,
    firstRegion: registry.regions[0]!,
    stored: sum('stored'),
    inTheClear: sum('inTheClear'),
    wasAudited: speaker !== undefined,
  };
};
