import type { ArmError, ArmErrorBody } from './errors.ts';

/** A long-running operation, as its polling URL tells it. */
export interface AsyncOperation {
  readonly id: string;
  /** Region that it runs in. */
  readonly location: string;
  readonly startTime: string;
  readonly status: 'InProgress' | 'Succeeded' | 'Failed';
  readonly endTime?: string;
  readonly error?: ArmErrorBody;
}

/** Long-running operations of a resource provider. */
export interface AsyncOperations {
  /**
   * Begins one, which ends after its time.
   * @param end what it does then; the error that it gives makes the operation fail
   */
  start(location: string, durationMs: number, end: () => ArmError | undefined): AsyncOperation;
  find(id: string): AsyncOperation | undefined;
}

/** Operations that are remembered; past it the oldest is forgotten. */
const MAX_REMEMBERED = 1000;

/** What a client waits between two polls, seconds. Compute says 10 at Azure. */
export const POLL_AFTER_S = 1;

export const createAsyncOperations = (): AsyncOperations => {
  const operations = new Map<string, AsyncOperation>();

  return {
    start(location, durationMs, end) {
      const operation: AsyncOperation = {
        id: crypto.randomUUID(),
        location,
        startTime: new Date().toISOString(),
        status: 'InProgress',
      };
      operations.set(operation.id, operation);
      const [oldest] = operations.keys();
      if (operations.size > MAX_REMEMBERED && oldest !== undefined) operations.delete(oldest);
      setTimeout(() => {
        const error = end()?.body;
        const ended = { ...operation, endTime: new Date().toISOString() };
        operations.set(operation.id, error ? { ...ended, status: 'Failed', error } : { ...ended, status: 'Succeeded' });
      }, durationMs);
      return operation;
    },
    find: (id) => operations.get(id),
  };
};

/** The headers by which a client follows an operation. @param basePath of the provider's operations, e.g. `/subscriptions/…/operations` */
export const pollingHeaders = (requestUrl: string, basePath: string, operation: AsyncOperation, apiVersion: string) => {
  const url = `${new URL(requestUrl).origin}${basePath}/${operation.id}?api-version=${apiVersion}`;
  return {
    'azure-asyncoperation': url,
    location: `${url}&monitor=true`,
    'retry-after': `${POLL_AFTER_S}`,
  };
};

/** What the polling URL answers. */
export const statusResponse = (operation: AsyncOperation): Response => {
  const { id, location: _, ...status } = operation;
  return Response.json(
    { name: id, ...status },
    { headers: operation.status === 'InProgress' ? { 'retry-after': `${POLL_AFTER_S}` } : {} },
  );
};

/** What the `Location` of an operation answers: 202 until it has ended, then its outcome without a body. */
export const monitorResponse = (operation: AsyncOperation): Response => {
  if (operation.status === 'InProgress')
    return new Response(null, { status: 202, headers: { 'retry-after': `${POLL_AFTER_S}` } });
  return operation.error ? Response.json({ error: operation.error }, { status: 409 }) : new Response(null, { status: 200 });
};
