import type { InferenceBackend } from '../inference/backend.ts';
import type { Authenticate } from './authenticate.ts';
import type { DeployedModel } from './deployed-model.ts';
import type { GoogleApi } from './google-api.ts';

/** What one region of Vertex AI is made of. */
export interface VertexRegion {
  readonly projectId: string;
  /** Id of the one endpoint that the project has here. */
  readonly endpoint: string;
  /** Another endpoint, with a new version of the model. */
  readonly candidate?: string;
  readonly backend: InferenceBackend;
  readonly deployed: DeployedModel;
  readonly authenticate: Authenticate;
  /** Whether IAM lets the workload call a method; every method when left out. @param rpc e.g. `Predict` */
  readonly permits?: (rpc: string) => boolean;
}

/** A method of the endpoint resource. */
export interface VertexMethod {
  readonly api: GoogleApi;
  /** Name in the proto service, which errors print, e.g. `Predict`. */
  readonly rpc: string;
  /** What IAM asks the caller to have. */
  readonly permission: string;
  /** Answers a request that is let in and names this region's endpoint. What it throws becomes Vertex AI's error. */
  answer(request: Request, region: VertexRegion): Promise<Response>;
}

export const JSON_HEADERS = { 'content-type': 'application/json; charset=UTF-8' };
