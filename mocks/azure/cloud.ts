import { type CloudDefinition, GLOBAL } from '../cloud/cloud.ts';
import { type AzureAccount, openAccount, RESOURCE_GROUP, workspaceOf } from './account.ts';
import { compute } from './services/compute.ts';
import { entra } from './services/entra.ts';
import { instanceMetadata } from './services/instance-metadata.ts';
import { keyVault } from './services/key-vault.ts';
import { language } from './services/language.ts';
import { machineLearning } from './services/machine-learning.ts';
import { mlOnlineEndpoint } from './services/ml-online-endpoint.ts';
import { retailPrices } from './services/retail-prices.ts';
import { vision } from './services/vision.ts';

const services = [compute, instanceMetadata, mlOnlineEndpoint, machineLearning, vision, language, keyVault, entra, retailPrices];

/** Microsoft Azure: a subscription, and the services that it uses. */
export const azureCloud: CloudDefinition<AzureAccount> = {
  cloud: 'azure',
  title: 'Microsoft Azure',
  regions: ['eastus', 'westeurope'],
  services,
  open: (regions, dependencies) =>
    openAccount(
      services.map(({ spec }) => spec),
      regions,
      dependencies,
    ),

  standAt: ({ onlineEndpoints }, originOf) => onlineEndpoints.standAt((region) => originOf('ml-online-endpoint', region)),

  /** What `@azure/identity` reads, and beside it the names that Azure's own samples use for endpoints and keys. */
  environment(account, originOf) {
    const [region = ''] = account.regions;
    const { tenantId, clientId, clientSecret, endpointKey, subscriptionKey } = account.app.credentials.published;
    return {
      AZURE_TENANT_ID: tenantId,
      AZURE_CLIENT_ID: clientId,
      AZURE_CLIENT_SECRET: clientSecret,
      AZURE_SUBSCRIPTION_ID: account.subscriptionId,
      // Read by Azure's command line in place of --resource-group and --location ("Azure CLI configuration": AZURE_{section}_{name}).
      AZURE_DEFAULTS_GROUP: RESOURCE_GROUP,
      AZURE_DEFAULTS_LOCATION: region,
      // The name that the SDKs' samples and azd have for it.
      AZURE_RESOURCE_GROUP: RESOURCE_GROUP,
      // As Azure Machine Learning tells its jobs; azureml-core and MLflow's plug-in read them.
      AZUREML_ARM_SUBSCRIPTION: account.subscriptionId,
      AZUREML_ARM_RESOURCEGROUP: RESOURCE_GROUP,
      AZUREML_ARM_WORKSPACE_NAME: workspaceOf(region),
      AZURE_AUTHORITY_HOST: originOf('entra', GLOBAL),
      AZURE_POD_IDENTITY_AUTHORITY_HOST: originOf('instance-metadata', region),
      AZURE_RESOURCE_MANAGER_ENDPOINT: originOf('compute', region),
      // Read by azure-ai-ml of Python as the address of its control plane (1.35, azure/ai/ml/_utils/utils.py); read November 2026.
      AZUREML_DEV_URL_MFE: originOf('machine-learning', region),
      AZUREML_SCORING_URI: `${originOf('ml-online-endpoint', region)}/score`,
      AZUREML_ENDPOINT_KEY: endpointKey,
      VISION_ENDPOINT: originOf('vision', region),
      VISION_KEY: subscriptionKey,
      LANGUAGE_ENDPOINT: originOf('language', region),
      LANGUAGE_KEY: subscriptionKey,
      AZURE_KEYVAULT_URL: originOf('key-vault', region),
      AZURE_RETAIL_PRICES_ENDPOINT: originOf('retail-prices', GLOBAL),
    };
  },
};
