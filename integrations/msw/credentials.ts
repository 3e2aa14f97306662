/** What a workload signs in with at each cloud, by the parts' own names. */
export interface CloudCredentials {
  readonly aws: {
    readonly accessKeyId: string;
    readonly secretAccessKey: string;
    readonly sessionToken?: string;
  };
  readonly google: {
    readonly projectId: string;
    readonly clientEmail: string;
    readonly privateKeyId: string;
    /** PKCS #8, PEM. */
    readonly privateKeyPem: string;
  };
  readonly azure: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly subscriptionId: string;
    readonly resourceGroup: string;
    /** Key of the online endpoint. */
    readonly endpointKey: string;
    /** `Ocp-Apim-Subscription-Key` of the AI services. */
    readonly subscriptionKey: string;
  };
  readonly ibm: { readonly apikey: string };
  readonly oracle: {
    /** OCID. */
    readonly tenancy: string;
    /** OCID. */
    readonly user: string;
    readonly fingerprint: string;
    /** PKCS #8, PEM. */
    readonly privateKey: string;
  };
  readonly huggingface: { readonly accessToken: string };
}
