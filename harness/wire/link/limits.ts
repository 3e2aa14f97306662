/** What one link of the wire holds at most. A limit reached is an event of the run with the limit's name. */
export interface WireLimits {
  /** Open connections on a link; one more is reset. A stack without time-outs piles them up while a fault swallows its requests. */
  readonly maxConnections: number;
  /** Length of a request body, bytes; a longer one is answered 413. The providers' own limits are below it (SageMaker 25 MB, 2026-07). */
  readonly maxBodyBytes: number;
}

export const WIRE_LIMITS: WireLimits = { maxConnections: 4096, maxBodyBytes: 32 * 1024 * 1024 };

/** A request body passed the limit of that name. */
export class BodyTooLarge extends Error {
  override readonly name = 'BodyTooLarge';
  constructor(maxBodyBytes: number) {
    super(`squall's wire takes request bodies up to ${maxBodyBytes} bytes (maxBodyBytes)`);
  }
}
