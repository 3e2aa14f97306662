import { assignId, BASE_URL, operationName } from './names.ts';

/** Why an operation failed, in the form of `Operation.error`. */
export interface OperationError {
  readonly code: string;
  readonly message: string;
  readonly errorDetails?: readonly unknown[];
}

/** The error of an operation, and the HTTP status that goes with it. */
export interface OperationFailure {
  readonly error: OperationError;
  readonly httpErrorStatusCode: number;
  readonly httpErrorMessage: string;
}

/** Something that is done to a resource of a zone, polled by its name. */
export interface ZoneOperation {
  readonly name: string;
  /** What it is found by too. */
  readonly id: string;
  readonly zone: string;
  /** The resource, as in polls. */
  describe(): Readonly<Record<string, unknown>>;
  finish(failure?: OperationFailure): void;
  /** Resolves when it is done. */
  readonly done: Promise<void>;
}

export interface OperationTarget {
  readonly projectId: string;
  readonly zone: string;
  /** Who asked for it; Google's own are `system`. */
  readonly user: string;
  readonly instance: string;
  readonly instanceId: string;
}

const now = (): string => new Date().toISOString();

/** @param operationType e.g. `insert`, `compute.instances.preempted` */
export const startOperation = (operationType: string, target: OperationTarget): ZoneOperation => {
  const { projectId, zone, user, instance, instanceId } = target;
  const name = operationName();
  const zoneUrl = `${BASE_URL}/projects/${projectId}/zones/${zone}`;
  const { promise: done, resolve } = Promise.withResolvers<void>();
  const id = assignId();
  const fixed = {
    kind: 'compute#operation',
    id,
    name,
    zone: zoneUrl,
    operationType,
    targetLink: `${zoneUrl}/instances/${instance}`,
    targetId: instanceId,
    user,
    insertTime: now(),
    startTime: now(),
    selfLink: `${zoneUrl}/operations/${name}`,
  };
  let state: Readonly<Record<string, unknown>> = { status: 'RUNNING', progress: 0 };
  return {
    name,
    id,
    zone,
    done,
    describe: () => ({ ...fixed, ...state }),
    finish(failure) {
      if (state.status === 'DONE') return;
      const failed = failure ? { ...failure, error: { errors: [failure.error] } } : {};
      state = { status: 'DONE', progress: 100, endTime: now(), ...failed };
      resolve();
    },
  };
};
