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
    /** PKCS #8. */
    readonly privateKeyPem: string;
  };
  readonly azure: {
    readonly tenantId: string;
    readonly clientId: string;
    readonly clientSecret: string;
    readonly subscriptionId: string;
    readonly resourceGroup: string;
    readonly workspace: string;
    /** Key of the online endpoint. */
    readonly endpointKey: string;
    /** `Ocp-Apim-Subscription-Key` of the AI services. */
    readonly subscriptionKey: string;
  };
  readonly ibm: { readonly apikey: string };
  readonly oracle: Readonly<Record<string, string>>;
  readonly huggingface: Readonly<Record<string, string>>;
}
