import { type CloudDefinition, GLOBAL } from '../cloud/cloud.ts';
import { type IbmAccount, openAccount } from './account.ts';
import { dataplatform } from './services/dataplatform.ts';
import { iam } from './services/iam.ts';
import { watsonx } from './services/watsonx.ts';

const services = [iam, watsonx, dataplatform];

/** IBM Cloud: IAM, and in each region watsonx.ai and the platform that has its deployment spaces. */
export const ibm: CloudDefinition<IbmAccount> = {
  cloud: 'ibm',
  title: 'IBM Cloud',
  regions: ['us-south', 'eu-de'],
  services,
  open: (regions, dependencies) =>
    openAccount(
      services.map(({ spec }) => spec),
      regions,
      dependencies,
    ),
  environment(account, originOf) {
    const { apikey = '' } = account.credential;
    const [region] = account.regions;
    const space = region === undefined ? undefined : account.spaceIn(region);
    const iamOrigin = originOf(iam.spec.service, GLOBAL);
    return {
      IBMCLOUD_API_KEY: apikey,
      IBMCLOUD_IAM_API_ENDPOINT: iamOrigin,
      // Read by @ibm-cloud/watsonx-ai when it is given no authenticator.
      WATSONX_AI_AUTH_TYPE: 'iam',
      WATSONX_AI_APIKEY: apikey,
      WATSONX_AI_AUTH_URL: iamOrigin,
      ...(space
        ? {
            WATSONX_AI_URL: originOf(watsonx.spec.service, space.region),
            WATSONX_PLATFORM_URL: originOf(dataplatform.spec.service, space.region),
            WATSONX_SPACE_ID: space.id,
            WATSONX_DEPLOYMENT_ID: [...space.deployments.keys()][0] ?? '',
          }
        : {}),
    };
  },
};
