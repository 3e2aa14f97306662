import type { Json } from './canonical-json.ts';
import { canonicalJson } from './canonical-json.ts';
import { type AuditEntry, type Checkpoint, hashOf, NO_HASH, signedPart } from './chain.ts';
import { isSignedBy } from './signing-key.ts';

/** What somebody did to a log. */
export type FlawKind = 'changed' | 'removed' | 'inserted' | 'reordered' | 'truncated' | 'unsigned';

/** The first thing that is wrong. */
export interface AuditFlaw {
  readonly kind: FlawKind;
  /** In which file. */
  readonly file: 'entries' | 'checkpoints';
  /** From 1 on; one more than there are for what is missing at the end. */
  readonly line: number;
  /** A sentence. */
  readonly text: string;
}

export interface AuditVerdict {
  /** Null for a log that is whole. */
  readonly flaw: AuditFlaw | null;
  readonly entries: number;
  readonly checkpoints: number;
  /** Entries after the last checkpoint: nobody would see it if they were cut off. */
  readonly unsealed: number;
  /** The key that checkpoints were verified with, base64url; empty where there is none. */
  readonly publicKey: string;
  /** From the first and last entry, ISO 8601; empty where there is none. */
  readonly from: string;
  readonly to: string;
}

export interface VerifyOptions {
  /** Who must have signed. Left out: whoever the log names itself, which a forger can do as well. */
  readonly publicKey?: string;
  /** The log is still being written, or its writer was killed: it need not be closed. */
  readonly isOpen?: boolean;
}

const isObject = (value: unknown): value is Record<string, Json> =>
  typeof value === 'object' && value !== null && !Array.isArray(value);

/** The line as a value, if it is the one text of that value. */
const parse = (line: string): Record<string, Json> | null => {
  try {
    const value = JSON.parse(line) as unknown;
    return isObject(value) && canonicalJson(value) === line ? value : null;
  } catch {
    return null;
  }
};

const keysOf = (value: Record<string, Json>): string => Object.keys(value).sort().join();

const readEntry = (line: string): AuditEntry | null => {
  const value = parse(line);
  if (!value || keysOf(value) !== 'at,event,hash,prev,seq' || !isObject(value.event)) return null;
  const entry = value as unknown as AuditEntry;
  return hashOf(entry) === entry.hash ? entry : null;
};

const readCheckpoint = (line: string): Checkpoint | null => {
  const value = parse(line);
  return value && keysOf(value) === 'at,hash,isLast,number,prev,seq,signature' ? (value as unknown as Checkpoint) : null;
};

/** Lines of a file, each with its end; a last line without one is a flaw. */
const linesOf = (text: string): { readonly lines: readonly string[]; readonly isWhole: boolean } => {
  const lines = text.split('\n');
  const rest = lines.pop();
  return { lines: rest === '' ? lines : [...lines, rest!], isWhole: rest === '' };
};

const seqIn = (line: string): number | null => {
  const value = parse(line);
  return typeof value?.seq === 'number' ? value.seq : null;
};

/** What is wrong where an entry has another number than its place. */
const misplaced = (lines: readonly string[], at: number, seq: number): AuditFlaw => {
  const flaw = (kind: FlawKind, text: string): AuditFlaw => ({ kind, file: 'entries', line: at + 1, text });
  if (seq < at) return flaw('inserted', `Entry ${seq} stands here again, where entry ${at} is expected.`);
  const isLater = lines.slice(at + 1).some((line) => seqIn(line) === at);
  return isLater
    ? flaw('reordered', `Entry ${seq} stands before entry ${at}.`)
    : flaw('removed', `Entry ${at} is missing: entry ${seq} stands in its place.`);
};

const findInEntries = (lines: readonly string[], isWhole: boolean): AuditFlaw | readonly AuditEntry[] => {
  const entries: AuditEntry[] = [];
  for (const [at, line] of lines.entries()) {
    const flaw = (kind: FlawKind, text: string): AuditFlaw => ({ kind, file: 'entries', line: at + 1, text });
    if (at === lines.length - 1 && !isWhole) return flaw('truncated', 'The last line has no end.');
    const entry = readEntry(line);
    if (!entry) return flaw('changed', `Entry ${at} is not what was written: its text does not have its hash.`);
    if (entry.seq !== at) return misplaced(lines, at, entry.seq);
    if (entry.prev !== (entries.at(-1)?.hash ?? NO_HASH))
      return flaw('changed', `Entry ${at} does not follow the one before it: one of the two was written anew.`);
    entries.push(entry);
  }
  return entries;
};

