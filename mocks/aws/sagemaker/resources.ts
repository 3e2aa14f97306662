import type { InferenceBackend } from '../../inference/backend.ts';
import type { AsyncConfig, ContainerInput, EndpointConfigInput, VariantInput } from './inputs.ts';

export interface Model {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly containers: readonly ContainerInput[];
  /** Whether the caller gave one container as the primary one, or a list. */
  readonly isPipeline: boolean;
  readonly executionRoleArn: string | undefined;
  readonly isIsolated: boolean;
}

export interface EndpointConfig {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  readonly input: EndpointConfigInput;
}

export type EndpointStatus = 'Creating' | 'InService' | 'Updating' | 'Deleting' | 'Failed';

/** A variant that is deployed. */
export interface Variant {
  readonly name: string;
  readonly input: VariantInput;
  readonly image: string;
  /** Replaced when the number of instances changes. */
  backend: InferenceBackend;
  weight: number;
  desiredWeight: number;
  instanceCount: number;
  desiredInstanceCount: number;
}

export interface Endpoint {
  readonly name: string;
  readonly arn: string;
  readonly createdAt: Date;
  modifiedAt: Date;
  configName: string;
  status: EndpointStatus;
  variants: readonly Variant[];
  asyncConfig: AsyncConfig | undefined;
}
