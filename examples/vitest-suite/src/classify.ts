import {
  InvokeEndpointCommand,
  SageMakerRuntimeClient,
  type SageMakerRuntimeClientConfig,
} from '@aws-sdk/client-sagemaker-runtime';

/** What the service under test is made with: credentials, and nothing that only a test would have. */
export type ClassifierConfig = Pick<SageMakerRuntimeClientConfig, 'credentials' | 'requestHandler'>;

export interface Classification {
  /** Digit, 0..9. */
  readonly label: number;
  readonly region: string;
}

/** Regions in the order in which they are asked. */
const REGIONS = ['us-east-1', 'eu-west-1'] as const;

/**
 * Reads a digit, in the second region when the first does not answer.
 * @param pixels 64 intensities, 0..16
 */
export const createClassifier = (config: ClassifierConfig) => {
  const clients = REGIONS.map((region) => ({
    region,
    client: new SageMakerRuntimeClient({ ...config, region, maxAttempts: 1 }),
  }));
  return async (pixels: readonly number[]): Promise<Classification> => {
    let failure: unknown;
    for (const { region, client } of clients) {
      try {
        const { Body } = await client.send(
          new InvokeEndpointCommand({
            EndpointName: 'digits',
            ContentType: 'application/json',
            Body: JSON.stringify({ instances: [pixels] }),
          }),
        );
        const { predictions } = JSON.parse(Body.transformToString()) as {
          readonly predictions: readonly { readonly label: number }[];
        };
        return { label: predictions[0]?.label ?? -1, region };
      } catch (error) {
        failure = error;
      }
    }
    throw failure;
  };
};