const findInCheckpoints = async (
  lines: readonly string[],
  isWhole: boolean,
  entries: readonly AuditEntry[],
  publicKey: string,
): Promise<AuditFlaw | readonly Checkpoint[]> => {
  const checkpoints: Checkpoint[] = [];
  for (const [at, line] of lines.entries()) {
    const flaw = (kind: FlawKind, text: string, file: AuditFlaw['file'] = 'checkpoints', lineAt = at + 1): AuditFlaw => ({
      kind,
      file,
      line: lineAt,
      text,
    });
    if (at === lines.length - 1 && !isWhole) return flaw('truncated', 'The last line has no end.');
    const checkpoint = readCheckpoint(line);
    if (!checkpoint) return flaw('changed', `Checkpoint ${at + 1} is not what was written.`);
    if (!(await isSignedBy(publicKey, checkpoint.signature, signedPart(checkpoint)))) {
      return flaw('changed', `Checkpoint ${at + 1} has no good signature by the key ${publicKey}.`);
    }
    const before = checkpoints.at(-1);
    if (checkpoint.number !== at + 1 || checkpoint.prev !== (before?.signature ?? '')) {
      return flaw('removed', `Checkpoint ${checkpoint.number} stands where checkpoint ${at + 1} is expected.`);
    }
    const entry = entries[checkpoint.seq];
    if (!entry)
      return flaw(
        'truncated',
        `The log ends before entry ${entries.length}, and a checkpoint has signed for entry ${checkpoint.seq}.`,
        'entries',
        entries.length + 1,
      );
    if (entry.hash !== checkpoint.hash)
      return flaw(
        'changed',
        `Entry ${checkpoint.seq} is another than the one that checkpoint ${at + 1} has signed for.`,
        'entries',
        checkpoint.seq + 1,
      );
    checkpoints.push(checkpoint);
  }
  return checkpoints;
};

const isFlaw = (found: AuditFlaw | readonly unknown[]): found is AuditFlaw => !Array.isArray(found);

/**
 * Looks whether a log is what was written: every byte of every line, their order, and their end. Without `publicKey` it finds whatever was done to a
 * log but one that was written anew from its first entry on, with another key.
 * @param text the entries, @param checkpointText the checkpoints
 */
export const verifyAudit = async (text: string, checkpointText: string, options: VerifyOptions = {}): Promise<AuditVerdict> => {
  const entryLines = linesOf(text);
  const found = findInEntries(entryLines.lines, entryLines.isWhole);
  const entries = isFlaw(found) ? [] : found;
  const named = entries[0]?.event.publicKey;
  const publicKey = options.publicKey ?? (typeof named === 'string' ? named : '');
  const verdictOf = (flaw: AuditFlaw | null, checkpoints: readonly Checkpoint[]): AuditVerdict => ({
    flaw,
    entries: entryLines.lines.length,
    checkpoints: checkpoints.length,
    unsealed: entries.length - 1 - (checkpoints.at(-1)?.seq ?? -1),
    publicKey,
    from: entries[0]?.at ?? '',
    to: entries.at(-1)?.at ?? '',
  });
  if (isFlaw(found)) return verdictOf(found, []);
  if (entries.length === 0) return verdictOf({ kind: 'truncated', file: 'entries', line: 1, text: 'The log is empty.' }, []);
  if (entries[0]!.event.type !== 'begin')
    return verdictOf({ kind: 'removed', file: 'entries', line: 1, text: 'The log does not begin with its beginning.' }, []);
  const checkpointLines = linesOf(checkpointText);
  const checkpoints = await findInCheckpoints(checkpointLines.lines, checkpointLines.isWhole, entries, publicKey);
  if (isFlaw(checkpoints)) return verdictOf(checkpoints, []);
  const lastCheckpoint = checkpoints.at(-1);
  const isSealed = lastCheckpoint?.isLast === true && lastCheckpoint.seq === entries.length - 1;
  if (isSealed || (options.isOpen && lastCheckpoint?.isLast !== true)) return verdictOf(null, checkpoints);
  const end: AuditFlaw = lastCheckpoint?.isLast
    ? {
        kind: 'inserted',
        file: 'entries',
        line: lastCheckpoint.seq + 2,
        text: `The log was closed with entry ${lastCheckpoint.seq}, and goes on.`,
      }
    : {
        kind: 'truncated',
        file: 'checkpoints',
        line: checkpoints.length + 1,
        text: 'The log was not closed: entries after the last checkpoint may have been cut off.',
      };
  return verdictOf(end, checkpoints);
};
