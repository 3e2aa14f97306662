import { describe, expect, it } from 'vitest';
import { sutEnvironment } from '../../../harness/sut/environment.ts';
import { mintAccess } from '../../../harness/world/live/credentials.ts';
import { gatewayConfig, providersOf } from '../../../harness/world/live/endpoints.ts';
import { simPlan } from '../../support/sim-plan.ts';

const REGIONS = ['aws/eu-west-1', 'azure/eastus', 'google/us-central1', 'aws/us-east-1'] as const;

const plan = simPlan({ topology: { regions: [...REGIONS] } });

const environment = async () => {
  const accesses = await mintAccess(providersOf(plan.scenario.topology));
  const ids = plan.links.map(({ id }) => id);
  const config = gatewayConfig(plan, accesses, (id) => `http://127.0.0.1:${21_000 + ids.indexOf(id)}`);
  const files = new Map<string, string>();
  const credentials = new Map([...accesses].map(([name, { credential }]) => [name, credential]));
  const variables = sutEnvironment(config, credentials, (name, text) => {
    files.set(name, text);
    return `/run/${name}`;
  });
  return { variables, files, config, credentials };
};

describe('what a system under test is told by its environment', () => {
  it('has every link, by the name of its provider and region', async () => {
    const { variables, config } = await environment();
    expect(config.links.map(({ endpoint }) => endpoint)).toHaveLength(4);
    expect(variables).toMatchObject({
      SQUALL_MODEL: 'digits',
      SQUALL_ENDPOINT_AWS_EU_WEST_1: config.links[0]!.endpoint,
      SQUALL_ENDPOINT_AZURE_EASTUS: config.links[1]!.endpoint,
      SQUALL_ENDPOINT_GOOGLE_US_CENTRAL1: config.links[2]!.endpoint,
      SQUALL_ENDPOINT_AWS_US_EAST_1: config.links[3]!.endpoint,
    });
    expect(JSON.parse(variables.SQUALL_LINKS!)).toEqual(config.links);
  });

  it("has the SDKs' own names, of the region that comes first", async () => {
    const { variables, credentials, config } = await environment();
    const [aws, azure] = [credentials.get('aws'), credentials.get('azure')];
    expect(variables).toMatchObject({
      AWS_ENDPOINT_URL_SAGEMAKER_RUNTIME: config.links[0]!.endpoint,
      AWS_REGION: 'eu-west-1',
      AWS_ACCESS_KEY_ID: aws?.provider === 'aws' ? aws.accessKeyId : '',
      AZURE_CLIENT_SECRET: azure?.provider === 'azure' ? azure.clientSecret : '',
      AZUREML_SCORING_URI: `${config.links[1]!.endpoint}/score`,
      GOOGLE_APPLICATION_CREDENTIALS: '/run/google-credentials.json',
    });
  });

  it("gives Google's libraries a key file whose tokens are had from the run", async () => {
    const { files, config } = await environment();
    const key = JSON.parse(files.get('google-credentials.json')!);
    expect(key).toMatchObject({ type: 'service_account', token_uri: `${config.links[2]!.tokenEndpoint}/token` });
    expect(key.private_key).toContain('BEGIN PRIVATE KEY');
  });
});
