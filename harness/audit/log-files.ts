import { mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { SquallError } from '../errors.ts';
import type { DataAudit } from '../serving/data/node.ts';

/** A log in a file; its checkpoints and the public key of who signed them lie beside it. */
const ENDING = '.jsonl';
const CHECKPOINTS = '.checkpoints.jsonl';
const KEY = '.key';

/** Larger ones belong to no run of squall. */
const MAX_BYTES = 512 * 1024 * 1024;

const isAudit = (audit: unknown): audit is DataAudit => (audit as { type?: unknown } | null | undefined)?.type === 'data';

const textOf = (lines: readonly string[]): string => lines.map((line) => `${line}\n`).join('');

/**
 * Writes the audit logs of a run's nodes into a folder `audit` of the run's own, as the nodes had them: one a region.
 * @param audits by the ids of nodes, `stack/eu-west/data`
 * @returns the logs' paths; none where the run has no log
 */
export const keepAuditLogs = (folder: string, audits: Readonly<Record<string, unknown>>): readonly string[] =>
  Object.entries(audits).flatMap(([id, audit]) => {
    if (!isAudit(audit) || audit.entries === null) return [];
    const base = join(folder, 'audit', id.split('/')[1]!);
    mkdirSync(join(folder, 'audit'), { recursive: true });
    writeFileSync(`${base}${ENDING}`, textOf(audit.entries));
    writeFileSync(`${base}${CHECKPOINTS}`, textOf(audit.checkpoints));
    writeFileSync(`${base}${KEY}`, `${audit.publicKey}\n`);
    return [`${base}${ENDING}`];
  });

/** A log's files, as texts. */
export interface AuditFiles {
  readonly entries: string;
  readonly checkpoints: string;
  /** From the file beside it; undefined where there is none. */
  readonly publicKey: string | undefined;
}

const read = (path: string): string => {
  try {
    const { size } = statSync(path);
    if (size > MAX_BYTES) throw new Error(`it has ${size} bytes, above the limit of ${MAX_BYTES} (MAX_BYTES)`);
    return readFileSync(path, 'utf8');
  } catch (error) {
    throw new SquallError(
      'NOT_FOUND',
      `${path} can't be read: ${error instanceof Error ? error.message : error}.`,
      'Name the entries of an audit log, such as .squall/runs/<run>/audit/eu-west.jsonl; its checkpoints lie beside it.',
    );
  }
};

const readIfThere = (path: string): string | undefined => (statSync(path, { throwIfNoEntry: false }) ? read(path) : undefined);

/** @throws {SquallError} `NOT_FOUND` for files that cannot be read */
export const readAuditFiles = (path: string): AuditFiles => {
  if (!path.endsWith(ENDING) || path.endsWith(CHECKPOINTS)) {
    throw new SquallError(
      'BAD_FLAG',
      `${path} is not named as the entries of an audit log are.`,
      `Name a file that ends with ${ENDING}, and not with ${CHECKPOINTS}.`,
    );
  }
  const base = path.slice(0, -ENDING.length);
  return {
    entries: read(path),
    // A log without checkpoints is one whose end nobody has signed for: verifying it says so.
    checkpoints: readIfThere(`${base}${CHECKPOINTS}`) ?? '',
    publicKey: readIfThere(`${base}${KEY}`)?.trim(),
  };
};
