import type { AwsError } from '../errors.ts';

/** How a service's operations travel: one of AWS's protocols, with the service's names in it. */
export interface Protocol {
  /**
   * The service's own name of the operation that a request asks for; empty where it asks for none.
   * @param body the bytes that arrived
   */
  operationOf(request: Request, body: Uint8Array): string;
  /** @throws {AwsError} when the input cannot be read */
  inputOf(request: Request, body: Uint8Array): unknown;
  respond(operation: string, output: unknown, requestId: string): Response;
  /** An error in the protocol's shape, under the name and with the status that the service has for it. */
  fail(error: AwsError, requestId: string): Response;
}
