import type { KmsRegion } from './region.ts';

/** One operation of KMS, on the keys of a region. */
export interface KmsOperation {
  /** ARN of the key that it is done with, for the words of a denial; `*` where there is none. */
  resourceOf?(input: Readonly<Record<string, unknown>>, keys: KmsRegion): string;
  /** @param input as the protocol reads it: to be validated @throws {AwsError} */
  run(input: Readonly<Record<string, unknown>>, keys: KmsRegion): unknown;
}
