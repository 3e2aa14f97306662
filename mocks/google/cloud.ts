import { type CloudDefinition, GLOBAL } from '../cloud/cloud.ts';
import type { CloudService } from '../cloud/service.ts';
import { AIPLATFORM, type GoogleAccount, openGoogleAccount } from './account.ts';
import { zonesOf } from './compute/names.ts';
import { toKeyFile } from './credential.ts';
import { aiplatform } from './services/aiplatform.ts';
import { cloudbilling } from './services/cloudbilling.ts';
import { compute } from './services/compute.ts';
import { kms } from './services/kms.ts';
import { metadata } from './services/metadata.ts';
import { oauth2 } from './services/oauth2.ts';
import { vision } from './services/vision.ts';

const services: readonly CloudService<GoogleAccount>[] = [aiplatform, compute, vision, kms, metadata, oauth2, cloudbilling];

/** Google Cloud: a project of its own, with one service account. README.md says how Google's clients are pointed at it. */
export const google: CloudDefinition<GoogleAccount> = {
  cloud: 'google',
  title: 'Google Cloud',
  regions: ['us-central1', 'europe-west4'],
  services,
  open: (regions, dependencies) =>
    openGoogleAccount(
      services.map(({ spec }) => spec),
      regions,
      dependencies,
    ),
  environment({ projectId, regions, tokens }, originOf) {
    const [region = 'us-central1'] = regions;
    return {
      GOOGLE_CLOUD_PROJECT: projectId,
      CLOUDSDK_CORE_PROJECT: projectId,
      GOOGLE_CLOUD_REGION: region,
      CLOUDSDK_COMPUTE_REGION: region,
      CLOUDSDK_COMPUTE_ZONE: zonesOf(region)[0] ?? '',
      // The name that Google's samples have for it.
      GOOGLE_CLOUD_ZONE: zonesOf(region)[0] ?? '',
      // Application default credentials: libraries that find no key file ask here for tokens.
      GCE_METADATA_HOST: new URL(originOf('metadata', region)).host,
      GCE_METADATA_ROOT: new URL(originOf('metadata', region)).host,
      // Python's google-auth looks here whether there is a metadata server at all.
      GCE_METADATA_IP: new URL(originOf('metadata', region)).host,
      // gcloud, by its own variables; client libraries take an endpoint as an option only.
      CLOUDSDK_API_ENDPOINT_OVERRIDES_AIPLATFORM: `${originOf(AIPLATFORM, region)}/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_COMPUTE: `${originOf('compute', GLOBAL)}/compute/v1/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_VISION: `${originOf('vision', GLOBAL)}/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDKMS: `${originOf('kms', region)}/`,
      CLOUDSDK_API_ENDPOINT_OVERRIDES_CLOUDBILLING: `${originOf('cloudbilling', GLOBAL)}/`,
      // The content of a key file, as Terraform and others read it.
      GOOGLE_CREDENTIALS: JSON.stringify(toKeyFile(tokens.credentials.published, `${originOf('oauth2', GLOBAL)}/token`)),
    };
  },
};
