import type { CloudDefinition } from '../cloud/cloud.ts';
import { type OracleAccount, openAccount } from './account.ts';
import { compute } from './services/compute.ts';
import { identity } from './services/identity.ts';
import { modelDeployment } from './services/model-deployment.ts';

const services = [compute, modelDeployment, identity];

/** Oracle Cloud Infrastructure: instances and a model deployment in each region, for who signs with the user's key. */
export const oracle: CloudDefinition<OracleAccount> = {
  cloud: 'oracle',
  title: 'Oracle Cloud Infrastructure',
  regions: ['us-ashburn-1', 'eu-frankfurt-1'],
  services,
  open: (regions, dependencies) =>
    openAccount(
      services.map(({ spec }) => spec),
      regions,
      dependencies,
    ),
  environment(account, originOf) {
    const { tenancy = '', user = '', fingerprint = '', privateKey = '' } = account.credential;
    const [name] = account.regions;
    const region = name === undefined ? undefined : account.regionOf(name);
    return {
      // Read by Oracle's CLI and its Terraform provider.
      OCI_CLI_TENANCY: tenancy,
      OCI_CLI_USER: user,
      OCI_CLI_FINGERPRINT: fingerprint,
      OCI_CLI_KEY_CONTENT: privateKey,
      ...(region
        ? {
            OCI_CLI_REGION: region.region,
            OCI_CLI_ENDPOINT: originOf(compute.spec.service, region.region),
            OCI_COMPUTE_ENDPOINT: originOf(compute.spec.service, region.region),
            OCI_IDENTITY_ENDPOINT: originOf(identity.spec.service, region.region),
            OCI_COMPARTMENT_ID: region.compartmentId,
            OCI_AVAILABILITY_DOMAIN: region.availabilityDomains[0] ?? '',
            OCI_SUBNET_ID: region.subnet.id,
            OCI_IMAGE_ID: region.images[0]?.id ?? '',
            OCI_MODEL_DEPLOYMENT_URL: `${originOf(modelDeployment.spec.service, region.region)}/${region.modelDeploymentId}/predict`,
          }
        : {}),
    };
  },
};
