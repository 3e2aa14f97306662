const CLOUD_PLATFORM = 'https://www.googleapis.com/auth/cloud-platform';

/** A Google API, as far as authentication knows it. */
export interface GoogleApi {
  /** E.g. `aiplatform.googleapis.com`. */
  readonly service: string;
  /** One of these opens every method. */
  readonly scopes: readonly string[];
  /** What stands before the name of the service in its regional hosts, as in `us-central1-aiplatform.googleapis.com`; left out where it has none. */
  readonly regionalPrefix?: RegExp;
  /** The proto service, e.g. `google.cloud.aiplatform.v1.PredictionService`: the prefix of method names, and an audience of self-signed tokens. */
  readonly protoService: string;
}

/** Names of Google's regions, by their form: a part of the world, a direction or two, a number. */
const REGION =
  /^(?:africa|asia|australia|europe|me|northamerica|southamerica|us)-(?:north|south|central)?(?:east|west)?[1-9]\d?$/;

/** Source of the scopes: `google.api.oauth_scopes` in `prediction_service.proto` of @google-cloud/aiplatform 7.4. */
export const PREDICTION_API: GoogleApi = {
  service: 'aiplatform.googleapis.com',
  regionalPrefix: REGION,
  scopes: [CLOUD_PLATFORM, `${CLOUD_PLATFORM}.read-only`],
  protoService: 'google.cloud.aiplatform.v1.PredictionService',
};

/** The endpoints as resources, on the same hosts. Source of the scopes: `endpoint_service.proto` of the same package. */
export const ENDPOINT_API: GoogleApi = { ...PREDICTION_API, protoService: 'google.cloud.aiplatform.v1.EndpointService' };

/** Source of the scopes: `google.api.oauth_scopes` in googleapis `google/cloud/billing/v1/cloud_catalog.proto`. */
export const CATALOG_API: GoogleApi = {
  service: 'cloudbilling.googleapis.com',
  scopes: [
    CLOUD_PLATFORM,
    'https://www.googleapis.com/auth/cloud-billing',
    'https://www.googleapis.com/auth/cloud-billing.readonly',
  ],
  protoService: 'google.cloud.billing.v1.CloudCatalog',
};

/** Source of the scopes: `google.api.oauth_scopes` in `compute.proto` of @google-cloud/compute 7.8. */
export const COMPUTE_API: GoogleApi = {
  service: 'compute.googleapis.com',
  scopes: [CLOUD_PLATFORM, 'https://www.googleapis.com/auth/compute', 'https://www.googleapis.com/auth/compute.readonly'],
  protoService: 'google.cloud.compute.v1.Instances',
};

/** Source of the scopes: `google.api.oauth_scopes` in `image_annotator.proto` of @google-cloud/vision 6.1. */
export const VISION_API: GoogleApi = {
  service: 'vision.googleapis.com',
  regionalPrefix: /^(?:us|eu)$/,
  scopes: [CLOUD_PLATFORM, 'https://www.googleapis.com/auth/cloud-vision'],
  protoService: 'google.cloud.vision.v1.ImageAnnotator',
};

/** Source of the scopes: `google.api.oauth_scopes` in `service.proto` of @google-cloud/kms 6.3. */
export const KMS_API: GoogleApi = {
  service: 'cloudkms.googleapis.com',
  scopes: [CLOUD_PLATFORM, 'https://www.googleapis.com/auth/cloudkms'],
  protoService: 'google.cloud.kms.v1.KeyManagementService',
};
