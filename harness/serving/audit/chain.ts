import { sha256Hex } from '../../../mocks/shared/sha256.ts';
import { canonicalJson, type Json } from './canonical-json.ts';

/** One line of an audit log. */
export interface AuditEntry {
  /** From 0 on, without a gap. */
  readonly seq: number;
  /** ISO 8601, by the clock of who wrote it. */
  readonly at: string;
  readonly event: { readonly type: string; readonly [part: string]: Json };
  /** `hash` of the entry before; 64 zeros of the first. */
  readonly prev: string;
  /** SHA-256 of the rest of the entry as canonical JSON, hexadecimal. */
  readonly hash: string;
}

/** What the first entry follows. */
export const NO_HASH = '0'.repeat(64);

/** What an entry's hash has to be. */
export const hashOf = ({ seq, at, event, prev }: Omit<AuditEntry, 'hash'>): string =>
  sha256Hex(canonicalJson({ seq, at, event, prev }));

/** An entry as its line. */
export const lineOf = ({ seq, at, event, prev, hash }: AuditEntry): string => canonicalJson({ seq, at, event, prev, hash });

/** Says how far a log had come: whoever has one sees what is missing later. */
export interface Checkpoint {
  /** From 1 on, without a gap. */
  readonly number: number;
  /** Of the entry that it is about, the last of the log at that time. */
  readonly seq: number;
  readonly hash: string;
  readonly at: string;
  /** Nothing was written after it: the log was closed. */
  readonly isLast: boolean;
  /** `signature` of the checkpoint before; empty of the first. */
  readonly prev: string;
  /** Ed25519 over the rest as canonical JSON, base64url. */
  readonly signature: string;
}

/** What is signed of a checkpoint. */
export const signedPart = ({ number, seq, hash, at, isLast, prev }: Omit<Checkpoint, 'signature'>): Uint8Array<ArrayBuffer> =>
  new TextEncoder().encode(canonicalJson({ number, seq, hash, at, isLast, prev }));

export const checkpointLine = ({ number, seq, hash, at, isLast, prev, signature }: Checkpoint): string =>
  canonicalJson({ number, seq, hash, at, isLast, prev, signature });
