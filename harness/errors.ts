/** What went wrong, as a word that programs can test. */
export type SquallErrorCode =
  | 'BAD_SCENARIO'
  | 'BAD_FLAG'
  | 'NOT_FOUND'
  | 'PORT_IN_USE'
  | 'EMULATOR_FAILED'
  | 'GATEWAY_FAILED'
  | 'SUT_FAILED'
  | 'NO_DOCKER'
  | 'CONTAINER_FAILED'
  | 'UNSUPPORTED'
  | 'BAD_EVIDENCE';

/** An error that the user can act on: what, where, and what would be right. Printed in one place, bin/, never with a stack. */
export class SquallError extends Error {
  override readonly name = 'SquallError';
  readonly code: SquallErrorCode;
  /** What would be right, one sentence. */
  readonly remedy: string | undefined;

  constructor(code: SquallErrorCode, message: string, remedy?: string) {
    super(message);
    this.code = code;
    this.remedy = remedy;
  }
}
