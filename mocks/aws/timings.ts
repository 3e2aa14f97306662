/** How long things take that the account does by itself, milliseconds. */
export interface AwsTimings {
  /** An EC2 instance is pending. */
  readonly instancePendingMs: number;
  /** An EC2 instance is stopping, or shutting down. */
  readonly instanceStoppingMs: number;
  /** From the notice of a spot instance's interruption to the interruption. */
  readonly interruptionNoticeMs: number;
  /** A SageMaker endpoint is being created or updated. */
  readonly endpointProvisioningMs: number;
  /** A SageMaker endpoint is being deleted. */
  readonly endpointDeletingMs: number;
}

/**
 * The notice is AWS's: two minutes (EC2 user guide, "Best practices for EC2 Spot", read November 2026). All else takes AWS longer, from ten
 * seconds to minutes; here each state can be seen, and is not waited for longer than it takes to see it.
 */
export const DEFAULT_TIMINGS: AwsTimings = {
  instancePendingMs: 2000,
  instanceStoppingMs: 2000,
  interruptionNoticeMs: 120_000,
  endpointProvisioningMs: 3000,
  endpointDeletingMs: 1000,
};
