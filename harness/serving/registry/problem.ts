/** Why the registry did not do what it was asked, as clients see it. */
export type RefusalKind =
  | 'bad-request'
  | 'unauthorized'
  | 'not-found'
  | 'conflict'
  | 'not-leader'
  | 'unavailable'
  | 'digest-mismatch'
  | 'too-large';

/** A refusal with what a client can go by. */
export interface Refusal {
  readonly kind: RefusalKind;
  /** One sentence. */
  readonly detail: string;
  /** `not-leader`: region of the leader, where it is known. */
  readonly leader?: string | null;
  /** `conflict`: newest version of the model; 0 is none. */
  readonly newest?: number;
}

const STATUS: Readonly<Record<RefusalKind, number>> = {
  'bad-request': 400,
  unauthorized: 401,
  'not-found': 404,
  // RFC 9110, 15.5.13 and 15.5.20: the precondition does not hold; the request is for another.
  conflict: 412,
  'too-large': 413,
  'not-leader': 421,
  'digest-mismatch': 422,
  unavailable: 503,
};

/** As problem details (RFC 9457). */
export const refuse = (refusal: Refusal): Response =>
  Response.json(refusal, { status: STATUS[refusal.kind], headers: { 'content-type': 'application/problem+json' } });

/** @returns null where the answer is none of the registry's refusals */
export const readRefusal = (text: string): Refusal | null => {
  try {
    const refusal = JSON.parse(text) as Refusal;
    return typeof refusal.kind === 'string' && refusal.kind in STATUS ? refusal : null;
  } catch {
    return null;
  }
};

/** Thrown where a refusal is the way out of a step. */
export class Refused extends Error {
  override readonly name = 'Refused';
  readonly refusal: Refusal;

  constructor(refusal: Refusal) {
    super(refusal.detail);
    this.refusal = refusal;
  }
}
