import { projectNumber, stableDigits } from './resource-names.ts';

/** What Vertex AI tells of the model that answered, beside its predictions. */
export interface DeployedModel {
  readonly deployedModelId: string;
  /** Resource name, with the project's number as Vertex AI prints it. */
  readonly model: string;
  readonly modelDisplayName: string;
  readonly modelVersionId: string;
}

/** The one model behind the endpoint of a region; its ids are the same in every run. */
export const describeDeployedModel = (projectId: string, region: string, endpoint: string, model: string): DeployedModel => ({
  deployedModelId: stableDigits(`deployed ${region} ${endpoint} ${model}`, 19),
  model: `projects/${projectNumber(projectId)}/locations/${region}/models/${stableDigits(`model ${region} ${model}`, 19)}`,
  modelDisplayName: model,
  modelVersionId: '1',
});
