import type { HostileCredential } from '../../identity/hostile-tokens.ts';

/** How the callers of a load know themselves to the system under test. Plain data: it crosses the worker boundary. Contains secrets. */
export interface LoadIdentity {
  /** Of the issuer, by the callers' own way to it: faults on the stack's way do not befall them. */
  readonly tokenEndpoint: string;
  readonly callers: readonly LoadClient[];
  /** What must open nothing, and is shown now and then; left out: it is not tried. */
  readonly hostile?: readonly HostileCredential[];
  /** Attempts of callers who are known on what is not theirs, by when. */
  readonly intrusions?: readonly Intrusion[];
}

/** A client of the issuer that the load calls as. */
export interface LoadClient {
  /** Empty for nobody in particular. */
  readonly tenant: string;
  readonly id: string;
  readonly secret: string;
}

/** Somebody does for a while what nobody may. Times are milliseconds after the measured timeline began. */
export interface Intrusion {
  readonly kind: 'stolen-token' | 'other-tenant' | 'other-model';
  /** Whose token is used. */
  readonly tenant: string;
  readonly fromMs: number;
  readonly toMs: number;
}

/** What became of one request that should get no answer. Times are milliseconds after the measured timeline began. */
export interface ProbeRecord {
  readonly kind: string;
  /** Path, or method of gRPC. */
  readonly path: string;
  readonly sentMs: number;
  readonly endMs: number;
  /** HTTP status, or what the status of gRPC maps to; 0 where there was none. */
  readonly status: number;
  /** It got what it asked for. */
  readonly isAnswered: boolean;
}
