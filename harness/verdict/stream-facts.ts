import type { StreamAudit } from '../serving/stream/node.ts';
import type { Progress } from '../serving/stream/processor.ts';
import type { RunRecord } from '../world/world.ts';

/** What processors told of a stream. */
export interface StreamFacts {
  readonly progress: readonly (Progress & { readonly atMs: number })[];
  /** Events whose work is committed, and in no window and not late either, or in one too often. */
  readonly miscounted: number;
  readonly done: number;
}

const isStreamAudit = (audit: unknown): audit is StreamAudit => (audit as StreamAudit | null | undefined)?.stream !== undefined;

/** @returns undefined where the run has no stream, or it could not be asked */
export const streamFacts = ({
  nodeRecords = [],
  audits = {},
}: Pick<RunRecord, 'nodeRecords' | 'audits'>): StreamFacts | undefined => {
  const audit = Object.values(audits).find(isStreamAudit);
  if (!audit) return undefined;
  const { done, counted, late } = audit.stream;
  return {
    progress: nodeRecords.flatMap(({ atMs, record }) =>
      record.type === 'stream-progress' ? [{ ...(record as unknown as Progress), atMs }] : [],
    ),
    miscounted: Math.abs(done - counted - late),
    done,
  };
};
